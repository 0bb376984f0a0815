import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clusterDesignEffect, precisionOf, type Design } from './design.js';
import { anovaPower, anovaSize, correlationPower, correlationSize, twoProportionsPower, twoProportionsSize } from './other-tests.js';
import { minimalDetectableEffect, power, sampleSize, sampleSizeTable } from './power.js';

const arms = (treatment: number, comparison = treatment, baselineCorrelation = 0): Design => ({
  kind: 'two-group',
  treatment,
  comparison,
  baselineCorrelation,
});
const pairs = (n: number): Design => ({ kind: 'paired', pairs: n });
const clusters = (count: number, more: object = {}): Design => ({
  kind: 'cluster',
  clusters: count,
  clusterSize: 15,
  icc: 0.05,
  ...more,
});

describe('power', () => {
  it('agrees with pwr (R, pwr 1.3-0)', () => {
    expect(power(arms(30), 0.75)).toBeCloseTo(0.814971677, 8);
    expect(power(arms(20), 0.6)).toBeCloseTo(0.456034069, 8);
    expect(power(pairs(50), 0.4)).toBeCloseTo(0.791787189, 8);
    expect(power(arms(90, 60), 0.6, { tails: 'one-sided' })).toBeCloseTo(0.973726155, 8);
    expect(power(arms(20), 1)).toBeCloseTo(0.868953028, 8);
  });

  it('is the level when there is no effect, and the same for both signs', () => {
    expect(power(arms(12), 0)).toBeCloseTo(0.05, 10);
    expect(power(arms(12), 0, { alpha: 0.01, tails: 'one-sided' })).toBeCloseTo(0.01, 10);
    expect(power(clusters(20), -0.4)).toBeCloseTo(power(clusters(20), 0.4), 12);
  });

  it('grows with size and effect', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 200 }), fc.double({ min: 0.05, max: 1.5, noNaN: true }), (n, effect) => {
        const now = power(arms(n), effect);
        expect(power(arms(n + 1), effect)).toBeGreaterThanOrEqual(now - 1e-9);
        expect(power(arms(n), effect * 1.1)).toBeGreaterThanOrEqual(now - 1e-9);
        expect(now).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  it('shows what the field usually plans: 30 pairs or 50 an arm see an effect of 0.28 a third of the time', () => {
    expect(power(pairs(30), 0.28)).toBeCloseTo(0.32, 2);
    expect(power(arms(50), 0.28)).toBeCloseTo(0.28, 2);
  });
});

describe('precisionOf', () => {
  it('turns a baseline into precision: the variance shrinks by 1 - r^2 for one degree of freedom', () => {
    const [plain, adjusted] = [precisionOf(arms(50)), precisionOf(arms(50, 50, 0.6))];
    expect((adjusted.standardError / plain.standardError) ** 2).toBeCloseTo(0.64, 12);
    expect([plain.df, adjusted.df]).toEqual([98, 97]);
  });

  it('treats clusters without intraclass correlation as people, and unequal sizes by the design effect', () => {
    const free = precisionOf(clusters(40, { icc: 0 }));
    expect(free.standardError).toBeCloseTo(precisionOf(arms(300)).standardError, 12);
    const uneven = precisionOf(clusters(40, { sizeVariation: 0.6 }));
    const effect = clusterDesignEffect(15, 0.05, 0.6);
    expect(effect).toBeCloseTo(1 + (1.36 * 15 - 1) * 0.05, 12);
    expect(uneven.standardError ** 2).toBeCloseTo(effect * free.standardError ** 2, 12);
  });

  it('treats three levels with one cluster a site as two', () => {
    const three = precisionOf({ kind: 'three-level', sites: 30, clustersPerSite: 1, clusterSize: 15, iccSite: 0.04, iccCluster: 0.06 });
    expect(three.standardError).toBeCloseTo(precisionOf(clusters(30, { icc: 0.1 })).standardError, 12);
  });

  it('names the entry that makes no design', () => {
    expect(() => precisionOf(arms(1, 5))).toThrow('treatment must be above 1, not 1');
    expect(() => precisionOf(clusters(2))).toThrow('clusters must be above 2, not 2');
    expect(() => precisionOf(clusters(3, { covariates: 1 }))).toThrow('clusters and covariates leave no degrees of freedom');
    expect(() => precisionOf(clusters(10, { icc: 1 }))).toThrow('icc must be from 0 to below 1, not 1');
    expect(() => precisionOf(clusters(10, { treatmentShare: 1 }))).toThrow('treatmentShare must be between 0 and 1');
    expect(() => precisionOf(clusters(10, { sizeVariation: -1 }))).toThrow('sizeVariation must not be negative');
    expect(() => precisionOf(arms(5, 5, 1))).toThrow('baselineCorrelation must be within -1 and 1');
    expect(() => power(arms(9), 0.3, { alpha: 0 })).toThrow('alpha must be between 0 and 1, not 0');
  });
});

describe('minimalDetectableEffect', () => {
  it('is the effect that the wanted power finds', () => {
    for (const design of [arms(40), pairs(25), clusters(16), arms(30, 90, 0.5)])
      for (const wanted of [0.5, 0.8, 0.95]) {
        const { effect } = minimalDetectableEffect(design, wanted);
        expect(power(design, effect)).toBeCloseTo(wanted, 8);
      }
  });

  it('agrees with Dong and Maynard by the multiplier, and nearly by the noncentral t', () => {
    const design = clusters(20, { icc: 0.17 });
    expect(minimalDetectableEffect(design, 0.8, {}, 'multiplier').effect).toBeCloseTo(0.6290064, 6);
    expect(minimalDetectableEffect(design).effect).toBeCloseTo(0.629, 2);
    expect(minimalDetectableEffect(design)).toMatchObject({ df: 18, power: 0.8, alpha: 0.05, method: 'exact' });
  });

  it('refuses a power that chance alone reaches', () => {
    expect(() => minimalDetectableEffect(arms(9), 0.04)).toThrow('wanted power 0.04 must be above alpha 0.05');
  });
});

describe('sampleSize', () => {
  it('agrees with pwr', () => {
    expect(sampleSize(arms, 0.2).exact).toBeCloseTo(393.405696, 5);
    expect(sampleSize(arms, 0.5).exact).toBeCloseTo(63.7656104, 6);
    expect(sampleSize(pairs, 0.5).exact).toBeCloseTo(33.3671291, 6);
    expect(sampleSize(arms, 0.5).size).toBe(64);
  });

  it('plans 23 groups of 15 an arm for 0.28 at an intraclass correlation of 0.05, and fewer with a baseline', () => {
    const plain = sampleSize((count) => clusters(2 * count), 0.28, 0.8, {}, 2);
    expect(plain.size).toBe(24);
    const baseline = { r2Person: 0.36, r2Cluster: 0.36, covariates: 1 };
    expect(sampleSize((count) => clusters(2 * count, baseline), 0.28, 0.8, {}, 2).size).toBe(16);
  });

  it('makes a table that has more people for smaller effects and more power', () => {
    const table = sampleSizeTable(arms, [0.2, 0.28, 0.5]);
    expect(table.powers).toEqual([0.8, 0.9]);
    expect(table.rows.map((row) => row.sizes)).toEqual([
      [394, 527],
      [202, 270],
      [64, 86],
    ]);
  });

  it('refuses an effect of nothing', () => {
    expect(() => sampleSize(arms, 0)).toThrow('effect must be a number other than 0');
    expect(() => sampleSize(arms, 1e-6)).toThrow('cannot be found with power 0.8');
  });
});

describe('other tests', () => {
  it('agree with pwr and power.prop.test', () => {
    expect(anovaSize(4, 0.25)).toBeCloseTo(44.5992743, 5);
    expect(correlationSize(0.3)).toBeCloseTo(84.0736398, 5);
    expect(twoProportionsSize(0.5, 0.75, 0.9)).toBeCloseTo(76.7069301, 5);
  });

  it('compare two groups by analysis of variance as by t', () => {
    expect(anovaPower(2, 30, 0.75 / 2)).toBeCloseTo(power(arms(30), 0.75), 8);
  });

  it('refuse what no size finds', () => {
    expect(() => correlationSize(0)).toThrow('r must not be 0');
    expect(() => twoProportionsSize(0.4, 0.4)).toThrow('first and second must differ');
    expect(() => twoProportionsPower(0, 0.4, 20)).toThrow('first must be between 0 and 1');
    expect(() => correlationPower(0.3, 3)).toThrow('people must be above 3');
    expect(() => anovaPower(1, 10, 0.2)).toThrow('groups must be 2 or more');
  });
});
