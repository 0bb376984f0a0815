import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countCusum, cusumChart, bernoulliReference, poissonReference } from './cusum.js';
import { ewmaChart } from './ewma.js';
import { laneyChart, pChart } from './proportion-charts.js';
import { gChart, gLimits, tChart } from './rare-events.js';
import { xmrChart } from './xmr.js';

/** NIST e-Handbook 6.3.2.2 and 6.3.2.4. */
const FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
const SERIES = [52, 47, 53, 49.3, 50.1, 47, 51, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];

const estimated = <T extends { estimable: boolean }>(result: T): Extract<T, { estimable: true }> => {
  if (!result.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};

describe('xmrChart', () => {
  it('has the limits of the handbook', () => {
    const chart = estimated(xmrChart(FLOW));
    expect(chart.centre).toBeCloseTo(50.81, 10);
    expect(chart.meanMovingRange).toBeCloseTo(1.87777778, 8);
    expect(chart.upper).toBeCloseTo(55.8040898, 6);
    expect(chart.lower).toBeCloseTo(45.8159102, 6);
    expect(chart.signals).toEqual([]);
  });

  it('names the rule that each signal broke, with limits from the baseline only', () => {
    const quiet = [10, 11, 9, 10, 12, 9, 11, 10];
    const rules = (later: number[]) =>
      estimated(xmrChart([...quiet, ...later], { baseline: 8 }))
        .signals.filter((one) => one.index >= 8)
        .map(({ index, rules: broken, side }) => [index - 8, side, ...broken]);
    expect(rules([25])).toEqual([[0, 'high', 'beyond-limits']]);
    expect(rules([1])).toEqual([[0, 'low', 'beyond-limits']]);
    expect(rules([14, 14])).toEqual([[1, 'high', 'two-of-three']]);
    expect(rules([14, 10, 14])).toEqual([[2, 'high', 'two-of-three']]);
    expect(rules([11, 11.5, 11, 11.5, 11, 11.5, 11])).toEqual([[6, 'high', 'run']]);
    expect(rules([9, 9.4, 9.8, 10.1, 10.4, 10.8, 11.2])).toEqual([[6, 'high', 'trend']]);
    expect(rules([10.25, 10.25, 10.25])).toEqual([]);
  });

  it('does not let one jump widen its own limits', () => {
    const calm = [10, 11, 9, 10, 12, 9, 11, 10, 10, 11];
    const jump = [...calm, 60, ...calm];
    const [screened, not] = [estimated(xmrChart(jump)), estimated(xmrChart(jump, { screen: false }))];
    expect(screened.sigma).toBeLessThan(not.sigma / 2);
    expect(screened.signals.some((one) => one.index === 10)).toBe(true);
  });

  it('follows unit and origin, and turns around', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 8, maxLength: 25 }), (values) => {
        const [there, back] = [xmrChart(values), xmrChart(values.map((value) => 7 - 3 * value))];
        if (!there.estimable || !back.estimable) return expect(back).toEqual(there);
        expect(back.upper).toBeCloseTo(7 - 3 * there.lower, 8);
        const opposite = { high: 'low', low: 'high' } as const;
        const sorted = (signals: typeof there.signals) => signals.map(({ index, side }) => `${index} ${side}`).sort();
        expect(sorted(back.signals)).toEqual(sorted(there.signals.map((one) => ({ ...one, side: opposite[one.side] }))));
      }),
    );
  });

  it('says why too few or equal points carry none', () => {
    expect(xmrChart(FLOW.slice(0, 7))).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(xmrChart(FLOW.map(() => 3))).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => xmrChart(FLOW, { baseline: 11 })).toThrow('baseline must be a whole number up to the 10 values');
    expect(() => xmrChart(FLOW, { run: 2 })).toThrow('run must be a whole number from 3');
  });
});

describe('pChart', () => {
  it('has exact tails (R: pbinom(c(0, 4), 8, .1))', () => {
    const chart = estimated(pChart([{ events: 4, n: 8 }, { events: 0, n: 8 }], { expected: 0.1 }));
    expect(chart.points[0]!.tail).toBeCloseTo(0.00502435, 8);
    expect(chart.points.map((one) => one.signal)).toEqual(['none', 'none']);
    expect(chart.points[0]).toMatchObject({ lowestCount: 0, highestCount: 4 });
    const worse = estimated(pChart([{ events: 5, n: 8 }], { expected: 0.1 }));
    expect(worse.points[0]!.signal).toBe('high');
  });

  it('signals no more often than it promises, at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.02, max: 0.98, noNaN: true }), (n, expected) => {
        const all = Array.from({ length: n + 1 }, (_, events) => ({ events, n }));
        const { points } = estimated(pChart(all, { expected, alpha: 0.05 }));
        const choose = (k: number) => Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1);
        const chance = points.reduce(
          (sum, one, k) => sum + (one.signal === 'none' ? 0 : choose(k) * expected ** k * (1 - expected) ** (n - k)),
          0,
        );
        expect(chance).toBeLessThanOrEqual(0.05 + 1e-9);
        for (const [count, one] of points.entries())
          expect(one.signal === 'none').toBe(count >= one.lowestCount && count <= one.highestCount);
      }),
      { numRuns: 40 },
    );
  });

  it('says why no share can be expected', () => {
    expect(pChart([])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(pChart([{ events: 0, n: 5 }])).toEqual({ estimable: false, because: 'no-events' });
    expect(pChart([{ events: 5, n: 5 }])).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => pChart([{ events: 6, n: 5 }])).toThrow('points[0].events must be a whole number from 0 to 5');
  });
});

describe('laneyChart', () => {
  const points = [12, 30, 18, 25, 9, 33].map((events) => ({ events, n: 100 }));

  it('widens binomial limits by the movement of z (by hand)', () => {
    const chart = estimated(laneyChart(points));
    const centre = 127 / 600;
    const error = Math.sqrt((centre * (1 - centre)) / 100);
    expect(chart.sigmaZ).toBeCloseTo((18 + 12 + 7 + 16 + 24) / 5 / 100 / error / 1.128, 10);
    expect(chart.points[0]!.upper).toBeCloseTo(centre + 3 * chart.sigmaZ * error, 10);
    expect(chart.points.every((one) => one.signal === 'none')).toBe(true);
  });

  it('says why degenerate points carry none', () => {
    expect(laneyChart(points.slice(0, 2))).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(laneyChart(points.map(({ n }) => ({ events: 0, n })))).toEqual({ estimable: false, because: 'no-events' });
    expect(laneyChart(points.map(({ n }) => ({ events: 7, n })))).toEqual({ estimable: false, because: 'no-variation' });
  });
});

describe('ewmaChart', () => {
  it('walks the path of the handbook within its limits', () => {
    const chart = ewmaChart(SERIES, { target: 50, sigma: 2.0539, lambda: 0.3, width: 3 });
    const path = [50.6, 49.52, 50.564, 50.1848, 50.1594, 49.2116, 49.7481, 49.8537, 50.2576, 50.3303];
    path.forEach((value, at) => expect(chart.points[at]!.average).toBeCloseTo(value, 4));
    expect(chart.points[19]!.average).toBeCloseTo(51.9882, 4);
    expect(chart.points[0]!.upper).toBeCloseTo(52.5884317, 6);
    expect(chart.points.every((one) => one.signal === 'none')).toBe(true);
    expect(chart.method).toBe('ewma, steady limits');
  });

  it('has limits that start narrow and settle when exact', () => {
    const options = { target: 0, sigma: 1, lambda: 0.3, width: 3 } as const;
    const exact = ewmaChart(Array<number>(60).fill(0), { ...options, limits: 'exact' });
    expect(exact.points[0]!.upper).toBeCloseTo(3 * 0.3, 12);
    expect(exact.points[59]!.upper).toBeCloseTo(ewmaChart([0], options).points[0]!.upper, 8);
  });

  it('is a chart of single values at lambda 1', () => {
    const chart = ewmaChart([1, 3.2, -3.1], { target: 0, sigma: 1, lambda: 1, width: 3 });
    expect(chart.points.map((one) => one.signal)).toEqual(['none', 'high', 'low']);
  });

  it('refuses what makes no chart', () => {
    expect(() => ewmaChart([1], { target: 0, sigma: 0 })).toThrow('sigma must be above 0');
    expect(() => ewmaChart([1], { target: 0, sigma: 1, lambda: 0 })).toThrow('lambda must be above 0');
    expect(() => ewmaChart([Number.NaN], { target: 0, sigma: 1 })).toThrow('values[0] must be a finite number');
  });
});

describe('cusumChart', () => {
  it('adds up what lies beyond k, and signals above h (by hand)', () => {
    const chart = cusumChart([1, 1, 2, -1, 4], { target: 0, sigma: 1, k: 0.5, h: 4 });
    expect(chart.points.map((one) => one.high)).toEqual([0.5, 1, 2.5, 1, 4.5]);
    expect(chart.points.map((one) => one.low)).toEqual([0, 0, 0, 0.5, 0]);
    expect(chart.points.map((one) => one.signal)).toEqual(['none', 'none', 'none', 'none', 'high']);
  });

  it('starts ahead when told, and refuses what makes none', () => {
    expect(cusumChart([0], { target: 0, sigma: 2, h: 4, headStart: 2 }).points[0]).toMatchObject({ high: 1.5, low: 1.5 });
    expect(() => cusumChart([0], { target: 0, sigma: 1, headStart: 5 })).toThrow('headStart must be from 0 to below h');
    expect(() => cusumChart([0], { target: 0, sigma: 1, k: -1 })).toThrow('k must not be negative');
  });
});

describe('countCusum', () => {
  it('signals at h, runs on or starts again', () => {
    const counts = [2, 3, 1, 4, 5, 0];
    const on = countCusum(counts, { k: 2, h: 3 });
    expect(on.points.map((one) => one.sum)).toEqual([0, 1, 0, 2, 5, 3]);
    expect(on.points.map((one) => one.signal)).toEqual([false, false, false, false, true, true]);
    const again = countCusum(counts, { k: 2, h: 3, afterSignal: 'restart' });
    expect(again.points.map((one) => one.signal)).toEqual([false, false, false, false, true, false]);
  });

  it('weighs by exposure, and sees a fall as well', () => {
    const fall = countCusum([1, 0, 0], { k: 1, h: 3, exposures: [2, 1, 1], direction: 'falling' });
    expect(fall.points.map((one) => one.sum)).toEqual([1, 2, 3]);
    expect(fall.points[2]!.signal).toBe(true);
  });

  it('has reference values between expected and feared that are log-likelihood ratios', () => {
    expect(poissonReference(1, 2)).toBeCloseTo(1 / Math.log(2), 12);
    expect(poissonReference(2, 1)).toBeCloseTo(1 / Math.log(2), 12);
    const k = bernoulliReference(0.05, 0.1);
    const odds = Math.log((0.1 * 0.95) / (0.05 * 0.9));
    expect((1 - k) * odds).toBeCloseTo(Math.log(0.1 / 0.05), 12);
    expect(-k * odds).toBeCloseTo(Math.log(0.9 / 0.95), 12);
  });

  it('names what is wrong', () => {
    expect(() => countCusum([1.5], { k: 1, h: 2 })).toThrow('counts[0] must be a whole number of 0 or more, not 1.5');
    expect(() => countCusum([1], { k: 1, h: 2, exposures: [0] })).toThrow('exposures[0] must be above 0');
    expect(() => poissonReference(1, 1)).toThrow('expected and feared must differ');
    expect(() => bernoulliReference(0, 0.1)).toThrow('expected must be between 0 and 1');
  });
});

describe('gChart and tChart', () => {
  it('has the limits of a known mean', () => {
    expect(gLimits(12).upper).toBeCloseTo(49.469988, 6);
    expect(gLimits(12).lower).toBe(0);
  });

  it('sees events that come too soon, which 3 sigma cannot', () => {
    const gaps = [900, 1100, 950, 1020, 1010, 990, 1030, 1000];
    const chart = estimated(gChart([...gaps, 0, 9000], 8));
    expect(chart.lower).toBe(0);
    expect(chart.points.map((one) => one.signal).slice(8)).toEqual(['too-soon', 'long']);
    expect(chart.points[8]!.atMost).toBeCloseTo(1 / 1001, 8);
    expect(chart.points[0]!.atMost + chart.points[0]!.atLeast - 1).toBeGreaterThan(0);
  });

  it('does not depend on the unit of time', () => {
    const days = [3, 9, 14, 2, 30, 11, 7, 21, 5];
    const [there, hours] = [estimated(tChart(days)), estimated(tChart(days.map((day) => 24 * day)))];
    expect(hours.upper / 24).toBeCloseTo(there.upper, 8);
    expect(hours.lower / 24).toBeCloseTo(there.lower, 8);
    const moved = days.map((day) => day ** (1 / 3.6));
    const range = moved.slice(1).reduce((sum, value, at) => sum + Math.abs(value - moved[at]!), 0) / 8;
    const centre = moved.reduce((sum, value) => sum + value, 0) / 9;
    expect(there.upper).toBeCloseTo((centre + (3 * range) / 1.128) ** 3.6, 8);
  });

  it('says why degenerate gaps carry none', () => {
    expect(gChart([1, 2, 3])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(gChart(Array<number>(9).fill(0))).toEqual({ estimable: false, because: 'no-variation' });
    expect(tChart(Array<number>(9).fill(2))).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => tChart([0])).toThrow('times[0] must be above 0');
    expect(() => gChart([-1])).toThrow('gaps[0] must be a whole number of 0 or more');
  });
});
