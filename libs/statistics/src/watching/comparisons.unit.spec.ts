import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { coxRegression } from './cox.js';
import { funnel } from './funnel.js';
import { poissonRate, poissonTails, rateRatio } from './poisson-tests.js';
import { logRankTest, survivalCurve, type Spell } from './survival.js';

const estimated = <T extends { estimable: boolean }>(result: T): Extract<T, { estimable: true }> => {
  if (!result.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};
const spells = (text: string): Spell[] =>
  text.split(' ').map((one) => ({ time: Number(one.replace('+', '')), event: !one.endsWith('+') }));

/** Miller (1997), acute myelogenous leukaemia; + still in remission. */
const MAINTAINED = spells('9 13 13+ 18 23 28+ 31 34 45+ 48 161+');
const NOT = spells('5 5 8 8 12 16+ 23 27 30 33 43 45');
const ALL = [...MAINTAINED, ...NOT];
const GROUPS = ALL.map((_, at) => (at < MAINTAINED.length ? 'maintained' : 'not'));

describe('survivalCurve', () => {
  it('is that of the textbook', () => {
    const curve = estimated(survivalCurve(MAINTAINED));
    expect(curve.steps.map((step) => step.time)).toEqual([9, 13, 18, 23, 31, 34, 48]);
    const shares = [10 / 11, 9 / 11, (9 / 11) * (7 / 8), (9 / 11) * (6 / 8)];
    shares.forEach((share, at) => expect(curve.steps[at]!.survival).toBeCloseTo(share, 12));
    expect(curve.steps[1]!.standardError).toBeCloseTo((9 / 11) * Math.sqrt(1 / 110 + 1 / 90), 12);
    expect(curve.median).toBe(31);
    expect(estimated(survivalCurve(NOT)).median).toBe(23);
    expect(curve).toMatchObject({ n: 11, events: 7 });
  });

  it('is the share that stayed when nobody is lost from sight, half and half a median', () => {
    const curve = estimated(survivalCurve(spells('1 2 3 4')));
    expect(curve.steps.map((step) => step.survival)).toEqual([0.75, 0.5, 0.25, 0].map((share) => expect.closeTo(share, 12)));
    expect(curve.median).toBe(2);
    expect(curve.steps[3]).not.toHaveProperty('interval');
  });

  it('has no median when most stay, and says why there is no curve', () => {
    expect(estimated(survivalCurve(spells('1 2+ 3+ 4+'))).median).toBeUndefined();
    expect(survivalCurve(spells('1+ 2+'))).toEqual({ estimable: false, because: 'no-events' });
    expect(survivalCurve([])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(() => survivalCurve([{ time: -1, event: true }])).toThrow('spells[0].time must not be negative');
  });
});

describe('logRankTest', () => {
  it('agrees with R (survdiff): 3.3964, p 0.0653', () => {
    const test = estimated(logRankTest(ALL, GROUPS));
    expect(test.chiSquare).toBeCloseTo(3.3964, 4);
    expect(test.pValue).toBeCloseTo(0.0653, 4);
    expect(test.df).toBe(1);
    expect(test.groups[0]!.observed + test.groups[1]!.observed).toBe(18);
    expect(test.groups[0]!.expected + test.groups[1]!.expected).toBeCloseTo(18, 10);
  });

  it('depends on the order of times only, not on their unit, the order of people or the names of groups', () => {
    const there = estimated(logRankTest(ALL, GROUPS)).chiSquare;
    const back = logRankTest(
      [...ALL].reverse().map(({ time, event }) => ({ time: Math.sqrt(time), event })),
      [...GROUPS].reverse().map((group) => `x${group}`),
    );
    expect(estimated(back).chiSquare).toBeCloseTo(there, 10);
  });

  it('handles three groups and says why there is no test', () => {
    const three = estimated(logRankTest(ALL, ALL.map((_, at) => `g${at % 3}`)));
    expect(three.df).toBe(2);
    expect(logRankTest(ALL, ALL.map(() => 'one'))).toEqual({ estimable: false, because: 'arm-missing' });
    expect(logRankTest(spells('1+ 2+'), ['a', 'b'])).toEqual({ estimable: false, because: 'no-events' });
    expect(logRankTest(spells('1 2+ 3 4'), ['a', 'a', 'b', 'b']).estimable).toBe(true);
    expect(logRankTest(spells('1+ 3'), ['a', 'b'])).toEqual({ estimable: false, because: 'not-identified' });
  });
});

describe('coxRegression', () => {
  const covariates = GROUPS.map((group) => [Number(group === 'not')]);

  it('agrees with R (coxph, Efron ties): 0.9155326 (0.5119343)', () => {
    const [estimate] = estimated(coxRegression(ALL, covariates)).estimates;
    expect(estimate!.estimate).toBeCloseTo(0.915532575, 7);
    expect(estimate!.standardError).toBeCloseTo(0.511934275, 7);
    expect(estimate!.hazardRatio).toBeCloseTo(Math.exp(0.915532575), 6);
  });

  it('follows the unit of a covariate and turns around', () => {
    const there = estimated(coxRegression(ALL, covariates)).estimates[0]!;
    const back = estimated(coxRegression(ALL, covariates.map(([x]) => [5 - 10 * x!]))).estimates[0]!;
    expect(-10 * back.estimate).toBeCloseTo(there.estimate, 8);
    expect(back.pValue).toBeCloseTo(there.pValue, 10);
  });

  it('says why there is no estimate', () => {
    expect(coxRegression(spells('1+ 2+'), [[1], [2]])).toEqual({ estimable: false, because: 'no-events' });
    expect(coxRegression(spells('1 2+'), [[1], [2]])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(coxRegression(ALL, ALL.map(() => [1]))).toEqual({ estimable: false, because: 'not-identified' });
    expect(coxRegression(ALL, covariates.map(([x]) => [x!, 2 * x!]))).toEqual({ estimable: false, because: 'not-identified' });
    const sorted = spells('1 2 3 4 5 6');
    expect(coxRegression(sorted, sorted.map(({ time }) => [-time]))).toEqual({ estimable: false, because: 'separation' });
  });
});

describe('exact Poisson', () => {
  it('agrees with R (poisson.test)', () => {
    expect(poissonTails(15, 8).atLeast).toBeCloseTo(0.01725699, 8);
    const rate = poissonRate(15);
    expect(rate.intervalLow).toBeCloseTo(8.3953861, 6);
    expect(rate.intervalHigh).toBeCloseTo(24.740219, 6);
    const ratio = estimated(rateRatio({ events: 11, exposure: 800 }, { events: 21, exposure: 3011 }));
    expect(ratio.ratio).toBeCloseTo(1.971488095, 9);
    expect(ratio.intervalLow).toBeCloseTo(0.858426403, 8);
    expect(ratio.intervalHigh).toBeCloseTo(4.277265944, 8);
    expect(ratio.pValue).toBeCloseTo(0.079668633, 8);
  });

  it('has an upper end for no event at all: 3.69', () => {
    expect(poissonRate(0)).toMatchObject({ rate: 0, intervalLow: 0 });
    expect(poissonRate(0).intervalHigh).toBeCloseTo(-Math.log(0.025), 8);
    expect(poissonRate(0, 100).intervalHigh).toBeCloseTo(-Math.log(0.025) / 100, 10);
  });

  it('turns over when the two change places, and knows no difference when there is none', () => {
    const count = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 9 }), (a, b, exposure) => {
        const [x, y] = [{ events: a, exposure }, { events: b, exposure: 3 }];
        const [there, back] = [estimated(rateRatio(x, y)), estimated(rateRatio(y, x))];
        expect(back.ratio * there.ratio).toBeCloseTo(1, 10);
        expect(back.intervalLow * there.intervalHigh).toBeCloseTo(1, 6);
        expect(back.pValue).toBeCloseTo(there.pValue, 8);
      }),
    );
    expect(estimated(rateRatio({ events: 5, exposure: 2 }, { events: 5, exposure: 2 })).pValue).toBeCloseTo(1, 10);
  });

  it('says why there is no ratio', () => {
    expect(rateRatio({ events: 0, exposure: 1 }, { events: 0, exposure: 1 })).toEqual({ estimable: false, because: 'no-events' });
    expect(rateRatio({ events: 3, exposure: 1 }, { events: 0, exposure: 1 })).toEqual({ estimable: false, because: 'zero-total' });
    expect(estimated(rateRatio({ events: 0, exposure: 1 }, { events: 3, exposure: 1 }))).toMatchObject({ ratio: 0, intervalLow: 0 });
    expect(() => poissonRate(1, 0)).toThrow('exposure must be above 0');
  });
});

describe('funnel', () => {
  const units = [12, 15, 9, 14, 11, 13].map((events, at) => ({ name: `site ${at}`, events, size: 100 + 10 * at }));

  it('has exact limits around the share of all together, wider for small places', () => {
    const result = estimated(funnel(units));
    expect(result.method).toBe('funnel, exact limits');
    expect(result.target).toBeCloseTo(74 / 750, 12);
    expect(result.points.every((one) => one.signal === 'none' && one.side === 'inside')).toBe(true);
    const width = (at: number) => result.points[at]!.alert[1] - result.points[at]!.alert[0];
    expect(width(0)).toBeGreaterThan(width(5));
    for (const { warning, alert } of result.points) expect(alert[0] < warning[0] && warning[1] < alert[1]).toBe(true);
  });

  it('marks one place far out, and does not widen for it alone', () => {
    const result = estimated(funnel([...units, ...units.map((one) => ({ ...one, name: `${one.name} b` })), { name: 'far', events: 45, size: 120 }], { target: 0.1 }));
    expect(result.overdispersed).toBe(false);
    expect(result.points.filter((one) => one.signal !== 'none').map((one) => [one.name, one.signal, one.side])).toEqual([['far', 'alert', 'high']]);
  });

  it('widens when places differ throughout, by the root of the winsorised factor', () => {
    const wild = [2, 30, 5, 28, 3, 25, 8, 31, 1, 27].map((events, at) => ({ name: `site ${at}`, events, size: 100 }));
    const result = estimated(funnel(wild, { winsorise: 0 }));
    expect(result.overdispersed).toBe(true);
    const spread = Math.sqrt((result.target * (1 - result.target)) / 100);
    const z = wild.map((one) => (one.events / 100 - result.target) / spread);
    expect(result.dispersion).toBeCloseTo(z.reduce((sum, one) => sum + one * one, 0) / 10, 10);
    expect(result.points[0]!.warning[1]).toBeCloseTo(result.target + 1.959963985 * Math.sqrt(result.dispersion) * spread, 7);
    expect(estimated(funnel(wild)).dispersion).toBeLessThan(result.dispersion);
  });

  it('takes rates by exposure as well', () => {
    const rates = estimated(funnel([{ name: 'a', events: 20, size: 10.5 }, { name: 'b', events: 2, size: 9 }, { name: 'c', events: 4, size: 12 }], { kind: 'rate' }));
    expect(rates.target).toBeCloseTo(26 / 31.5, 12);
    expect(rates.points[0]!.value).toBeGreaterThan(1);
    expect(rates.points[0]!.warning[1]).toBeGreaterThan(rates.target);
  });

  it('does not depend on the order of places', () => {
    const [there, back] = [estimated(funnel(units)), estimated(funnel([...units].reverse()))];
    expect([...back.points].reverse()).toEqual(there.points);
  });

  it('says why there is none, and names what is wrong', () => {
    expect(funnel(units.slice(0, 1))).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(funnel(units.map((one) => ({ ...one, events: 0 })))).toEqual({ estimable: false, because: 'no-events' });
    expect(funnel(units.map((one) => ({ ...one, events: one.size })))).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => funnel([{ name: 'a', events: 5, size: 3 }])).toThrow('events of a must be a whole number from 0 to 3');
    expect(() => funnel(units, { winsorise: 0.5 })).toThrow('winsorise must be from 0 to below 0.5');
  });
});
