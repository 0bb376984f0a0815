import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forbiddenWordsIn, type Rung } from '../claims/index.js';
import { estimated } from '../golden/golden-rows.fixture.js';
import {
  acceptabilityCurve,
  costEffectiveness,
  cumulative,
  effectSize,
  eggerTest,
  fiellerInterval,
  influence,
  leaveOneOut,
  metaRegression,
  ofClaim,
  petPeese,
  pool,
  rankCorrelationTest,
  shrunkenEstimates,
  subgroups,
  TAU2_METHODS,
  threeLevelPool,
  trimAndFill,
  type EffectSize,
} from './index.js';
import { schoolTrials } from './schools-in-districts.fixture.js';
import { aComparison, aTrial, oneGroup, trials } from './studies.fixture.js';
import { vaccineTrials } from './trials-of-a-vaccine.fixture.js';

/** Every number somewhere in a result. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};
const close = (figures: readonly (number | undefined)[], expected: readonly number[], digits = 6): void => {
  expect(figures).toHaveLength(expected.length);
  figures.forEach((figure, index) => expect(figure).toBeCloseTo(expected[index] ?? Number.NaN, digits));
};

/** The generalised Q of the vaccine trials, whose root at k - 1 is what Paule and Mandel ask for. */
const weightedSquares = (tau2: number): number => {
  const weights = vaccineTrials.map(({ variance }) => 1 / (variance + tau2));
  const mean = vaccineTrials.reduce((sum, { estimate }, index) => sum + estimate * weights[index]!, 0) / weights.reduce((sum, w) => sum + w, 0);
  return vaccineTrials.reduce((sum, { estimate }, index) => sum + weights[index]! * (estimate - mean) ** 2, 0);
};

describe('rungs in a pool', () => {
  const change = effectSize(oneGroup, { study: 'a', estimate: 0.3, variance: 0.01 });
  const difference = effectSize(aComparison, { study: 'b', estimate: 0.2, variance: 0.01 });
  const effect = effectSize(aTrial, { study: 'c', estimate: 0.1, variance: 0.01 });

  it('come from designs', () => {
    expect([change, difference, effect].map(({ claim, rung }) => [claim, rung])).toEqual([['change', 2], ['adjusted-difference', 4], ['effect', 5]]);
    expect(effectSize({ ...oneGroup, populationSurvey: true }, { study: 'd', estimate: 0, variance: 1 })).toMatchObject({ claim: 'change', rung: 3 });
    expect(() => effectSize({ ...oneGroup, waves: 1 }, { study: 'd', estimate: 0, variance: 1 })).toThrow('design of d allows a level only');
  });

  it('do not mix: neither for the compiler nor at run time', () => {
    const mixed = [change, effect] as (EffectSize<'change'> | EffectSize<'effect'>)[];
    // @ts-expect-error: no overload takes a mixed list
    expect(() => pool(mixed)).toThrow('effects must be of one claim and never mixed, not change and effect');
    // @ts-expect-error: nor does any other synthesis
    expect(() => leaveOneOut([...mixed, difference])).toThrow('never mixed');
  });

  it('cannot be written by hand, copied or taken over from another', () => {
    const upgraded = { ...change, claim: 'effect', rung: 5 as Rung } as unknown as EffectSize<'effect'>;
    expect(() => pool([effect as EffectSize<'effect'>, upgraded])).toThrow('effects[1] must come from effectSize');
    expect(() => ofClaim('effect', [{ ...effect } as EffectSize])).toThrow(TypeError);
    expect(() => Object.assign(change, { claim: 'effect' })).toThrow(TypeError);
  });

  it('are sorted out, one pool a claim', () => {
    const all = [change, difference, effect, effectSize(oneGroup, { study: 'e', estimate: 0.5, variance: 0.02 })];
    expect(ofClaim('change', all).map(({ study }) => study)).toEqual(['a', 'e']);
    expect(pool(ofClaim('change', all))).toMatchObject({ estimable: true, claim: 'change', k: 2 });
    expect(pool(ofClaim('effect', all))).toEqual({ estimable: false, because: 'too-few-studies', claim: 'effect', k: 1 });
  });

  it('choose the words of a pool', () => {
    const two = (design: typeof oneGroup, rung: Rung) => {
      const studies = [0.3, 0.5, 0.4].map((estimate, index) => effectSize(design, { study: `s${index}`, estimate, variance: 0.01 }));
      const claim = studies[0]!.claim as 'change';
      const { sentence } = estimated(pool(ofClaim(claim, studies)));
      expect(forbiddenWordsIn(rung, sentence)).toEqual([]);
      return sentence;
    };
    expect(two(oneGroup, 2)).toContain('Pooled change of 3 studies: +0.400 standard deviations');
    expect(two(aComparison, 4)).toContain('Pooled difference between arms of 3 studies');
    expect(two(aTrial, 5)).toContain('Pooled effect of 3 studies');
  });

  it('refuse what is malformed, by name', () => {
    expect(() => effectSize(aTrial, { study: 'x', estimate: Number.NaN, variance: 1 })).toThrow('estimate[0] must be a finite number');
    expect(() => effectSize(aTrial, { study: 'x', estimate: 0, variance: 0 })).toThrow('variance of x must be above 0');
    expect(() => effectSize(aTrial, { study: ' ', estimate: 0, variance: 1 })).toThrow('study must have a name');
    expect(() => effectSize(aTrial, { study: 'x', estimate: 0, variance: 1, clusters: { size: 0.5, icc: 0.1 } })).toThrow('clusters.size must be at least 1');
    expect(() => effectSize(aTrial, { study: 'x', estimate: 0, variance: 1, clusters: { size: 5, icc: 2 } })).toThrow('clusters.icc must be between 0 and 1');
    expect(() => pool(trials([1, 2], [1, 1], () => ({ study: 'same' })))).toThrow('"same" comes again');
    expect(() => pool(trials([1, 2], [1, 1]), { tau2Method: 'XX' as never })).toThrow('tau2Method must be one of REML');
    expect(() => pool(trials([1, 2], [1, 1]), { level: 95 })).toThrow('level must be between 0 and 1');
  });
});

describe('effectSize', () => {
  it('widens the variance by the design effect of clusters', () => {
    const sized = (clusters: { size: number; icc: number; sizeVariation?: number }) => effectSize(aTrial, { study: 'x', estimate: 0.3, variance: 0.02, clusters });
    expect(sized({ size: 15, icc: 0.05 })).toMatchObject({ designEffect: expect.closeTo(1.7, 12), variance: expect.closeTo(0.034, 12) });
    expect(sized({ size: 15, icc: 0.05, sizeVariation: 0.5 }).designEffect).toBeCloseTo(1 + (1.25 * 15 - 1) * 0.05, 12);
    expect(effectSize(aTrial, { study: 'x', estimate: 0.3, variance: 0.02 })).toMatchObject({ designEffect: 1, variance: 0.02, cluster: 'x' });
  });
});

describe('a pool', () => {
  it('meets metafor to the end of its iterations', () => {
    const { heterogeneity, pooled, hksjFactor } = estimated(pool(vaccineTrials));
    close([pooled.estimate, heterogeneity.tau2, hksjFactor], [-0.714532342158, 0.313243258137, 1.01126997197], 9);
  });

  it.each([
    ['HS', 0.228363], ['HE', 0.328564], ['DL', 0.30876], ['ML', 0.280028], ['REML', 0.313243], ['SJ', 0.345516], ['PM', 0.318068], ['EB', 0.318068],
  ] as const)('has tau2 by %s', (tau2Method, expected) => {
    const { heterogeneity, method } = estimated(pool(vaccineTrials, { tau2Method }));
    expect(heterogeneity.tau2).toBeCloseTo(expected, 5);
    expect(method).toContain(tau2Method);
    if (tau2Method === 'PM' || tau2Method === 'EB') expect(weightedSquares(heterogeneity.tau2)).toBeCloseTo(12, 9);
  });

  it('says that contact may do harm in a new place although it helped on average', () => {
    const d = [0.119, 0.527, 1.371, 0.252, 0.128, 0.1, 0.9, 0.45];
    const { sentence, prediction } = estimated(pool(trials(d, d.map(() => 0.03))));
    expect(estimated(prediction.hksj).low).toBeLessThan(0);
    expect(sentence).toContain('The whole interval lies on the helpful side. A new study may lie anywhere from −');
    expect(sentence).toContain('on the harmful side as well');
  });

  it('says harm when the whole interval is below zero', () => {
    const harm = estimated(pool(trials([-0.3, -0.4, -0.5, -0.35], [0.01, 0.01, 0.01, 0.01])));
    expect(harm).toMatchObject({ side: 'harmful', sentence: expect.stringContaining('The whole interval lies on the harmful side.') });
  });

  it('names three prediction intervals, and has none with k - 2 degrees of freedom for two studies', () => {
    const { prediction, pooledNormal, pooled } = estimated(pool(trials([0.1, 0.5], [0.02, 0.03])));
    expect(prediction.riley).toEqual({ estimable: false, because: 'too-few-studies' });
    expect(estimated(prediction.hksj)).toMatchObject({ convention: 'hksj', df: 1 });
    expect(estimated(prediction.normal)).toMatchObject({ convention: 'normal', df: undefined });
    close([pooled.intervalLow, pooled.intervalHigh], [-2.2488, 2.8238], 4);
    expect(pooledNormal?.df).toBeUndefined();
    expect((pooledNormal?.intervalHigh ?? 0) - (pooledNormal?.intervalLow ?? 0)).toBeLessThan(pooled.intervalHigh - pooled.intervalLow);
    expect(estimated(pool(vaccineTrials)).pooledNormal).toBeUndefined();
  });

  it('is not narrower than normal with the floor, where studies agree more than they should', () => {
    const agreeing = trials([0.1, 0.12, 0.11, 0.13, 0.1], [0.04, 0.05, 0.02, 0.03, 0.1]);
    const plain = estimated(pool(agreeing));
    const floored = estimated(pool(agreeing, { test: 'hksj-floor' }));
    close([plain.pooled.standardError, floored.pooled.standardError], [0.0055, 0.085], 4);
    expect(plain.heterogeneity).toMatchObject({ tau2: 0, i2: 0, h2: 1, tau2Interval: { low: 0, high: 0 } });
  });

  it('says what it cannot estimate: no study, one, and studies without any spread', () => {
    expect(pool([])).toEqual({ estimable: false, because: 'too-few-studies', claim: undefined, k: 0 });
    expect(pool(trials([1], [1]))).toMatchObject({ estimable: false, because: 'too-few-studies' });
    const same = trials([0.2, 0.2, 0.2], [0.1, 0.1, 0.1]);
    expect(pool(same)).toMatchObject({ estimable: false, because: 'no-variation' });
    expect(estimated(pool(same, { test: 'hksj-floor' })).heterogeneity.tau2).toBe(0);
    expect(estimated(pool(same, { test: 'z' })).pooled.estimate).toBeCloseTo(0.2, 12);
  });

  const studies = fc.array(fc.record({ y: fc.double({ min: -2, max: 2, noNaN: true }), v: fc.double({ min: 0.001, max: 1, noNaN: true }) }), { minLength: 2, maxLength: 12 });
  const options = fc.record({ tau2Method: fc.constantFrom(...TAU2_METHODS), test: fc.constantFrom('z', 'hksj', 'hksj-floor') });

  it('never gives a figure that is not finite, whatever studies it gets', () => {
    fc.assert(
      fc.property(studies, options, (list, chosen) => {
        const answer = pool(trials(list.map(({ y }) => y), list.map(({ v }) => v)), chosen);
        expect(numbersIn(answer).every(Number.isFinite)).toBe(true);
        if (!answer.estimable) return;
        expect(answer.studies.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
        expect(answer.heterogeneity.tau2).toBeGreaterThanOrEqual(0);
        expect(answer.heterogeneity.tau2Interval.low).toBeLessThanOrEqual(answer.heterogeneity.tau2Interval.high);
      }),
      { numRuns: 300 },
    );
  });

  it('moves with a constant, scales with the unit, and minds no order', () => {
    fc.assert(
      fc.property(studies, options, (list, chosen) => {
        const [y, v] = [list.map((one) => one.y), list.map((one) => one.v)];
        const plain = pool(trials(y, v), chosen);
        if (!plain.estimable) return;
        const moved = estimated(pool(trials(y.map((one) => one + 3), v), chosen));
        const scaled = estimated(pool(trials(y.map((one) => -10 * one), v.map((one) => 100 * one)), chosen));
        const turned = estimated(pool(trials([...y].reverse(), [...v].reverse()), chosen));
        const near = (one: number, other: number, size: number): void => expect(Math.abs(one - other)).toBeLessThan(1e-5 * size);
        near(moved.pooled.estimate, plain.pooled.estimate + 3, 1);
        near(moved.heterogeneity.tau2, plain.heterogeneity.tau2, 1 + plain.heterogeneity.tau2);
        near(scaled.pooled.estimate, -10 * plain.pooled.estimate, 10);
        near(scaled.heterogeneity.tau2, 100 * plain.heterogeneity.tau2, 100 * (1 + plain.heterogeneity.tau2));
        near(scaled.pooled.standardError, 10 * plain.pooled.standardError, 10);
        near(turned.pooled.intervalLow, plain.pooled.intervalLow, 10 * (1 + Math.abs(plain.pooled.intervalLow)));
      }),
      { numRuns: 150 },
    );
  });
});

describe('metaRegression', () => {
  it('meets metafor with HKSJ', () => {
    const { moderators, omnibus, r2, fewStudies } = estimated(metaRegression(vaccineTrials, { moderators: ['latitude'] }));
    close([moderators[0]?.statistic, moderators[0]?.pValue, omnibus.statistic, omnibus.pValue], [-3.5483, 0.0046, 12.5905, 0.0046], 3);
    expect(omnibus).toMatchObject({ df1: 1, df2: 11 });
    expect(r2).toBeCloseTo(0.7562, 3);
    expect(fewStudies).toBe(false);
  });

  it('goes through all orders of six studies, and shuffles more by seed', () => {
    const six = estimated(metaRegression(vaccineTrials.slice(0, 6), { moderators: ['latitude'], permutation: { seed: 1 } }));
    expect(six.permutation).toEqual({ kind: 'exact', orders: 720, seed: 1 });
    expect(six.moderators[0]?.permutationP).toBeCloseTo(0.0195, 3);
    const again = () => estimated(metaRegression(vaccineTrials, { moderators: ['latitude'], permutation: { seed: 7, shuffles: 1999 } }));
    expect(again().permutation).toEqual({ kind: 'monte-carlo', orders: 2000, seed: 7 });
    expect(again().moderators[0]?.permutationP).toBe(again().moderators[0]?.permutationP);
    // metafor's 5,000 shuffles say .0074; two thousand shuffles scatter around it by .002.
    expect(Math.abs((again().moderators[0]?.permutationP ?? 1) - 0.0074)).toBeLessThan(0.008);
  });

  it('says what it lacks', () => {
    expect(() => metaRegression(vaccineTrials, { moderators: ['altitude'] })).toThrow('moderators.altitude is missing for study 1');
    expect(() => metaRegression(vaccineTrials, { moderators: [] })).toThrow('moderators must name at least one');
    expect(metaRegression(vaccineTrials.slice(0, 2), { moderators: ['latitude'] })).toEqual({ estimable: false, because: 'too-few-studies' });
    const flat = trials([1, 2, 3, 4], [1, 1, 1, 1], () => ({ moderators: { hours: 2 } }));
    expect(metaRegression(flat, { moderators: ['hours'] })).toEqual({ estimable: false, because: 'not-identified' });
    expect(metaRegression([], { moderators: ['hours'] })).toMatchObject({ because: 'too-few-studies' });
  });

  it('has no R2 where nothing varied between studies', () => {
    const calm = trials([0.1, 0.11, 0.12, 0.1], [0.1, 0.1, 0.1, 0.1], (index) => ({ moderators: { hours: index } }));
    expect(estimated(metaRegression(calm, { moderators: ['hours'] })).r2).toBeUndefined();
  });
});

describe('subgroups', () => {
  it('meets metafor with one tau2, and tests that groups differ', () => {
    const { groups, interaction } = estimated(subgroups(vaccineTrials, { category: 'allocation', tau2: 'common' }));
    close(groups.map(({ pooled }) => pooled.estimate), [-0.517955777, -0.965774179, -0.428917561]);
    close(groups.map(({ pooled }) => pooled.standardError), [0.421947059, 0.255585393, 0.329896897]);
    close([interaction.statistic, interaction.pValue, groups[0]?.tau2], [0.966220845, 0.413383746, 0.361503664]);
    expect(groups.map(({ group, k }) => [group, k])).toEqual([['alternate', 2], ['random', 7], ['systematic', 4]]);
  });

  it('meets metafor with a tau2 each', () => {
    const { groups, interaction } = estimated(subgroups(vaccineTrials, { category: 'allocation', tau2: 'separate', test: 'z' }));
    close(groups.map(({ tau2 }) => tau2), [0.13257704, 0.392528007, 0.40034588]);
    close([interaction.statistic, interaction.pValue], [1.861444946, 0.394268759]);
  });

  it('minds no relabelling', () => {
    const renamed = trials(vaccineTrials.map(({ estimate }) => estimate), vaccineTrials.map(({ variance }) => variance), (index) => ({
      categories: { allocation: { alternate: 'z', random: 'a', systematic: 'm' }[vaccineTrials[index]!.categories!['allocation']!]! },
    }));
    const plain = estimated(subgroups(vaccineTrials, { category: 'allocation', tau2: 'common' })).interaction.statistic;
    expect(estimated(subgroups(renamed, { category: 'allocation', tau2: 'common' })).interaction.statistic).toBeCloseTo(plain, 9);
  });

  it('says what it lacks', () => {
    const one = trials([1, 2, 4], [1, 1, 1], () => ({ categories: { kind: 'sport' } }));
    expect(subgroups(one, { category: 'kind', tau2: 'common' })).toEqual({ estimable: false, because: 'too-few-studies' });
    const lone = trials([1, 2, 4], [1, 1, 1], (index) => ({ categories: { kind: index ? 'sport' : 'arts' } }));
    expect(subgroups(lone, { category: 'kind', tau2: 'separate' })).toEqual({ estimable: false, because: 'too-few-studies' });
    expect(estimated(subgroups(lone, { category: 'kind', tau2: 'common' })).groups).toHaveLength(2);
    expect(() => subgroups(one, { category: 'mode', tau2: 'common' })).toThrow('categories.mode is missing for study 1');
    expect(subgroups([], { category: 'kind', tau2: 'common' })).toMatchObject({ because: 'too-few-studies' });
  });
});

describe('threeLevelPool', () => {
  it('meets metafor and clubSandwich', () => {
    const fit = estimated(threeLevelPool(schoolTrials));
    expect(fit).toMatchObject({ k: 56, clusters: 11, method: expect.stringContaining('CR2') });
    close([fit.estimate, fit.modelStandardError, fit.varianceBetweenClusters, fit.varianceWithinClusters], [0.1847131637, 0.0845559187, 0.0650619443, 0.0327365170]);
    close([fit.standardError, fit.df], [0.0844579954, 9.86315623], 5);
  });

  it('meets them when sampling errors of a cluster go together (CHE)', () => {
    const fit = estimated(threeLevelPool(schoolTrials, { samplingCorrelation: 0.6 }));
    close([fit.estimate, fit.standardError, fit.varianceBetweenClusters, fit.varianceWithinClusters], [0.191011011, 0.086394767, 0.056330086, 0.048073883], 5);
    expect(fit.df).toBeCloseTo(9.49946, 3);
  });

  it('minds no order and no names of clusters', () => {
    const turned = trials([...schoolTrials].reverse().map(({ estimate }) => estimate), [...schoolTrials].reverse().map(({ variance }) => variance), (index) => ({
      cluster: `district ${[...schoolTrials].reverse()[index]?.cluster}`,
    }));
    const [one, other] = [schoolTrials, turned].map((list) => estimated(threeLevelPool(list)));
    close([one?.estimate, one?.standardError, one?.df], [other!.estimate, other!.standardError, other!.df], 5);
  });

  it('says what it lacks', () => {
    const clustered = (clusters: readonly string[]) => trials(clusters.map((_, index) => index / 10), clusters.map(() => 0.1), (index) => ({ cluster: clusters[index]! }));
    expect(threeLevelPool(clustered(['a', 'a', 'a']))).toEqual({ estimable: false, because: 'too-few-clusters' });
    expect(threeLevelPool(clustered(['a', 'b', 'c']))).toEqual({ estimable: false, because: 'not-identified' });
    expect(threeLevelPool(clustered(['a', 'b']))).toEqual({ estimable: false, because: 'too-few-studies' });
    expect(() => threeLevelPool(schoolTrials, { samplingCorrelation: 1 })).toThrow('samplingCorrelation must be from 0 to below 1');
    const calm = estimated(threeLevelPool(clustered(['a', 'a', 'b', 'b', 'c'])));
    expect(calm).toMatchObject({ varianceBetweenClusters: 0, varianceWithinClusters: 0 });
    expect(numbersIn(calm).every(Number.isFinite)).toBe(true);
  });
});

describe('small studies', () => {
  it('meet metafor in both forms of the regression test', () => {
    const [mixed, weighted] = (['mixed', 'weighted'] as const).map((form) => estimated(eggerTest(vaccineTrials, { form })));
    close([mixed?.asymmetry.statistic, weighted?.asymmetry.statistic], [-0.8033, -1.4013], 3);
    close([mixed?.limit.estimate, weighted?.limit.estimate, weighted?.limit.intervalLow], [-0.5104, -0.1909, -0.6753], 3);
    expect([mixed?.asymmetry.df, weighted?.asymmetry.df]).toEqual([undefined, 11]);
    expect(estimated(eggerTest(vaccineTrials.slice(0, 9))).fewStudies).toBe(true);
    expect(estimated(eggerTest(vaccineTrials, { predictor: 'inverse-root-n' })).predictor).toBe('inverse-root-n');
  });

  it('meet lm in PET and PEESE, and choose by PET', () => {
    const { pet, peese, chosen } = estimated(petPeese(vaccineTrials));
    close([pet.estimate, peese.estimate, peese.standardError], [-0.1909, -0.379953506, 0.157255292], 4);
    expect(chosen).toBe('pet');
    const strong = trials([0.5, 0.52, 0.55, 0.6, 0.7], [0.001, 0.004, 0.01, 0.02, 0.05]);
    expect(estimated(petPeese(strong))).toMatchObject({ chosen: 'peese' });
  });

  it('meet metafor in the rank correlation', () => {
    const { tau, pValue, method } = estimated(rankCorrelationTest(vaccineTrials));
    close([tau, pValue], [0.0256, 0.9524], 4);
    expect(method).toBe('Kendall tau, exact');
    expect(rankCorrelationTest(trials([1, 2, 3], [1, 1, 1]))).toEqual({ estimable: false, because: 'no-variation' });
  });

  it('meet metafor in trim and fill, by L0 and R0, random and fixed', () => {
    const random = estimated(trimAndFill(vaccineTrials, { test: 'z' }));
    expect(random).toMatchObject({ missing: 1, side: 'right', k: 13 });
    close([random.pooled.estimate, random.pooled.standardError, random.tau2], [-0.6570828, 0.178528467, 0.331288], 4);
    const fixed = estimated(trimAndFill(vaccineTrials, { fixed: true }));
    expect(fixed.missing).toBe(4);
    close([fixed.pooled.estimate, fixed.pooled.standardError], [-0.2910259921, 0.0382641366]);
    const r0 = estimated(trimAndFill(vaccineTrials, { estimator: 'R0', test: 'z' }));
    expect(r0.missing).toBe(0);
    expect(r0.pooled.estimate).toBeCloseTo(-0.714532342, 8);
  });

  it('mirror left and right', () => {
    const mirrored = trials(vaccineTrials.map(({ estimate }) => -estimate), vaccineTrials.map(({ variance }) => variance));
    const [plain, turned] = [vaccineTrials, mirrored].map((list) => estimated(trimAndFill(list, { fixed: true })));
    expect(turned).toMatchObject({ side: 'left', missing: plain?.missing });
    expect(turned?.pooled.estimate).toBeCloseTo(-(plain?.pooled.estimate ?? 0), 12);
  });

  it('say what they lack', () => {
    const two = trials([1, 2], [1, 2]);
    for (const answer of [eggerTest(two), petPeese(two), rankCorrelationTest(two), trimAndFill(two), leaveOneOut(two), influence(two)])
      expect(answer).toEqual({ estimable: false, because: 'too-few-studies' });
    const alike = trials([1, 2, 3, 5], [1, 1, 1, 1]);
    expect(eggerTest(alike)).toEqual({ estimable: false, because: 'not-identified' });
    expect(eggerTest(alike, { form: 'mixed' })).toEqual({ estimable: false, because: 'not-identified' });
    expect(() => eggerTest(alike, { predictor: 'inverse-root-n' })).toThrow('people of study 1 must be above 0');
  });
});

describe('one study among others', () => {
  it('meets metafor when left out', () => {
    const row = estimated(leaveOneOut(vaccineTrials, { test: 'z' })).rows[3];
    close([row?.pooled.estimate, row?.pooled.standardError, row?.tau2, 100 * (row?.i2 ?? 0), row?.q], [-0.62840937, 0.176618892, 0.262758148, 90.412463933, 96.562594971]);
  });

  it('meets metafor in what it does to the pool', () => {
    const row = estimated(influence(vaccineTrials)).rows[3];
    close(
      [row?.studentisedResidual, row?.dffits, row?.cook, row?.covarianceRatio, row?.tau2Without, row?.qWithout, row?.hat],
      [-1.45120066425, -0.52005098847, 0.229481639116, 0.965126485136, 0.262758148091, 96.5625949714, 0.0969874701892],
    );
  });

  it('meets metafor as the pool grows', () => {
    const { rows } = estimated(cumulative(vaccineTrials, { test: 'z' }));
    expect(rows[0]).toMatchObject({ k: 1, pooled: undefined, tau2: undefined });
    close(rows.slice(1, 4).map((row) => row.pooled?.estimate), [-1.325003442245, -0.972079931813, -1.001096174497]);
    expect(rows.at(-1)?.tau2).toBeCloseTo(0.3132432581, 8);
    expect(rows.map(({ order }) => order)).toEqual([...rows.map(({ order }) => order)].sort((one, other) => one - other));
    expect(() => cumulative(trials([1, 2], [1, 1]))).toThrow('order of study 1 must be a number');
  });

  it('meets metafor when it is drawn to the pool, and is the pool where nothing varies', () => {
    const { rows } = estimated(shrunkenEstimates(vaccineTrials, { test: 'z' }));
    close(rows.slice(0, 3).map(({ estimate }) => estimate), [-0.80023356197, -1.251705980302, -0.986903093358]);
    close(rows.slice(0, 3).map(({ standardError }) => standardError), [0.409930447526, 0.353227301600, 0.434831576435]);
    const calm = estimated(shrunkenEstimates(trials([0.1, 0.11, 0.12], [0.1, 0.1, 0.1])));
    for (const { share, estimate } of calm.rows) close([share, estimate], [0, 0.11], 9);
  });

  it('lies between its own figure and the pool', () => {
    const list = fc.array(fc.record({ y: fc.double({ min: -2, max: 2, noNaN: true }), v: fc.double({ min: 0.01, max: 1, noNaN: true }) }), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(list, (studies) => {
        const effects = trials(studies.map(({ y }) => y), studies.map(({ v }) => v));
        const [whole, drawn] = [pool(effects, { test: 'z' }), shrunkenEstimates(effects, { test: 'z' })];
        if (!whole.estimable || !drawn.estimable) return;
        for (const [index, { estimate }] of drawn.rows.entries()) {
          const ends = [studies[index]!.y, whole.pooled.estimate];
          expect(estimate).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-9);
          expect(estimate).toBeLessThanOrEqual(Math.max(...ends) + 1e-9);
        }
      }),
    );
  });
});

describe('cost-effectiveness', () => {
  const project = { cost: 50, costStandardError: 5, effect: 0.3, effectStandardError: 0.08 };

  it('has an interval that is not symmetric', () => {
    const result = estimated(costEffectiveness(project));
    expect(result).toMatchObject({ method: 'Fieller', interval: { kind: 'between' } });
    close([result.ratio, result.costPerTenth, result.effectPerThousand, result.deltaStandardError], [166.666667, 16.6666667, 6, 47.4666875], 5);
    close(numbersIn(result.interval), [103.481881, 355.130888], 5);
  });

  it('tells no ratio where the effect may be nothing, and what remains instead', () => {
    const weak = { ...project, effectStandardError: 0.2 };
    expect(costEffectiveness(weak)).toEqual({ estimable: false, because: 'not-identified' });
    expect(fiellerInterval(weak)).toMatchObject({ kind: 'outside' });
    expect(fiellerInterval({ ...weak, costStandardError: 40 })).toEqual({ kind: 'everything' });
  });

  it('draws an acceptability curve that starts at nothing and rises', () => {
    const { points } = acceptabilityCurve(project, [0, 100, 166.6666667, 400, 1e6]);
    expect(points[0]?.probability).toBeLessThan(1e-12);
    expect(points[2]?.probability).toBeCloseTo(0.5, 6);
    expect(points.map(({ probability }) => probability)).toEqual([...points.map(({ probability }) => probability)].sort((one, other) => one - other));
    const certain = acceptabilityCurve({ cost: 10, costStandardError: 0, effect: 1, effectStandardError: 0 }, [5, 10, 20]);
    expect(certain.points.map(({ probability }) => probability)).toEqual([0, 0.5, 1]);
  });

  it('refuses what is malformed, by name', () => {
    expect(() => costEffectiveness({ ...project, cost: 0 })).toThrow('cost must be above 0');
    expect(() => costEffectiveness({ ...project, costStandardError: -1 })).toThrow('costStandardError must be at least 0');
    expect(() => costEffectiveness({ ...project, covariance: 1 })).toThrow('covariance must lie within');
    expect(() => acceptabilityCurve(project, [-1])).toThrow('worths must be at least 0');
  });
});
