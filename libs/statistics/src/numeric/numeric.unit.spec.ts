import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { minimise, minimiseSimplex } from './minimum.js';
import { findRoot } from './root.js';

describe('findRoot', () => {
  it('finds the root of a line wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e4, max: 1e4, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (root, slope) => {
          expect(findRoot((x) => slope * (x - root), -1, 1)).toBeCloseTo(root, 9);
          expect(findRoot((x) => -((x - root) ** 3), -1, 1)).toBeCloseTo(root, 3);
        },
      ),
    );
  });

  it('keeps a steep and a flat function apart from their brackets', () => {
    expect(findRoot((x) => Math.exp(x) - 2, -50, 50)).toBeCloseTo(Math.LN2, 12);
    expect(findRoot((x) => Math.cos(x) - x, 0, 1)).toBeCloseTo(0.739085133215161, 13);
  });

  it('says when there is none', () => {
    expect(() => findRoot((x) => x * x + 1, -1, 1, { least: -10, most: 10 })).toThrow('no root');
    expect(() => findRoot(() => Number.NaN, -1, 1)).toThrow('the function gave NaN');
    expect(() => findRoot((x) => x, 1, 1)).toThrow('low must be below high');
  });
});

describe('minimise', () => {
  it('finds the dip of a function of one argument, at the border too', () => {
    const cosh = minimise((x) => Math.cosh(x - 1.25), -10, 10);
    expect(cosh).toMatchObject({ converged: true });
    expect(cosh.at).toBeCloseTo(1.25, 7);
    expect(minimise((x) => x, 2, 5).at).toBeCloseTo(2, 7);
  });
});

describe('minimiseSimplex', () => {
  it('walks the valley of Rosenbrock to its end', () => {
    const found = minimiseSimplex(
      ([x = 0, y = 0]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      [-1.2, 1],
    );
    expect(found.converged).toBe(true);
    expect(found.at[0]).toBeCloseTo(1, 5);
    expect(found.at[1]).toBeCloseTo(1, 5);
  });

  it('takes what is not finite for worse than any value', () => {
    const found = minimiseSimplex(([x = 0]) => (x <= 0 ? Number.NaN : x - Math.log(x)), [3]);
    expect(found.at[0]).toBeCloseTo(1, 5);
  });

  it('says when the steps run out', () => {
    expect(minimiseSimplex(([x = 0]) => -x, [0], { mostSteps: 20 }).converged).toBe(false);
  });
});
