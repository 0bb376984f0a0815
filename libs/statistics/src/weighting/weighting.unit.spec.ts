import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { effectiveSize, weightedMean } from './effective-size.js';
import { rake, type Margin } from './raking.js';
import { trimWeights } from './trimming.js';

const sex: Margin = { name: 'sex', categories: [...'ffffffmmmm'], targets: { f: 50, m: 50 } };
const age: Margin = { name: 'age', categories: [...'yyyooyyooo'], targets: { y: 0.3, o: 0.7 } };

const estimated = <T extends { estimable: boolean }>(result: T): Extract<T, { estimable: true }> => {
  if (!result.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};
const share = (weights: readonly number[], margin: Margin, category: string) =>
  weights.reduce((sum, weight, row) => sum + (margin.categories[row] === category ? weight : 0), 0) / weights.length;

describe('rake', () => {
  it('meets every margin with a mean weight of 1', () => {
    const { weights, method } = estimated(rake([sex, age]));
    expect(method).toBe('raking');
    expect(share(weights, sex, 'f')).toBeCloseTo(0.5, 9);
    expect(share(weights, age, 'y')).toBeCloseTo(0.3, 9);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(10, 9);
  });

  it('is post-stratification with one margin', () => {
    const { weights, effectiveN, designEffect } = estimated(rake([sex]));
    weights.forEach((weight, row) => expect(weight).toBeCloseTo(row < 6 ? 5 / 6 : 5 / 4, 10));
    expect(effectiveN).toBeCloseTo(100 / (6 * (5 / 6) ** 2 + 4 * (5 / 4) ** 2), 10);
    expect(designEffect).toBeCloseTo(10 / effectiveN, 10);
  });

  it('keeps the odds ratio of the start, whatever the order of margins (Deming & Stephan)', () => {
    const count = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.tuple(count, count, count, count), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (cells, f, y) => {
        const rows = ['fy', 'fo', 'my', 'mo'].flatMap((cell, at) => Array<string>(cells[at]!).fill(cell));
        const margins: Margin[] = [
          { name: 'sex', categories: rows.map((row) => row[0]!), targets: { f, m: 5 } },
          { name: 'age', categories: rows.map((row) => row[1]!), targets: { y, o: 5 } },
        ];
        const [there, back] = [margins, [...margins].reverse()].map((list) => estimated(rake(list)).weights);
        there!.forEach((weight, row) => expect(weight).toBeCloseTo(back![row]!, 6));
        const cell = (name: string) => there!.reduce((sum, weight, row) => sum + (rows[row] === name ? weight : 0), 0);
        const [a, b, c, d] = cells;
        expect((cell('fy') * cell('mo')) / (cell('fo') * cell('my')) / ((a * d) / (b * c))).toBeCloseTo(1, 5);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps weights within bounds and still meets the margins', () => {
    const free = estimated(rake([sex, age]));
    const largest = Math.max(...free.weights) * 0.97;
    const bounded = estimated(rake([sex, age], { largest, tolerance: 1e-8, maxRounds: 20000 }));
    expect(Math.max(...bounded.weights)).toBeLessThanOrEqual(largest * (1 + 1e-6));
    expect(share(bounded.weights, age, 'y')).toBeCloseTo(0.3, 6);
    expect(bounded.trimmed).toBeGreaterThan(0);
  });

  it('names the margin that nobody answered for, or that cannot be met', () => {
    const origin: Margin = { name: 'origin', categories: [...'hhhhhhhhhh'], targets: { h: 0.9, migrant: 0.1 } };
    expect(rake([sex, origin])).toEqual({ estimable: false, because: 'all-missing', margin: 'origin', category: 'migrant' });
    const same: Margin = { ...sex, name: 'same again', targets: { f: 60, m: 40 } };
    expect(rake([sex, same])).toMatchObject({ estimable: false, because: 'did-not-converge', margin: 'sex' });
    expect(rake([sex], { largest: 1.1 })).toMatchObject({ because: 'did-not-converge', margin: 'sex' });
    expect(rake([])).toEqual({ estimable: false, because: 'too-few-observations' });
  });

  it('refuses malformed input by name', () => {
    expect(() => rake([{ ...sex, targets: { f: 1 } }])).toThrow('margin sex has no target for "m", the category of row 6');
    expect(() => rake([{ ...sex, targets: { f: 1, m: -1 } }])).toThrow('targets of sex[1] must not be negative');
    expect(() => rake([sex], { start: [1] })).toThrow('start has 1 entries and categories 10');
    expect(() => rake([sex], { largest: 1 })).toThrow('largest must be above 1');
  });
});

describe('effectiveSize', () => {
  it('is n for equal weights, in any unit, and less for others', () => {
    expect(estimated(effectiveSize([3, 3, 3])).effectiveN).toBeCloseTo(3, 12);
    expect(estimated(effectiveSize([1, 1, 2])).effectiveN).toBeCloseTo(16 / 6, 12);
    expect(estimated(effectiveSize([1e-200, 1e-200, 2e-200])).effectiveN).toBeCloseTo(16 / 6, 12);
    expect(effectiveSize([0, 0])).toEqual({ estimable: false, because: 'zero-total' });
    expect(effectiveSize([])).toEqual({ estimable: false, because: 'zero-total' });
    expect(() => effectiveSize([1, -2])).toThrow('weights[1] must not be negative, but is -2');
  });
});

describe('weightedMean', () => {
  it('is Student without weights', () => {
    const values = [3, 5, 4, 8, 1];
    const result = estimated(weightedMean(values, [2, 2, 2, 2, 2]));
    expect(result.estimate).toBeCloseTo(4.2, 12);
    const variance = values.reduce((sum, value) => sum + (value - 4.2) ** 2, 0) / 4;
    expect(result.standardError).toBeCloseTo(Math.sqrt(variance / 5), 12);
    expect(result.df).toBe(4);
  });

  it('weights by hand: y 1, 3, w 1, 3', () => {
    const result = estimated(weightedMean([1, 3], [1, 3]));
    expect(result.estimate).toBeCloseTo(2.5, 12);
    expect(result.standardError).toBeCloseTo(Math.sqrt(2 * (1.5 ** 2 + 1.5 ** 2)) / 4, 12);
  });

  it('says why degenerate data carry none', () => {
    expect(weightedMean([1, 2], [1, 0])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(weightedMean([2, 2], [1, 1])).toEqual({ estimable: false, because: 'no-variation' });
  });
});

describe('trimWeights', () => {
  it('cuts to the bound and keeps the total', () => {
    const result = estimated(trimWeights([1, 1, 1, 1, 6], 2));
    expect(result.weights).toEqual([1.5, 1.5, 1.5, 1.5, 4]);
    expect(result.trimmed).toBe(1);
  });

  it('keeps the order of weights, the total and the bound whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 2, maxLength: 20 }), (weights) => {
        const result = estimated(trimWeights(weights, 1.5));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        expect(result.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(total, 6);
        expect(Math.max(...result.weights)).toBeLessThanOrEqual((1.5 * total) / weights.length + 1e-6);
      }),
    );
  });

  it('says when too few have a weight to take up what is cut', () => {
    expect(trimWeights([1, 0, 0, 0], 2)).toEqual({ estimable: false, because: 'not-identified' });
    expect(trimWeights([0, 0], 2)).toEqual({ estimable: false, because: 'zero-total' });
    expect(() => trimWeights([1], 1)).toThrow('largest must be above 1');
  });
});
