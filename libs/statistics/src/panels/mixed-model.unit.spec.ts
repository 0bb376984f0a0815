import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { goldenRowsArePresent, readDataSet } from '../golden/golden-rows.fixture.js';
import { mixedModel, type MixedModelInput } from './mixed-model.js';
import { nullModelIcc } from './intraclass.js';

/** Six people at up to four waves. */
const VALUES = [5, 6, 9, 8, 4, 4, 6, 7, 7, 9, 10, 9, 3, 5, undefined, 6, 6, 5, 8, undefined, 2, 4, 5, 3];
const MONTHS = [0, 1, 6, 12];
const rows = VALUES.flatMap((value, at) =>
  value === undefined ? [] : [{ value, person: `p${Math.floor(at / 4)}`, wave: at % 4 }],
);
const byWave: MixedModelInput = {
  outcome: rows.map((row) => row.value),
  groups: rows.map((row) => row.person),
  design: rows.map(({ wave }) => [1, Number(wave === 1), Number(wave === 2), Number(wave === 3)]),
};
const byMonth: MixedModelInput = {
  ...byWave,
  design: rows.map(({ wave }) => [1, MONTHS[wave] ?? 0]),
  slope: rows.map(({ wave }) => MONTHS[wave] ?? 0),
};

const fitted = (input: MixedModelInput) => {
  const fit = mixedModel(input);
  if (!fit.estimable) throw new Error(fit.because);
  return fit;
};

const growth = (people: number, seed = 1): MixedModelInput => {
  let state = seed;
  const noise = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  const data = Array.from({ length: people }, (_, person) => {
    const [level, slope] = [3 * noise(), noise()];
    return [0, 1, 2, 3].map((t) => ({ person: `p${person}`, t, value: 10 + 0.3 * t + level + slope * t + 2 * noise() }));
  }).flat();
  return {
    outcome: data.map((row) => row.value),
    groups: data.map((row) => row.person),
    design: data.map((row) => [1, row.t]),
    slope: data.map((row) => row.t),
  };
};

describe('mixedModel', () => {
  it('agrees with lmerTest on waves as a factor (lmer(y ~ w + (1 | id)), bobyqa with rhoend 1e-12)', () => {
    const fit = fitted(byWave);
    expect(fit.interceptVariance).toBeCloseTo(3.1293648, 6);
    expect(fit.residualVariance).toBeCloseTo(0.6874107, 6);
    expect(fit.criterion).toBeCloseTo(65.36958321, 7);
    const expected = [
      [4.5, 0.7975771128, 6.599763964],
      [1, 0.4786824502, 13.05490816],
      [2.93244379646, 0.5091990746, 13.10818146],
      [2.19737388207, 0.5091990746, 13.10818145],
    ];
    fit.estimates.forEach((one, at) => {
      expect(one.estimate).toBeCloseTo(expected[at]![0]!, 7);
      expect(one.standardError).toBeCloseTo(expected[at]![1]!, 7);
      expect(one.df).toBeCloseTo(expected[at]![2]!, 5);
    });
    expect(fit).toMatchObject({ observations: 22, groups: 6, singular: false, method: 'random-intercept' });
  });

  it('agrees with lmerTest on a contrast (contest1D) and its p-value', () => {
    const fit = fitted({ ...byWave, contrasts: [{ name: 'decay', weights: [0, -1, 0, 1] }] });
    expect(fit.estimates).toHaveLength(1);
    expect(fit.estimates[0]!.estimate).toBeCloseTo(1.19737388207, 7);
    expect(fit.estimates[0]!.df).toBeCloseTo(13.1081814462, 5);
    expect(fit.estimates[0]!.pValue).toBeCloseTo(0.0349824285, 7);
  });

  it('agrees with lme4 by maximum likelihood', () => {
    const fit = fitted({ ...byWave, method: 'ml' });
    expect(fit.interceptVariance).toBeCloseTo(2.6076698, 6);
    expect(fit.residualVariance).toBeCloseTo(0.5588329, 6);
    expect(fit.estimates[2]!.df).toBeCloseTo(16.114064641, 5);
  });

  it('agrees with lmerTest where the correlation is at its bound, and says so', () => {
    const fit = fitted(byMonth);
    expect(fit.singular).toBe(true);
    expect(fit.criterion).toBeCloseTo(82.81076859, 6);
    expect(fit.estimates[0]!.df).toBeCloseTo(5.094975, 3);
    expect(fit.estimates[1]!.standardError).toBeCloseTo(0.0541313, 6);
    expect(fit.interceptSlopeCovariance! / Math.sqrt(fit.interceptVariance * fit.slopeVariance!)).toBeCloseTo(1, 6);
  });

  it('is the analysis of variance when groups are equally large (Searle, Casella & McCulloch 1992, ch. 3)', () => {
    const groups = [[1, 2, 6], [4, 8, 9], [11, 15, 13], [2, 3, 1]];
    const fit = fitted({
      outcome: groups.flat(),
      groups: groups.flatMap((group, at) => group.map(() => `g${at}`)),
      design: groups.flat().map(() => [1]),
    });
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const grand = mean(groups.flat());
    const between = groups.reduce((sum, group) => sum + 3 * (mean(group) - grand) ** 2, 0) / 3;
    const within = groups.reduce((sum, group) => sum + group.reduce((s, x) => s + (x - mean(group)) ** 2, 0), 0) / 8;
    expect(fit.residualVariance).toBeCloseTo(within, 8);
    expect(fit.interceptVariance).toBeCloseTo((between - within) / 3, 8);
    expect(fit.estimates[0]!.standardError).toBeCloseTo(Math.sqrt(between / 12), 8);
    expect(fit.estimates[0]!.df).toBeCloseTo(3, 5);
  });

  it('does not depend on the order of rows or the names of groups, and follows units and constants', () => {
    const input = growth(40);
    const there = fitted(input);
    const order = input.outcome.map((_, at) => at).reverse();
    const back = fitted({
      outcome: order.map((at) => 100 + 60 * input.outcome[at]!),
      groups: order.map((at) => `renamed ${input.groups[at]!}`),
      design: order.map((at) => [1, input.design[at]![1]! / 12]),
      slope: order.map((at) => input.slope![at]! / 12),
    });
    expect(back.estimates[1]!.estimate).toBeCloseTo(60 * 12 * there.estimates[1]!.estimate, 6);
    expect(back.estimates[1]!.standardError).toBeCloseTo(60 * 12 * there.estimates[1]!.standardError, 6);
    expect(back.estimates[1]!.df).toBeCloseTo(there.estimates[1]!.df, 5);
    expect(back.estimates[0]!.estimate).toBeCloseTo(100 + 60 * there.estimates[0]!.estimate, 7);
    expect(back.slopeVariance! / 720 ** 2).toBeCloseTo(there.slopeVariance!, 7);
    expect(back.singular).toBe(there.singular);
  });

  it('finds variances that no small step improves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100000 }), (seed) => {
        const input = growth(15, seed);
        const withSlope = fitted(input);
        const { slope: _, ...flat } = input;
        expect(withSlope.criterion).toBeLessThanOrEqual(fitted(flat).criterion + 1e-7);
        for (const one of withSlope.estimates) expect(Number.isFinite(one.df) && one.standardError > 0).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('turns around when the outcome is reversed', () => {
    const there = fitted(byWave);
    const back = fitted({ ...byWave, outcome: byWave.outcome.map((value) => 10 - value) });
    expect(back.estimates[2]!.estimate).toBeCloseTo(-there.estimates[2]!.estimate, 8);
    expect(back.estimates[2]!.intervalLow).toBeCloseTo(-there.estimates[2]!.intervalHigh, 7);
  });

  it('answers with a variance of zero when groups do not differ', () => {
    const fit = fitted({
      outcome: [1, 2, 3, 1, 2, 3, 3, 2, 1, 2, 1, 3],
      groups: [...'aaabbbcccddd'],
      design: Array.from({ length: 12 }, () => [1]),
    });
    expect(fit.interceptVariance).toBeLessThan(1e-8);
    expect(fit.singular).toBe(true);
    expect(fit.estimates[0]!.df).toBeCloseTo(11, 4);
  });

  it('says why degenerate data carry no estimate', () => {
    const of = (outcome: number[], groups: string, columns = 1) =>
      mixedModel({ outcome, groups: [...groups], design: outcome.map((_, at) => (columns === 1 ? [1] : [1, at, 2 * at])) });
    expect(of([1], 'a')).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(of([1, 2, 3], 'aaa')).toEqual({ estimable: false, because: 'too-few-clusters' });
    expect(of([1, 2, 3], 'abc')).toEqual({ estimable: false, because: 'not-identified' });
    expect(of([1, 2, 3, 4, 5], 'aabbc', 3)).toEqual({ estimable: false, because: 'not-identified' });
    expect(of([4, 4, 4, 4], 'aabb')).toEqual({ estimable: false, because: 'no-variation' });
    expect(mixedModel({ ...byMonth, slope: rows.map(() => 0) })).toEqual({ estimable: false, because: 'not-identified' });
    expect(() => of([1, Number.NaN], 'ab')).toThrow('outcome[1] must be a finite number');
    expect(() => mixedModel({ ...byWave, groups: ['a'] })).toThrow('groups has 1 entries and outcome 22');
  });
});

describe('mixedModel without a residual', () => {
  it('does not pretend when every group is constant', () => {
    const fit = mixedModel({ outcome: [1, 1, 2, 2, 5, 5], groups: [...'aabbcc'], design: Array(6).fill([1]) as number[][] });
    expect(fit).toEqual({ estimable: false, because: 'no-variation' });
  });
});

describe('nullModelIcc', () => {
  it('is the share of variance between groups', () => {
    const result = nullModelIcc(byWave.outcome, byWave.groups);
    if (!result.estimable) throw new Error(result.because);
    expect(result.icc).toBeCloseTo(result.groupVariance / (result.groupVariance + result.residualVariance), 14);
    expect(result).toMatchObject({ groups: 6, observations: 22, method: 'reml-null-model' });
  });
});

const suite = goldenRowsArePresent || process.env['CI'] ? describe : describe.skip;
suite(`sleepstudy${goldenRowsArePresent ? '' : ' (skipped: ../shared/data is absent)'}`, () => {
  it('has its minimum where lme4 with a tight stop has it, not where it stops by default', () => {
    const data = readDataSet('sleepstudy.csv');
    const days = data.map((row) => Number(row['Days']));
    const fit = fitted({
      outcome: data.map((row) => Number(row['Reaction'])),
      groups: data.map((row) => row['Subject']!),
      design: days.map((day) => [1, day]),
      slope: days,
    });
    // lmer(..., control = lmerControl('bobyqa', optCtrl = list(rhoend = 1e-12, maxfun = 1e6))): 612.0897; by default 612.1002.
    expect(Math.abs(fit.interceptVariance - 612.0899)).toBeLessThan(5e-4);
    expect(Math.abs(fit.residualVariance - 654.94103)).toBeLessThan(5e-5);
    expect(fit.estimates[0]!.df).toBeCloseTo(17, 6);
    expect(fit.estimates[1]!.df).toBeCloseTo(17, 6);
  });
});
