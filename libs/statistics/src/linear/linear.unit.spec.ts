import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { leastSquares } from './least-squares.js';
import { cholesky, solvePositiveDefinite, symmetricEigen, symmetricInverseSquareRoot } from './symmetric.js';

/** Longley (1967), JASA 62: seven columns that nearly depend on each other; the certified values are NIST's. */
const LONGLEY = [
  [60323, 83, 234289, 2356, 1590, 107608, 1947],
  [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
  [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
  [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
  [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
  [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
  [64989, 99, 365385, 1870, 3547, 115094, 1953],
  [63761, 100, 363112, 3578, 3350, 116219, 1954],
  [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
  [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
  [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
  [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
  [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
  [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
  [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
  [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
];

const positiveDefinite = fc
  .array(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }), {
    minLength: 3,
    maxLength: 3,
  })
  .map((rows) => {
    const root = new Matrix(rows);
    return root.mmul(root.transpose()).add(Matrix.eye(3));
  });

const distance = (one: Matrix, other: Matrix): number => Matrix.sub(one, other).norm();

describe('leastSquares', () => {
  it("keeps the digits of Longley's nearly dependent columns", () => {
    const fit = leastSquares(
      new Matrix(LONGLEY.map(([, ...predictors]) => [1, ...predictors])),
      LONGLEY.map(([outcome = 0]) => outcome),
    );
    if (!fit) throw new Error('not identified');
    const certified = [
      -3482258.6345958, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359,
      -0.0511041056535807, 1829.15146461355,
    ];
    fit.coefficients.forEach((value, index) => {
      expect(value / (certified[index] ?? 0)).toBeCloseTo(1, 7);
    });
    const sigma = Math.sqrt(fit.residuals.reduce((sum, value) => sum + value * value, 0) / 9);
    expect(sigma).toBeCloseTo(304.854073561965, 6);
  });

  it('sees that columns depend on each other', () => {
    const dependent = [1, 2, 3, 4].map((x) => [1, x, 2 * x + 1]);
    expect(leastSquares(new Matrix(dependent), [1, 2, 3, 5])).toBeUndefined();
  });
});

describe('symmetric matrices', () => {
  it('come back from their decompositions', () => {
    fc.assert(
      fc.property(positiveDefinite, (matrix) => {
        const { values, vectors } = symmetricEigen(matrix);
        expect(distance(vectors.mmul(Matrix.diag([...values])).mmul(vectors.transpose()), matrix)).toBeLessThan(1e-11);
        const root = symmetricInverseSquareRoot(matrix);
        expect(distance(root.mmul(matrix).mmul(root), Matrix.eye(3))).toBeLessThan(1e-11);
        const lower = cholesky(matrix);
        expect(lower && distance(lower.mmul(lower.transpose()), matrix)).toBeLessThan(1e-11);
        const solved = solvePositiveDefinite(matrix, Matrix.eye(3));
        expect(solved && distance(matrix.mmul(solved), Matrix.eye(3))).toBeLessThan(1e-11);
      }),
    );
  });

  it('that are not positive definite have no Cholesky root, and lose only their empty directions in the inverse root', () => {
    const flat = new Matrix([
      [4, 0],
      [0, 0],
    ]);
    expect(cholesky(flat)).toBeUndefined();
    expect(solvePositiveDefinite(flat, Matrix.eye(2))).toBeUndefined();
    expect(symmetricInverseSquareRoot(flat).to2DArray()).toEqual([
      [0.5, 0],
      [0, 0],
    ]);
  });
});
