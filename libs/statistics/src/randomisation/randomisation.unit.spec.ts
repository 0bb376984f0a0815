import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ancova } from '../difference/ancova.js';
import { estimated } from '../golden/golden-rows.fixture.js';
import { seededRandom } from '../random/random.js';
import { randomisationTest, type RandomisedObservation } from './randomisation-test.js';
import { wildClusterBootstrap } from './wild-cluster-bootstrap.js';

const arms = (treated: string, clusters: readonly string[]) =>
  clusters.map((cluster) => (treated.includes(cluster) ? ('treatment' as const) : ('comparison' as const)));

/** Six clusters of unequal size in two strata. */
const CLUSTERS = [...'aabbbcccddeeeff'];
const VALUES = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9];
const people = (treated = 'adf'): RandomisedObservation[] =>
  arms(treated, CLUSTERS).map((arm, row) => {
    const cluster = CLUSTERS[row] ?? '';
    return { value: VALUES[row] ?? 0, arm, cluster, stratum: 'abc'.includes(cluster) ? 'north' : 'south' };
  });

const meanDifference = (list: readonly RandomisedObservation[]): number => {
  const mean = (arm: string) => {
    const own = list.filter((one) => one.arm === arm);
    return own.reduce((sum, one) => sum + one.value, 0) / own.length;
  };
  return mean('treatment') - mean('comparison');
};

describe('randomisationTest', () => {
  it('tries every assignment that keeps clusters whole and strata as they were', () => {
    const actual = meanDifference(people());
    const all = [...'abc'].flatMap((north) => ['de', 'df', 'ef'].map((south) => meanDifference(people(north + south))));
    const result = estimated(randomisationTest(people(), { seed: 1 }));
    expect(result).toMatchObject({
      method: 'randomisation-exact',
      assignments: 9,
      possible: 9,
      units: 6,
      strata: 2,
      observations: 15,
    });
    expect(result.statistic).toBeCloseTo(actual, 12);
    expect(result.pGreater).toBeCloseTo(all.filter((value) => value >= actual - 1e-9).length / 9, 12);
    expect(result.pTwoSided).toBeCloseTo(all.filter((value) => Math.abs(value) >= Math.abs(actual) - 1e-9).length / 9, 12);
  });

  it('draws where there are too many, and comes near the exact answer; the seed decides', () => {
    const list = VALUES.map((value, row) => ({ value, arm: row % 2 ? ('treatment' as const) : ('comparison' as const) }));
    const exact = estimated(randomisationTest(list, { seed: 1 }));
    const drawn = estimated(randomisationTest(list, { seed: 5, exactUpTo: 100, draws: 20_000 }));
    expect(exact).toMatchObject({ method: 'randomisation-exact', possible: 6435 });
    expect(drawn).toMatchObject({ method: 'randomisation-monte-carlo', assignments: 20_001, seed: 5 });
    expect(drawn.pTwoSided).toBeCloseTo(exact.pTwoSided, 1);
    expect(randomisationTest(list, { seed: 5, exactUpTo: 100, draws: 20_000 })).toEqual(drawn);
  });

  it('adjusts the statistic as least squares does', () => {
    const adjusted = people().map((one, row) => ({ ...one, covariates: [(row * 7) % 5, row] }));
    const fit = estimated(ancova(adjusted, { variance: 'classical' }));
    expect(estimated(randomisationTest(adjusted, { seed: 1 })).statistic).toBeCloseTo(fit.estimate, 10);
  });

  it('minds no order, unit, constant or label', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 15, maxLength: 15 }), (values) => {
        const list = people().map((one, row) => ({ ...one, value: values[row] ?? 0 }));
        const there = estimated(randomisationTest(list, { seed: 1 }));
        const other = estimated(
          randomisationTest(
            list.map((one) => ({ ...one, value: 3 * one.value + 8, cluster: `x${one.cluster}`, stratum: `y${one.stratum}` })).reverse(),
            { seed: 2 },
          ),
        );
        expect(other.pTwoSided).toBeCloseTo(there.pTwoSided, 12);
        expect(other.statistic).toBeCloseTo(3 * there.statistic, 10);
        const turned = estimated(randomisationTest(list.map((one) => ({ ...one, value: -one.value })), { seed: 1 }));
        expect(turned.pGreater).toBeCloseTo(there.pLess, 12);
      }),
      { numRuns: 30 },
    );
  });

  it('says what cannot be told, and refuses a lot that was not one', () => {
    expect(randomisationTest(people('abcdef'), { seed: 1 })).toEqual({ estimable: false, because: 'arm-missing' });
    expect(randomisationTest(people('abc'), { seed: 1 })).toEqual({ estimable: false, because: 'not-identified' });
    const [first, ...rest] = people();
    if (!first) throw new Error('nobody');
    expect(() => randomisationTest([{ ...first, arm: 'comparison' }, ...rest], { seed: 1 })).toThrow(
      'cluster a lies in both arms',
    );
    expect(() => randomisationTest([{ ...first, stratum: 'south' }, ...rest], { seed: 1 })).toThrow(
      'cluster a lies in several strata',
    );
    expect(() => randomisationTest(people(), { seed: 1, exactUpTo: 1, draws: 0 })).toThrow('draws must be');
  });
});

describe('wildClusterBootstrap', () => {
  const sample = (seed: number, effect: number) => {
    const random = seededRandom(seed);
    const clusters = Array.from({ length: 12 }, (_, index) => index).flatMap((cluster) =>
      Array.from({ length: 3 + (cluster % 4) }, () => cluster),
    );
    const shared = Array.from({ length: 12 }, random.normal);
    return {
      design: clusters.map((cluster, row) => [1, cluster % 2, (row * 5) % 7]),
      outcome: clusters.map((cluster) => effect * (cluster % 2) + 0.5 * (shared[cluster] ?? 0) + random.normal()),
      clusters: clusters.map(String),
      contrast: [0, 1, 0],
    };
  };

  it('rejects a true null about as often as it should, and a false one more often', () => {
    const pOf = (effect: number) =>
      Array.from({ length: 120 }, (_, seed) => estimated(wildClusterBootstrap({ ...sample(seed, effect), seed, draws: 199 })).pValue);
    const rejected = (ps: readonly number[]) => ps.filter((p) => p <= 0.05).length / ps.length;
    expect(rejected(pOf(0))).toBeLessThan(0.12);
    expect(rejected(pOf(2))).toBeGreaterThan(0.7);
  });

  it('is the same for the same seed, in another unit and in another order', () => {
    const input = { ...sample(3, 0.5), seed: 9, draws: 499 };
    const there = estimated(wildClusterBootstrap(input));
    expect(wildClusterBootstrap(input)).toEqual(there);
    const scaled = estimated(wildClusterBootstrap({ ...input, outcome: input.outcome.map((y) => 1e5 * y) }));
    expect(scaled.pValue).toBeCloseTo(there.pValue, 12);
    expect(scaled.statistic).toBeCloseTo(there.statistic, 9);
    expect(there).toMatchObject({ clusters: 12, draws: 499, seed: 9, method: 'wild-cluster-bootstrap-webb' });
  });

  it('imposes the null by refitting: its restricted residuals are those of the design without the column', () => {
    const input = { ...sample(4, 0.5), seed: 1, draws: 99 };
    const shifted = { ...input, outcome: input.outcome.map((y, row) => y + 3 * (input.design[row]?.[2] ?? 0) + 1) };
    expect(estimated(wildClusterBootstrap(shifted)).pValue).toBeCloseTo(
      estimated(wildClusterBootstrap(input)).pValue,
      12,
    );
  });

  it('says why not', () => {
    const input = { ...sample(1, 0), seed: 1, draws: 9 };
    expect(wildClusterBootstrap({ ...input, clusters: input.clusters.map(() => 'one') })).toEqual({
      estimable: false,
      because: 'too-few-clusters',
    });
    expect(wildClusterBootstrap({ ...input, design: input.design.map(() => [1, 0, 0]) })).toEqual({
      estimable: false,
      because: 'not-identified',
    });
    expect(wildClusterBootstrap({ ...input, outcome: input.outcome.map(() => 2) })).toEqual({
      estimable: false,
      because: 'no-variation',
    });
    expect(() => wildClusterBootstrap({ ...input, clusters: ['a'] })).toThrow('clusters has 1 entries');
  });
});
