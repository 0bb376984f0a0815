import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { clusterRobustEstimate, type ClusterRobustInput } from './cr2.js';

const SMALL = {
  values: [
    0.25, -0.5, 0, 0.25, 0.5, 0.75, -0.25, 0, 0.25, -0.25, 0.5, 0.25, 0.5, 1, 0, 0.25, 0.75, -0.25, 0.5, 0.25,
  ],
  clusters: [...'aaaabbcccccdddeeffff'],
};

/** The formulas as the papers print them, with n x n matrices: slow and independent of the implementation. */
const byTheBook = ({ design, outcome, clusters, contrast }: ClusterRobustInput) => {
  const x = new Matrix(design as number[][]);
  const y = Matrix.columnVector(outcome as number[]);
  const m = inverse(x.transpose().mmul(x));
  const rest = Matrix.eye(outcome.length).sub(x.mmul(m).mmul(x.transpose()));
  const e = rest.mmul(y);
  const along = x.mmul(m).mmul(Matrix.columnVector(contrast as number[]));
  const weights = [...new Set(clusters)].map((cluster) => {
    const rows = clusters.flatMap((label, row) => (label === cluster ? [row] : []));
    const { eigenvectorMatrix: q, realEigenvalues } = new EigenvalueDecomposition(
      rest.selection(rows, rows),
      {
        assumeSymmetric: true,
      },
    );
    const root = q
      .mmul(Matrix.diag(realEigenvalues.map((value) => 1 / Math.sqrt(value))))
      .mmul(q.transpose());
    const u = root.mmul(along.selection(rows, [0]));
    return rest.selection([...outcome.keys()], rows).mmul(u);
  });
  const p = weights.map((a) => weights.map((b) => a.dot(b)));
  const trace = p.reduce((sum, row, index) => sum + row[index]!, 0);
  return {
    estimate: m
      .mmul(x.transpose())
      .mmul(y)
      .dot(Matrix.columnVector(contrast as number[])),
    standardError: Math.sqrt(weights.reduce((sum, weight) => sum + y.dot(weight) ** 2, 0)),
    df: trace ** 2 / p.flat().reduce((sum, value) => sum + value ** 2, 0),
    e,
  };
};

const estimated = (input: ClusterRobustInput) => {
  const result = clusterRobustEstimate(input);
  if (!result.estimable) throw new Error(result.because);
  return result;
};

describe('clusterRobustEstimate', () => {
  it('agrees with clubSandwich 0.5.8 on arms inside clusters beside a covariate', () => {
    const result = estimated({
      design: SMALL.values.map((_, row) => [1, row % 2, ((row + 1) % 7) / 7]),
      outcome: SMALL.values,
      clusters: SMALL.clusters,
      contrast: [0, 1, 0],
    });
    expect(result.estimate).toBeCloseTo(-0.142105263157894, 12);
    expect(result.standardError).toBeCloseTo(0.196125647949278, 12);
    expect(result.df).toBeCloseTo(4.43781885053472, 10);
    expect(result.pValue).toBeCloseTo(0.50509006355923, 10);
    expect(result).toMatchObject({ observations: 20, clusters: 6 });
  });

  it('agrees with the formulas written out in full for any design that is estimable', () => {
    const rows = fc.array(
      fc.record({
        arm: fc.integer({ min: 0, max: 1 }),
        covariate: fc.integer({ min: -5, max: 5 }),
        value: fc.integer({ min: -8, max: 8 }),
        cluster: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      }),
      { minLength: 6, maxLength: 25 },
    );
    fc.assert(
      fc.property(rows, (people) => {
        const input = {
          design: people.map((one) => [1, one.arm, one.covariate]),
          outcome: people.map((one) => one.value),
          clusters: people.map((one) => one.cluster),
          contrast: [0, 1, 0.5],
        };
        const result = clusterRobustEstimate(input);
        if (!result.estimable) return;
        const book = byTheBook(input);
        fc.pre([book.standardError, book.df].every(Number.isFinite));
        expect(result.estimate).toBeCloseTo(book.estimate, 8);
        expect(result.standardError).toBeCloseTo(book.standardError, 6);
        expect(result.df).toBeCloseTo(book.df, 5);
      }),
      { numRuns: 300 },
    );
  });

  it('never gives a figure that is not finite', () => {
    const value = fc.oneof(
      fc.constant(0),
      fc.double({ min: -1e150, max: 1e150, noNaN: true }),
      fc.integer({ min: 0, max: 1 }),
    );
    const rows = fc.array(fc.tuple(value, fc.integer({ min: 0, max: 1 }), fc.constantFrom('a', 'b', 'c')), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (people) => {
        const result = clusterRobustEstimate({
          design: people.map(([, arm]) => [1, arm]),
          outcome: people.map(([outcome]) => outcome),
          clusters: people.map(([, , cluster]) => cluster),
          contrast: [0, 1],
        });
        const figures = Object.values(result).filter((figure) => typeof figure === 'number');
        expect(figures.every(Number.isFinite)).toBe(true);
        if (result.estimable) {
          expect(result.standardError).toBeGreaterThan(0);
          expect(result.df).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of people or the names of clusters, and follows the unit of the outcome', () => {
    const people = SMALL.values.map((value, row) => ({ value, cluster: SMALL.clusters[row]!, arm: row % 2 }));
    const of = (list: typeof people, factor = 1) =>
      estimated({
        design: list.map((one) => [1, one.arm]),
        outcome: list.map((one) => one.value * factor),
        clusters: list.map((one) => `x${one.cluster}`),
        contrast: [0, 1],
      });
    const [there, back, scaled] = [of(people), of([...people].reverse()), of(people, 1e6)];
    expect(back.standardError).toBeCloseTo(there.standardError, 13);
    expect(back.df).toBeCloseTo(there.df, 10);
    expect(scaled.standardError / 1e6).toBeCloseTo(there.standardError, 12);
    expect(scaled.df).toBeCloseTo(there.df, 10);
    expect(scaled.pValue).toBeCloseTo(there.pValue, 12);
  });

  it('says why degenerate data carry no estimate', () => {
    const of = (design: number[][], outcome: number[], clusters: string[]) =>
      clusterRobustEstimate({
        design,
        outcome,
        clusters,
        contrast: design[0]?.map((_, i) => Number(i > 0)) ?? [1],
      });
    const arms = [
      [1, 0],
      [1, 0],
      [1, 1],
      [1, 1],
    ];
    expect(of(arms.slice(0, 2), [1, 2], ['a', 'b'])).toEqual({
      estimable: false,
      because: 'too-few-observations',
    });
    expect(
      of(
        [
          [1, 0],
          [1, 0],
          [1, 0],
        ],
        [1, 2, 3],
        ['a', 'b', 'c'],
      ),
    ).toEqual({ estimable: false, because: 'not-identified' });
    expect(of(arms, [1, 1, 2, 2], ['a', 'b', 'c', 'd'])).toEqual({
      estimable: false,
      because: 'no-variation',
    });
    expect(of(arms, [0, 0, 0, 0], ['a', 'b', 'c', 'd'])).toEqual({
      estimable: false,
      because: 'no-variation',
    });
    expect(of(arms, [1, 2, 3, 5], ['a', 'a', 'a', 'a'])).toEqual({
      estimable: false,
      because: 'too-few-clusters',
    });
    expect(of(arms, [1, 2, 3, 5], ['a', 'b', 'c', 'c'])).toEqual({
      estimable: false,
      because: 'too-few-clusters',
    });
    expect(of([], [], [])).toEqual({ estimable: false, because: 'too-few-observations' });
  });

  it('refuses malformed input by name', () => {
    const good: ClusterRobustInput = {
      design: [[1], [1], [1]],
      outcome: [1, 2, 4],
      clusters: ['a', 'b', 'c'],
      contrast: [1],
    };
    expect(() => clusterRobustEstimate({ ...good, outcome: [1, Number.NaN, 2] })).toThrow(
      'outcome[1] must be a finite number',
    );
    expect(() => clusterRobustEstimate({ ...good, outcome: [1, 2] })).toThrow(
      'design has 3 entries and outcome 2',
    );
    expect(() => clusterRobustEstimate({ ...good, clusters: ['a'] })).toThrow(
      'clusters has 1 entries and outcome 3',
    );
    expect(() => clusterRobustEstimate({ ...good, design: [[1], [1, 2], [1]] })).toThrow(
      'design[1] has 2 entries',
    );
    expect(() => clusterRobustEstimate({ ...good, design: [[1], [Infinity], [1]] })).toThrow(
      'design[1][0] must be',
    );
    expect(() => clusterRobustEstimate({ ...good, level: 1 })).toThrow('level must be between 0 and 1');
    expect(() => clusterRobustEstimate({ ...good, contrast: [] })).toThrow(
      'contrast must have at least one weight',
    );
  });
});
