import { describe, expect, it } from '@jest/globals';
import { Matrix } from 'ml-matrix';
import { positiveDefinite } from '../linear/positive-definite.js';
import { gradientOf, hessianOf } from './derivatives.js';
import { gaussLegendre } from './gauss-legendre.js';
import { minimiseSmooth } from './quasi-newton.js';

const valley = (point: readonly number[]): number => {
  const [x = 0, y = 0] = point;
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
};

describe('minimiseSmooth', () => {
  it('finds the end of a bent valley (Rosenbrock)', () => {
    const end = minimiseSmooth(valley, [-1.2, 1]);
    expect(end.converged).toBe(true);
    end.point.forEach((x) => expect(x).toBeCloseTo(1, 6));
  });

  it('says when its steps ran out', () => {
    expect(minimiseSmooth(valley, [-1.2, 1], { maxSteps: 3 }).converged).toBe(false);
  });
});

describe('derivatives', () => {
  it('are those of calculus', () => {
    const [byX, byY] = gradientOf(([x = 0, y = 0]) => Math.exp(x) * Math.sin(y), [0.3, 0.7], 1e-3);
    expect(byX).toBeCloseTo(Math.exp(0.3) * Math.sin(0.7), 9);
    expect(byY).toBeCloseTo(Math.exp(0.3) * Math.cos(0.7), 9);
    const cubic = ([x = 0, y = 0]: readonly number[]) => [3 * x * x * y, x ** 3];
    const [[xx, xy], [yx]] = hessianOf(cubic, [2, 5], 1e-3) as [number[], number[]];
    expect([xx, xy, yx]).toEqual([expect.closeTo(60, 6), expect.closeTo(12, 6), expect.closeTo(12, 6)]);
  });
});

describe('gaussLegendre', () => {
  it('is exact for polynomials of degree 2n - 1', () => {
    const { nodes, weights } = gaussLegendre(5, -1, 3);
    const integral = nodes.reduce((sum, x, at) => sum + weights[at]! * x ** 9, 0);
    expect(integral / ((3 ** 10 - 1) / 10)).toBeCloseTo(1, 12);
    expect(gaussLegendre(120, 0, 7).weights.reduce((sum, one) => sum + one, 0)).toBeCloseTo(7, 10);
  });
});

describe('positiveDefinite', () => {
  it('solves, inverts and has the determinant, from the lower triangle alone', () => {
    const factored = positiveDefinite(new Matrix([[4, 99], [2, 3]]))!;
    expect(Math.exp(factored.logDeterminant)).toBeCloseTo(8, 12);
    expect(factored.solve(Matrix.columnVector([8, 7])).to1DArray()).toEqual([expect.closeTo(1.25, 12), expect.closeTo(1.5, 12)]);
    expect(factored.inverse().get(0, 1)).toBeCloseTo(-0.25, 12);
  });

  it('refuses what is not', () => {
    expect(positiveDefinite(new Matrix([[1, 2], [2, 4]]))).toBeUndefined();
    expect(positiveDefinite(new Matrix([[-1]]))).toBeUndefined();
  });
});
