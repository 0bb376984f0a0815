import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { statisticsOutcomeEstimator } from '../statistics-outcome-estimator.js';
import { type Estimate, reviseEstimates } from './estimate.js';
import { estimateOutcomes, type Evidence, isSameResult, type OutcomeResult } from './outcome.js';

const item = { code: 'trust', minimum: 1, maximum: 5, higherIs: 'better', primary: true };
type Person = { arm?: string; cluster?: string; stratum?: string; before?: number; after?: number };

const evidence = (design: string, people: readonly Person[], change: Partial<typeof item> = {}): Evidence => ({
  design,
  instruments: [{ id: 'i', items: [{ ...item, ...change }] }],
  answers: people.flatMap(({ arm = '', cluster = '', stratum = '', before, after }, index) => {
    const at = (wave: string, value: number | undefined) => (value === undefined ? [] : [{ instrumentId: 'i', item: 'trust', wave, respondent: `P${index}`, value, arm, cluster, stratum }]);
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
    ['individually-randomised', 'effect', 5, 'ancova-hc2', []],
    ['cluster-randomised', 'effect', 5, 'two-arm-change-hc2', []],
    ['waitlist', 'effect', 5, 'ancova-hc2', []],
    ['comparison', 'adjusted-difference', 4, 'two-arm-change-hc2', ['not-randomised', 'parallel-change-untested']],
  ])('lets the design %s claim %s', (design, claim, rung, method, caveats) => {
    expect(estimate(design, arms(12))).toMatchObject({ method, claim, rung, caveats, n: 24, nComparison: 12, nTreatment: 12 });
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
    expect(estimate('comparison', lopsided)).toMatchObject({ caveats: ['too-few-pairs', 'not-randomised', 'parallel-change-untested'], n: 24 });
    expect(estimate('comparison', lopsided).difference).toBeUndefined();
  });

  it('counts attrition by arm, and warns when it is high or uneven', () => {
    const result = estimate('individually-randomised', [...arms(20), ...group(5, () => ({ arm: 'treatment', before: 3 })), { arm: 'comparison', after: 3 }]);
    expect(result).toMatchObject({ answeredBaseline: 45, answeredWave: 41, n: 40, attritionComparison: 0, attritionTreatment: 0.2, caveats: ['high-attrition'] });
    expect(result.attrition).toBeCloseTo(5 / 45, 12);
  });

  it('says what an interval lacks: variation, clusters, degrees of freedom', () => {
    expect(estimate('none', group(6, () => ({ before: 1, after: 2 })))).toMatchObject({ difference: 0.25, caveats: ['no-variation', 'no-comparison'] });
    expect(estimate('cluster-randomised', arms(6, (index) => `c${index % 2}`))).toMatchObject({ rung: 4, caveats: ['too-few-clusters', 'parallel-change-untested', 'one-cluster-an-arm'] });
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

describe('what stands beside an estimate', () => {
  /** Ten clusters in two strata, treatment better by about one point of four. */
  const trial = (size = 60): Person[] =>
    group(size, (index) => {
      const cluster = index % 10;
      const row = Math.floor(index / 10);
      const before = 1 + ((row * 3 + index) % 4);
      return { arm: cluster % 2 ? 'treatment' : 'comparison', cluster: `c${cluster}`, stratum: cluster < 4 ? 'north' : 'south', before, after: before + (cluster % 2) - Number((row * row + cluster * 2) % 5 === 0) };
    });

  it.each([
    ['worse', true, 'This is harm'],
    ['better', false, 'helpful side'],
    ['neither', false, 'no good or bad side'],
  ])('minds that higher is %s', (higherIs, harmful, words) => {
    const result = estimate('cluster-randomised', trial(), { higherIs });
    expect(result.harmful).toBe(harmful);
    expect(result.sentence).toContain(words);
  });

  it('draws the lot of clusters again within strata, every outcome of it', () => {
    const result = estimate('cluster-randomised', trial());
    // Two of four clusters in the north and three of six in the south: 6 x 20.
    expect(result).toMatchObject({ randomisationMethod: 'randomisation-exact', randomisationAssignments: 120, clustersComparison: 5, clustersTreatment: 5 });
    expect(result.randomisationPValue).toBeCloseTo(2 / 120, 12);
  });

  it('draws people where people were drawn, and nothing where nobody was', () => {
    const drawn = estimate('individually-randomised', trial());
    expect(drawn).toMatchObject({ method: 'ancova-cr2', randomisationMethod: 'randomisation-monte-carlo', randomisationAssignments: 2001, besideMethod: 'two-arm-change-cr2' });
    expect(estimate('comparison', trial()).randomisationPValue).toBeUndefined();
    expect(estimate('individually-randomised', trial())).toEqual(drawn);
  });

  it('shows difference in differences beside ANCOVA and the other way round', () => {
    const [people, clusters] = [estimate('individually-randomised', trial()), estimate('cluster-randomised', trial())];
    expect(people.besideDifference).toBeCloseTo(clusters.difference ?? Number.NaN, 12);
    expect(clusters.besideDifference).toBeCloseTo(people.difference ?? Number.NaN, 12);
    expect(clusters.besideMethod).toBe('ancova-cr2');
  });

  it('gives the estimate in standard deviations of baseline, and what the design could have found', () => {
    const result = estimate('cluster-randomised', trial());
    expect(result.standardisedMeasure).toBe('d-ppc2');
    expect(Math.sign(result.standardised ?? 0)).toBe(Math.sign(result.difference ?? 0));
    expect(result.standardised ?? 0).toBeGreaterThan(result.difference ?? 0);
    expect(result.standardisedLow).toBeLessThan(result.standardised ?? 0);
    expect(result.minimalDetectable).toBeGreaterThan(0.5);
    expect(estimate('cluster-randomised', trial(600)).minimalDetectable ?? 0).toBeLessThan(result.minimalDetectable ?? 0);
    expect(estimate('none', varied).minimalDetectable).toBeCloseTo(1.155, 2);
  });

  it('compares arms at the wave where a lot was drawn and nobody was asked before', () => {
    const unasked = trial().map(({ before: _, ...person }) => person);
    expect(estimate('individually-randomised', unasked.map(({ cluster: _, ...person }) => person))).toMatchObject({ method: 'two-arm-level-hc2', rung: 5, claim: 'effect', caveats: ['no-baseline'], standardisedMeasure: 'g' });
    expect(estimate('comparison', unasked)).toMatchObject({ method: 'one-group-level-cr2', rung: 1, claim: 'level', nComparison: 0, harmful: false });
    expect(estimate('comparison', unasked).sentence).not.toMatch(/effect|change in/i);
  });

  it('falls to a change by itself when the comparison arm is not there', () => {
    const alone = estimate('cluster-randomised', trial().filter(({ arm }) => arm === 'treatment'), { higherIs: 'worse' });
    expect(alone).toMatchObject({ method: 'one-group-change-cr2', rung: 2, claim: 'change', caveats: ['no-comparison'] });
    expect(alone.sentence).toMatch(/^Change in trust from baseline to post/);
    expect(alone.sentence).not.toMatch(/effect/i);
  });

  it('tells the gap to the public where it was asked at baseline, and takes it for no comparison', () => {
    const publicAnswers = group(30, (index) => ({ before: 1 + (index % 3) })).map(({ before = 0 }) => ({ instrumentId: 'i', item: 'trust', value: before }));
    const base = evidence('none', group(12, (index) => ({ before: 3 + (index % 2), after: 3 + (index % 3) })));
    const of = (asked: typeof publicAnswers, design = 'none') => estimateOutcomes({ ...base, design, publicAnswers: asked }, statisticsOutcomeEstimator)[0]?.result;
    expect(of(publicAnswers)).toMatchObject({ rung: 3, claim: 'change', caveats: ['no-comparison', 'public-is-no-comparison'] });
    expect(of(publicAnswers)?.sentence).toMatch(/^Change in trust.*Gap to the public at baseline: \+\d/);
    expect(of(publicAnswers)?.sentence).not.toMatch(/effect/i);
    expect(of(publicAnswers.slice(0, 4))).toMatchObject({ rung: 2 });
    expect(of(publicAnswers.map((answer) => ({ ...answer, item: 'other' })))).toMatchObject({ rung: 2 });
  });

  it('adjusts p-values within the primary outcomes of a wave, and within the others', () => {
    const base = evidence('cluster-randomised', trial());
    const codes = ['one', 'two', 'three'] as const;
    const answers = base.answers.flatMap((answer) => codes.map((code, index) => ({ ...answer, item: code, value: Math.min(5, answer.value + (answer.wave === 'post' && index === 1 && answer.cluster === 'c1' ? 1 : 0)) })));
    const items = codes.map((code, index) => ({ ...item, code, primary: index < 2 }));
    const results = estimateOutcomes({ ...base, answers, instruments: [{ id: 'i', items }] }, statisticsOutcomeEstimator).map(({ result }) => result);
    const [one, two, three] = results;
    const smaller = Math.min(one?.pValue ?? 1, two?.pValue ?? 1);
    expect(results.map(({ adjustment }) => adjustment)).toEqual(['holm', 'holm', 'benjamini-hochberg']);
    expect(Math.min(one?.adjustedPValue ?? 1, two?.adjustedPValue ?? 1)).toBeCloseTo(Math.min(1, 2 * smaller), 12);
    expect(three?.adjustedPValue).toBe(three?.pValue);
  });

  it('gives no p-value of an interval that leans on fewer than four degrees of freedom; the lot still has one', () => {
    const low = estimate('cluster-randomised', trial().filter(({ cluster }) => ['c0', 'c1', 'c2', 'c3'].includes(cluster ?? '')));
    expect(low.df).toBeLessThan(4);
    expect(low.pValue).toBeUndefined();
    expect(low.caveats).toContain('low-df');
    expect(low.adjustedPValue).toBe(low.randomisationPValue);
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
