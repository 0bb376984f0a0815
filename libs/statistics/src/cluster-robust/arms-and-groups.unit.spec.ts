import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupMean } from './group-mean.js';
import { twoArmDifference, type ArmObservation } from './two-arm-difference.js';

const VALUES = [
  0.25, -0.5, 0, 0.25, 0.5, 0.75, -0.25, 0, 0.25, -0.25, 0.5, 0.25, 0.5, 1, 0, 0.25, 0.75, -0.25, 0.5, 0.25,
];
const CLUSTERS = [...'aaaabbcccccdddeeffff'];
const people = VALUES.map((value, row): ArmObservation => {
  const cluster = CLUSTERS[row]!;
  return { value, cluster, arm: 'bdf'.includes(cluster) ? 'treatment' : 'comparison' };
});
const withoutClusters = people.map(({ value, arm }) => ({ value, arm }));

const figures = <T extends { estimable: boolean }>(result: T): Extract<T, { estimable: true }> => {
  if (!result.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const varianceOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + (value - meanOf(values)) ** 2, 0) / (values.length - 1);

describe('twoArmDifference', () => {
  it('agrees with clubSandwich 0.5.8 where whole clusters were assigned', () => {
    const result = figures(twoArmDifference(people));
    expect(result.estimate).toBeCloseTo(0.426767676767677, 12);
    expect(result.standardError).toBeCloseTo(0.115338779024981, 12);
    expect(result.df).toBeCloseTo(3.55871886120996, 10);
    expect(result.pValue).toBeCloseTo(0.0255704411069544, 10);
    expect(result.meanTreatment - result.meanComparison).toBeCloseTo(result.estimate, 12);
    expect(result).toMatchObject({
      variance: 'cr2',
      clusters: 6,
      observationsComparison: 11,
      observationsTreatment: 9,
    });
  });

  it('agrees with clubSandwich 0.5.8 where each person is a cluster', () => {
    const result = figures(twoArmDifference(withoutClusters));
    expect(result.standardError).toBeCloseTo(0.1496944478311, 12);
    expect(result.df).toBeCloseTo(17.2228202368138, 10);
    expect(result.pValue).toBeCloseTo(0.0109490134493515, 10);
    expect(result).toMatchObject({ variance: 'hc2', clusters: 20 });
  });

  it('has the standard error of Welch when clusters are persons', () => {
    const arm = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(arm, arm, (comparison, treatment) => {
        const result = twoArmDifference([
          ...comparison.map((value) => ({ value, arm: 'comparison' as const })),
          ...treatment.map((value) => ({ value, arm: 'treatment' as const })),
        ]);
        const welch = Math.sqrt(
          varianceOf(comparison) / comparison.length + varianceOf(treatment) / treatment.length,
        );
        if (!result.estimable) return expect(welch).toBeCloseTo(0, 12);
        const [n1, n2] = [comparison.length, treatment.length];
        expect(result.standardError).toBeCloseTo(welch, 10);
        const df = (1 / n1 + 1 / n2) ** 2 / (1 / (n1 ** 2 * (n1 - 1)) + 1 / (n2 ** 2 * (n2 - 1)));
        expect(result.df).toBeCloseTo(df, 8);
      }),
    );
  });

  it('is the two-sample comparison of cluster means when clusters are equally large', () => {
    const size = 3;
    const means = { comparison: [0, 1, 3, 2], treatment: [2, 5, 4] };
    const result = figures(
      twoArmDifference(
        (['comparison', 'treatment'] as const).flatMap((arm) =>
          means[arm].flatMap((mean, index) =>
            [-1, 0, 1].map((offset) => ({
              value: mean + offset * (index + 1),
              arm,
              cluster: `${arm}${index}`,
            })),
          ),
        ),
      ),
    );
    expect(result.observations).toBe(size * 7);
    expect(result.standardError).toBeCloseTo(
      Math.sqrt(varianceOf(means.comparison) / 4 + varianceOf(means.treatment) / 3),
      12,
    );
    expect(result.df).toBeCloseTo((1 / 4 + 1 / 3) ** 2 / (1 / (16 * 3) + 1 / (9 * 2)), 10);
  });

  it('turns around when the arms are swapped', () => {
    const there = figures(twoArmDifference(people));
    const back = figures(
      twoArmDifference(
        people.map((one) => ({ ...one, arm: one.arm === 'treatment' ? 'comparison' : 'treatment' })),
      ),
    );
    expect(back.estimate).toBeCloseTo(-there.estimate, 12);
    expect(back.intervalLow).toBeCloseTo(-there.intervalHigh, 12);
    expect(back.standardError).toBeCloseTo(there.standardError, 12);
  });

  it('keeps people without a cluster apart, whatever clusters are called', () => {
    const mixed = figures(
      twoArmDifference(people.map((one, row) => (row < 4 ? { value: one.value, arm: one.arm } : one))),
    );
    expect(mixed.clusters).toBe(5 + 4);
    expect(mixed.variance).toBe('cr2');
  });

  it('says what is missing', () => {
    expect(twoArmDifference(people.filter((one) => one.arm === 'treatment'))).toEqual({
      estimable: false,
      because: 'arm-missing',
    });
    expect(twoArmDifference([])).toEqual({ estimable: false, because: 'arm-missing' });
    expect(twoArmDifference(people.map((one) => ({ ...one, cluster: one.arm })))).toEqual({
      estimable: false,
      because: 'too-few-clusters',
    });
    expect(() => twoArmDifference([{ value: Number.NaN, arm: 'treatment' }])).toThrow(
      'value[0] must be a finite number',
    );
  });
});

describe('groupMean', () => {
  it('agrees with clubSandwich 0.5.8 by cluster', () => {
    const result = figures(groupMean(people));
    expect(result.estimate).toBeCloseTo(0.2375, 12);
    expect(result.standardError).toBeCloseTo(0.104910335587452, 12);
    expect(result.df).toBeCloseTo(4.42587384491764, 10);
    expect(result.intervalLow).toBeCloseTo(-0.0430502567419337, 8);
    expect(result.intervalHigh).toBeCloseTo(0.518050256741934, 8);
    expect(result).toMatchObject({ variance: 'cr2', clusters: 6 });
  });

  it('is Student without clusters (R: t.test)', () => {
    const result = figures(groupMean(withoutClusters));
    expect(result.estimate / result.standardError).toBeCloseTo(2.76217096349785, 10);
    expect(result.df).toBeCloseTo(19, 10);
    expect(result.pValue).toBeCloseTo(0.0124031203847405, 10);
    expect(result.intervalLow).toBeCloseTo(0.0575353202277952, 10);
    expect(result.intervalHigh).toBeCloseTo(0.4174646797722048, 10);
    expect(result.variance).toBe('t');
  });

  it('says why one person, one cluster or equal values carry none', () => {
    expect(groupMean([])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(groupMean([{ value: 1 }])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(groupMean([{ value: 1 }, { value: 1 }])).toEqual({ estimable: false, because: 'no-variation' });
    expect(
      groupMean([
        { value: 1, cluster: 'a' },
        { value: 2, cluster: 'a' },
      ]),
    ).toEqual({
      estimable: false,
      because: 'too-few-clusters',
    });
  });
});
