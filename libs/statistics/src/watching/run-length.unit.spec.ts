import { describe, expect, it } from '@jest/globals';
import { goldenRowsArePresent, readDataSet } from '../golden/golden-rows.fixture.js';
import { countCusumLimit, countCusumRunLength } from './count-run-length.js';
import {
  cusumLimit,
  cusumRunLength,
  ewmaLimit,
  ewmaRunLength,
  shewhartLimit,
  shewhartRunLength,
  siegmundRunLength,
} from './run-length.js';

const poisson = (mean: number) => ({ kind: 'poisson', mean }) as const;

describe('run lengths', () => {
  /** R: spc::xcusum.arl(.5, 4, shift, sided = "two") */
  it.each([
    [0, 167.68379],
    [0.5, 26.630203],
    [1, 8.3831319],
    [2, 3.3427701],
    [4, 1.7084572],
  ])('of a CUSUM with k 0.5, h 4 at a shift of %d are those of spc', (shift, expected) => {
    expect(Math.abs(cusumRunLength({ k: 0.5, h: 4 }, shift) / expected - 1)).toBeLessThan(1e-7);
  });

  it('of an EWMA are those of Lucas and Saccucci, shorter with exact limits', () => {
    expect(ewmaRunLength({ lambda: 0.2, width: 2.962 })).toBeCloseTo(499.74, 1);
    expect(ewmaRunLength({ lambda: 0.2, width: 2.962 }, 1)).toBeCloseTo(10.54, 2);
    expect(ewmaRunLength({ lambda: 0.2, width: 2.962, limits: 'exact' })).toBeCloseTo(494.4, 1);
  });

  it('of single values are 1 over the chance, as an EWMA with lambda 1 and a CUSUM of height nothing', () => {
    expect(shewhartRunLength(3)).toBeCloseTo(370.39835, 5);
    expect(shewhartRunLength(3, 1)).toBeCloseTo(43.894682, 5);
    expect(ewmaRunLength({ lambda: 1, width: 3 })).toBeCloseTo(370.39835, 4);
    expect(cusumRunLength({ k: 3, h: 1e-9, sides: 'one-sided' })).toBeCloseTo(shewhartRunLength(3, 0, 'one-sided'), 3);
  });

  it('are near the approximation of Siegmund, and equal for both directions', () => {
    expect(siegmundRunLength({ k: 0.5, h: 5 })).toBeCloseTo(469.11118, 4);
    expect(siegmundRunLength({ k: 0.5, h: 5 }, 0.5)).toBeCloseTo(38, 0);
    expect(cusumRunLength({ k: 0.5, h: 5 })).toBeCloseTo(465.44351, 3);
    expect(cusumRunLength({ k: 0.5, h: 5 }, -0.7)).toBeCloseTo(cusumRunLength({ k: 0.5, h: 5 }, 0.7), 8);
  });

  it('of Poisson counts are exact', () => {
    expect(countCusumRunLength({ k: 2, h: 5 }, poisson(1))).toBeCloseTo(1903.5435, 3);
    expect(countCusumRunLength({ k: 2, h: 5 }, poisson(3))).toBeCloseTo(5.3656281, 6);
    expect(countCusumRunLength({ k: 1.5, h: 4 }, poisson(2))).toBeCloseTo(7.5055083, 6);
  });

  it('of yes/no trials are those worked out by hand', () => {
    // k 1/2, h 1: two events with at most one trial between them that is none ... states 0 and 1/2; by first-step analysis:
    // L0 = 1 + q L0 + p L1, L1 = 1 + q L0 (an event from 1/2 reaches 1).
    const [p, q] = [0.1, 0.9];
    const expected = (1 + p) / (1 - q - p * q);
    const bernoulli = { kind: 'binomial', trials: 1, probability: p } as const;
    expect(countCusumRunLength({ k: 0.5, h: 1 }, bernoulli)).toBeCloseTo(expected, 10);
    expect(countCusumRunLength({ k: 1, h: 1 }, bernoulli)).toBe(Infinity);
  });

  it('refuse what makes no chart', () => {
    expect(() => cusumRunLength({ k: 0.5, h: 0 })).toThrow('h must be above 0');
    expect(() => ewmaRunLength({ lambda: 2, width: 3 })).toThrow('lambda must be above 0 and at most 1');
    expect(() => countCusumRunLength({ k: Math.SQRT2, h: 3 }, poisson(1))).toThrow('k must be a fraction');
    expect(() => countCusumRunLength({ k: 1, h: 3 }, poisson(0))).toThrow('mean must be above 0');
    expect(() => countCusumRunLength({ k: 0.5, h: 3000 }, poisson(1))).toThrow('states, more than 600');
  });
});

describe('limits for a wanted run length', () => {
  it('are those of spc (xcusum.crit, xewma.crit)', () => {
    expect(cusumLimit(0.5, 370)).toBeCloseTo(4.7738, 4);
    expect(cusumLimit(1, 370)).toBeCloseTo(2.5163, 4);
    expect(ewmaLimit(0.2, 370)).toBeCloseTo(2.859, 4);
    expect(shewhartLimit(shewhartRunLength(3))).toBeCloseTo(3, 8);
  });

  it('give back the run length that they were asked for', () => {
    for (const wanted of [50, 1000]) {
      expect(cusumRunLength({ k: 0.75, h: cusumLimit(0.75, wanted, 'one-sided'), sides: 'one-sided' }) / wanted).toBeCloseTo(1, 6);
      const width = ewmaLimit(0.5, wanted, 'exact');
      expect(ewmaRunLength({ lambda: 0.5, width, limits: 'exact' }) / wanted).toBeCloseTo(1, 6);
    }
    expect(1 / shewhartRunLength(shewhartLimit(200, 'one-sided'), 0, 'one-sided')).toBeCloseTo(1 / 200, 10);
  });

  it('of counts are the smallest that are long enough', () => {
    const found = countCusumLimit(2, poisson(1), 1900);
    expect(found.h).toBe(5);
    expect(found.runLength).toBeCloseTo(1903.5435, 3);
    expect(countCusumRunLength({ k: 2, h: 4 }, poisson(1))).toBeLessThan(1900);
    expect(() => countCusumLimit(1, poisson(5), 1e6)).toThrow('raise k');
  });
});

/** A row's run length as the table prints it: to 8 digits, or to 2 decimals. */
const computed = (row: Record<string, string>): number => {
  const value = (name: string) => Number(row['params']?.split(';').find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1));
  const chart = row['chart'] ?? '';
  if (chart.startsWith('Poisson')) return countCusumRunLength({ k: value('k'), h: value('h') }, poisson(Number(row['shift_sigma']?.slice(5))));
  const shift = Number(row['shift_sigma']);
  if (chart === 'Shewhart') return shewhartRunLength(value('L'), shift);
  if (chart.startsWith('EWMA')) return ewmaRunLength({ lambda: value('lambda'), width: value('L') }, shift);
  return cusumRunLength({ k: value('k'), h: value('h'), sides: row['sided'] === 'two' ? 'two-sided' : 'one-sided' }, shift);
};

const suite = goldenRowsArePresent || process.env['CI'] ? describe : describe.skip;
suite(`tables of run lengths${goldenRowsArePresent ? '' : ' (skipped: ../shared/data is absent)'}`, () => {
  it('are met row by row at their printed digits', () => {
    const rows = readDataSet('spc_arl_tables.csv').filter((row) => !row['params']?.includes('crit') && row['arl_R_spc_0.6.7']);
    expect(rows.length).toBeGreaterThan(70);
    for (const row of rows) {
      const printed = row['arl_R_spc_0.6.7'] ?? '';
      const digit = 10 ** -(printed.split('.')[1]?.length ?? 0);
      const difference = Math.abs(computed(row) - Number(printed));
      expect([row, difference <= 0.5001 * Math.max(digit, row['chart']?.startsWith('EWMA') ? 0.01 : 0)]).toEqual([row, true]);
    }
  });
});
