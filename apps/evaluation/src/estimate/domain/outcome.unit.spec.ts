import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { statisticsOutcomeEstimator } from '../statistics-outcome-estimator.js';
import { type Estimate, reviseEstimates } from './estimate.js';
import { estimateOutcomes, type Evidence, isHarmful, isSameResult, type OutcomeResult } from './outcome.js';

const item = { code: 'trust', minimum: 1, maximum: 5, higherIs: 'better', primary: true };
type Person = { arm?: string; cluster?: string; before?: number; after?: number };

const evidence = (design: string, people: readonly Person[], change: Partial<typeof item> = {}): Evidence => ({
  design,
  instruments: [{ id: 'i', items: [{ ...item, ...change }] }],
  answers: people.flatMap(({ arm = '', cluster = '', before, after }, index) => {
    const at = (wave: string, value: number | undefined) => (value === undefined ? [] : [{ instrumentId: 'i', item: 'trust', wave, respondent: `P${index}`, value, arm, cluster }]);
    return [...at('baseline', before), ...at('post', after)];
  }),
});

const estimate = (...args: Parameters<typeof evidence>): OutcomeResult => {
  const [outcome] = estimateOutcomes(evidence(...args), statisticsOutcomeEstimator);
  if (!outcome) throw new Error('no outcome');
  return outcome.result;
};

const group = (count: number, of: (index: number) => Person): Person[] => Array.from({ length: count }, (_, index) => of(index));
const varied = group(8, (index) => ({ before: 2, after: 3 + (index % 2) }));
const arms = (size: number, cluster: (index: number) => string = () => ''): Person[] =>
  group(size * 2, (index) => ({ arm: index % 2 ? 'treatment' : 'comparison', cluster: cluster(index), before: 3, after: 3 + (index % 2) + (index % 3) / 2 }));

describe('estimateOutcomes', () => {
  it('calls the change of one group a change, on the 0 to 1 scale', () => {
    const result = estimate('none', varied);
    expect(result).toMatchObject({ method: 'one-group-change-t', claim: 'change', n: 8, nComparison: 0, nTreatment: 8, caveats: ['no-comparison'], harmful: false });
    expect(result.difference).toBeCloseTo(1.5 / 4, 12);
    expect(result.df).toBeCloseTo(7, 10);
  });

  it.each([
    ['individually-randomised', 'effect', []],
    ['cluster-randomised', 'effect', []],
    ['waitlist', 'effect', []],
    ['comparison', 'adjusted-difference', ['not-randomised']],
  ])('lets the design %s claim %s', (design, claim, caveats) => {
    expect(estimate(design, arms(12))).toMatchObject({ method: 'two-arm-change-hc2', claim, caveats, n: 24, nComparison: 12, nTreatment: 12 });
  });

  it('respects clusters where they are given', () => {
    const result = estimate('cluster-randomised', arms(12, (index) => `c${index % 2}-${index % 5}`));
    expect(result).toMatchObject({ method: 'two-arm-change-cr2', clusters: 10 });
    expect((result.changeTreatment ?? 0) - (result.changeComparison ?? 0)).toBeCloseTo(result.difference ?? Number.NaN, 12);
  });

  it('claims a change only when the comparison arm is silent', () => {
    const people = group(8, (index) => ({ arm: 'treatment', cluster: `c${index % 4}`, before: 2, after: 3 + (index % 3) / 2 }));
    expect(estimate('cluster-randomised', [...people, { arm: 'comparison', before: 2 }])).toMatchObject({ method: 'one-group-change-cr2', claim: 'change', nComparison: 0 });
  });

  it('gives no figures of fewer than five people, in all or in an arm', () => {
    for (const people of [varied.slice(0, 4), [], [{ after: 3 }]]) {
      const outcomes = estimateOutcomes(evidence('none', [...people, { after: 1 }]), statisticsOutcomeEstimator);
      expect(outcomes[0]?.result.caveats).toContain('too-few-pairs');
      expect(Object.keys(outcomes[0]?.result ?? {})).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(change|difference|standardError|df|interval)/)]));
    }
    const lopsided = [...arms(4).filter(({ arm }) => arm === 'comparison'), ...arms(20).filter(({ arm }) => arm === 'treatment')];
    expect(estimate('comparison', lopsided)).toMatchObject({ caveats: ['too-few-pairs', 'not-randomised'], n: 24 });
    expect(estimate('comparison', lopsided).difference).toBeUndefined();
  });

  it('counts attrition by arm, and warns when it is high or uneven', () => {
    const result = estimate('individually-randomised', [...arms(20), ...group(5, () => ({ arm: 'treatment', before: 3 })), { arm: 'comparison', after: 3 }]);
    expect(result).toMatchObject({ answeredBaseline: 45, answeredWave: 41, n: 40, attritionComparison: 0, attritionTreatment: 0.2, caveats: ['high-attrition'] });
    expect(result.attrition).toBeCloseTo(5 / 45, 12);
  });

  it('says what an interval lacks: variation, clusters, degrees of freedom', () => {
    expect(estimate('none', group(6, () => ({ before: 1, after: 2 })))).toMatchObject({ difference: 0.25, caveats: ['no-variation', 'no-comparison'] });
    expect(estimate('cluster-randomised', arms(6, (index) => `c${index % 2}`))).toMatchObject({ caveats: ['too-few-clusters'] });
    const low = estimate('cluster-randomised', arms(9, (index) => `c${index % 2}-${index % 3}`));
    expect(low.df).toBeLessThan(4.01);
    expect(estimate('cluster-randomised', arms(8, (index) => `c${index % 2}-${index % 4 < 2}`)).caveats).toContain('low-df');
  });

  it('makes one estimate per item and later wave, and none of a baseline alone', () => {
    const base = evidence('none', varied);
    const answers = [...base.answers, ...base.answers.filter(({ wave }) => wave === 'post').map((one) => ({ ...one, wave: '6-months' }))];
    expect(estimateOutcomes({ ...base, answers }, statisticsOutcomeEstimator).map(({ wave }) => wave)).toEqual(['post', '6-months']);
    expect(estimateOutcomes({ ...base, answers: base.answers.filter(({ wave }) => wave === 'baseline') }, statisticsOutcomeEstimator)).toEqual([]);
  });

  it('never publishes a figure that is not finite, or of fewer than five', () => {
    const value = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined });
    const person = fc.record({ arm: fc.constantFrom('', 'treatment', 'comparison'), cluster: fc.constantFrom('', 'a', 'b', 'c'), before: value, after: value });
    fc.assert(
      fc.property(fc.constantFrom('none', 'comparison', 'cluster-randomised', 'unheard-of'), fc.array(person, { maxLength: 30 }), (design, people) => {
        for (const { result } of estimateOutcomes(evidence(design, people), statisticsOutcomeEstimator)) {
          expect(Object.values(result).filter((figure) => typeof figure === 'number').every(Number.isFinite)).toBe(true);
          if (result.difference !== undefined) expect(Math.min(result.nTreatment, result.changeComparison === undefined ? 5 : result.nComparison)).toBeGreaterThanOrEqual(5);
          expect(result.attrition).toBeGreaterThanOrEqual(0);
          expect(result.attrition).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('isHarmful', () => {
  it.each([
    ['worse', 0.01, 0.2, true],
    ['worse', 0, 0.2, false],
    ['better', 0.01, 0.2, false],
    ['better', -0.2, -0.01, true],
    ['better', -0.2, 0.01, false],
    ['neither', 0.01, 0.2, false],
  ])('minds that higher is %s for [%d, %d]', (higherIs, intervalLow, intervalHigh, harmful) => {
    expect(isHarmful(higherIs, { intervalLow, intervalHigh })).toBe(harmful);
    expect(isHarmful(higherIs, {})).toBe(false);
  });
});

describe('reviseEstimates', () => {
  const making = { now: new Date('2026-01-01T00:00:00Z'), newId: () => 'new' };
  const programme = { mission: 'PE', interventionId: 'x' };

  it('tells what is new or different, and nothing else', () => {
    const outcomes = estimateOutcomes(evidence('none', varied), statisticsOutcomeEstimator);
    const [first] = reviseEstimates(programme, outcomes, [], making);
    expect(first?.estimate).toMatchObject({ id: 'new', revision: 1, mission: 'PE' });
    const kept = JSON.parse(JSON.stringify(first!.estimate)) as Estimate;
    const { primary, ...rest } = kept.result;
    expect(reviseEstimates(programme, outcomes, [{ ...kept, result: { primary, ...rest } }], making)).toEqual([]);
    const changed = estimateOutcomes(evidence('none', [...varied, { before: 2, after: 5 }]), statisticsOutcomeEstimator);
    expect(reviseEstimates(programme, changed, [kept], { ...making, newId: () => 'other' })).toMatchObject([{ estimate: { id: 'new', revision: 2, result: { n: 9 } } }]);
    expect(isSameResult(outcomes[0]!.result, changed[0]!.result)).toBe(false);
  });
});
