import type { Caveat, Claim, Rung } from '@common-ground/statistics';
import { claimOf, countClusters, countPeople, type GapToPublic, planOf } from './outcome-claim.js';
import { type Estimated, type Figures, type Method, methodOf, type OutcomeEstimator } from './outcome-estimator.js';
import { pairWaves, type PairedWaves, type Said } from './paired-waves.js';

/** Below this many people a figure could give one of them away. */
export const PAIRS_AT_LEAST = 5;

export const BASELINE = 'baseline';

/** How p-values of a family were adjusted: declared outcomes by Holm, the others by Benjamini and Hochberg. */
export type Adjustment = 'holm' | 'benjamini-hochberg';

/** What is published of one item at one wave. Its figures are missing where they would rest on, or show, too few people. */
export type OutcomeResult = Figures & {
  readonly method: Method;
  readonly claim: Claim;
  /** 1 (a level) to 5 (an effect) on the ladder of claims. */
  readonly rung: Rung;
  /** The strongest sentence that the design allows. */
  readonly sentence: string;
  /** People of the groups compared who answered both waves; the wave alone where nobody answered at baseline. */
  readonly n: number;
  readonly nComparison: number;
  /** Everyone, where there are no arms. */
  readonly nTreatment: number;
  /** Clusters named among them. */
  readonly clusters: number;
  readonly clustersComparison: number;
  readonly clustersTreatment: number;
  readonly answeredBaseline: number;
  readonly answeredWave: number;
  readonly attrition: number;
  readonly attritionComparison: number;
  readonly attritionTreatment: number;
  readonly higherIs: string;
  readonly harmful: boolean;
  readonly caveats: readonly Caveat[];
  /** The caveats in words, in the same order. */
  readonly caveatSentences: readonly string[];
  readonly primary: boolean;
  /** Two-sided, of the interval; missing below 4 degrees of freedom. */
  readonly pValue?: number;
  /** `pValue`, or where that is missing the lot's, adjusted within the wave's primary outcomes, or its others. */
  readonly adjustedPValue?: number;
  readonly adjustment?: Adjustment;
  /** Of the lot: how often it would have given as large a difference. */
  readonly randomisationPValue?: number;
  readonly randomisationMethod?: string;
  readonly randomisationAssignments?: number;
  readonly standardised?: number;
  readonly standardisedMeasure?: string;
  readonly standardisedError?: number;
  readonly standardisedLow?: number;
  readonly standardisedHigh?: number;
  /** In standard deviations, with 80 % power. */
  readonly minimalDetectable?: number;
  /** The other way to the same question. */
  readonly besideMethod?: string;
  readonly besideDifference?: number;
  readonly besideStandardError?: number;
  readonly besideDf?: number;
  readonly besideLow?: number;
  readonly besideHigh?: number;
};

export type Outcome = { readonly instrumentId: string; readonly item: string; readonly wave: string; readonly result: OutcomeResult };
export type ScaledItem = { readonly code: string; readonly minimum: number; readonly maximum: number; readonly higherIs: string; readonly primary: boolean };

export type Evidence = {
  readonly design: string;
  /** Answers of enrolled people, one per instrument, item, wave and person. */
  readonly answers: readonly (Said & { readonly instrumentId: string; readonly item: string; readonly wave: string })[];
  /** Of people of the general public at baseline. */
  readonly publicAnswers?: readonly { readonly instrumentId: string; readonly item: string; readonly value: number }[];
  readonly instruments: readonly { readonly id: string; readonly items: readonly ScaledItem[] }[];
};

/** One estimate per item and later wave that anybody answered. */
export const estimateOutcomes = ({ design, answers, publicAnswers = [], instruments }: Evidence, estimator: OutcomeEstimator): Outcome[] => {
  const wavesOf = byItemAndWave(answers);
  const outcomes = instruments.flatMap(({ id: instrumentId, items }) =>
    items.flatMap((item) => {
      const waves = wavesOf.get(keyOf(instrumentId, item.code)) ?? new Map<string, Said[]>();
      const baseline = waves.get(BASELINE) ?? [];
      const ofPublic = publicAnswers.flatMap((answer) => (answer.instrumentId === instrumentId && answer.item === item.code ? [answer.value] : []));
      const gap = gapToPublic(ofPublic, baseline.map(({ value }) => value), estimator);
      return [...waves]
        .filter(([wave]) => wave !== BASELINE)
        .map(([wave, said]) => ({ instrumentId, item: item.code, wave, result: estimateOutcome({ design, item, wave, gap }, pairWaves(item, baseline, said), estimator) }));
    }),
  );
  return adjustWithinWaves(outcomes, estimator);
};

const keyOf = (instrumentId: string, item: string): string => JSON.stringify([instrumentId, item]);

const byItemAndWave = (answers: Evidence['answers']): ReadonlyMap<string, ReadonlyMap<string, Said[]>> => {
  const items = new Map<string, Map<string, Said[]>>();
  for (const answer of answers) {
    const key = keyOf(answer.instrumentId, answer.item);
    const waves = items.get(key) ?? new Map<string, Said[]>();
    const said = waves.get(answer.wave) ?? [];
    said.push(answer);
    items.set(key, waves.set(answer.wave, said));
  }
  return items;
};

/** Told only where neither side is few. */
const gapToPublic = (ofPublic: readonly number[], ofParticipants: readonly number[], estimator: OutcomeEstimator): GapToPublic => {
  if (Math.min(ofPublic.length, ofParticipants.length) < PAIRS_AT_LEAST) return { isKnown: false };
  const interval = estimator.gap(ofPublic, ofParticipants);
  return { isKnown: true, ...(interval && { interval }) };
};

type Asked = { readonly design: string; readonly item: ScaledItem; readonly wave: string; readonly gap: GapToPublic };

const estimateOutcome = ({ design, item, wave, gap }: Asked, waves: PairedWaves, estimator: OutcomeEstimator): OutcomeResult => {
  const plan = planOf(design, waves);
  const { treatment: nTreatment, comparison: nComparison } = countPeople(plan.people);
  const { treatment: clustersTreatment, comparison: clustersComparison } = countClusters(plan.people);
  const tooFew = nTreatment < PAIRS_AT_LEAST || (nComparison > 0 && nComparison < PAIRS_AT_LEAST);
  const estimated: Estimated = tooFew ? { figures: {}, withoutInterval: 'too-few-pairs' } : estimator.estimate(plan.question, plan.people, plan.drawn);
  const claimed = claimOf({ design, plan, waves, gap }, estimated, { item: item.code, wave, higherIs: item.higherIs });
  const { answeredBaseline, answeredWave, attrition, attritionComparison, attritionTreatment } = waves;
  return {
    method: methodOf(plan.question, plan.people),
    claim: claimed.claim,
    rung: claimed.rung,
    sentence: claimed.sentence,
    n: plan.people.length,
    nComparison,
    nTreatment,
    clusters: new Set(plan.people.flatMap(({ cluster }) => cluster ?? [])).size,
    clustersComparison,
    clustersTreatment,
    answeredBaseline,
    answeredWave,
    attrition,
    attritionComparison,
    attritionTreatment,
    ...estimated.figures,
    ...particularsOf(estimated, tooFew ? undefined : estimator.detectable(plan.question, plan.people)),
    higherIs: item.higherIs,
    harmful: claimed.side === 'harmful',
    caveats: claimed.caveats,
    caveatSentences: claimed.caveatSentences,
    primary: item.primary,
  };
};

/** Flat, as it travels; what is unknown is left out. */
const particularsOf = ({ pValue, randomisation, standardised, beside }: Estimated, minimalDetectable: number | undefined): Partial<OutcomeResult> => ({
  ...(pValue === undefined ? {} : { pValue }),
  ...(randomisation && { randomisationPValue: randomisation.pValue, randomisationMethod: randomisation.method, randomisationAssignments: randomisation.assignments }),
  ...(standardised && {
    standardised: standardised.estimate,
    standardisedMeasure: standardised.measure,
    standardisedError: standardised.standardError,
    standardisedLow: standardised.intervalLow,
    standardisedHigh: standardised.intervalHigh,
  }),
  ...(minimalDetectable === undefined ? {} : { minimalDetectable }),
  ...(beside && {
    besideMethod: beside.method,
    besideDifference: beside.difference,
    besideStandardError: beside.standardError,
    besideDf: beside.df,
    besideLow: beside.intervalLow,
    besideHigh: beside.intervalHigh,
  }),
});

/** Outcomes of one wave are one family, the primary apart from the others, whatever instrument asked. */
const adjustWithinWaves = (outcomes: readonly Outcome[], estimator: OutcomeEstimator): Outcome[] => {
  const adjusted = new Map<Outcome, Pick<OutcomeResult, 'adjustedPValue' | 'adjustment'>>();
  for (const wave of new Set(outcomes.map((outcome) => outcome.wave)))
    for (const primary of [true, false]) {
      const adjustment: Adjustment = primary ? 'holm' : 'benjamini-hochberg';
      const family = outcomes.flatMap((outcome) => {
        const p = outcome.result.pValue ?? outcome.result.randomisationPValue;
        return outcome.wave === wave && outcome.result.primary === primary && p !== undefined ? [{ outcome, p }] : [];
      });
      const values = estimator.adjust(adjustment, family.map(({ p }) => p));
      family.forEach(({ outcome, p }, index) => adjusted.set(outcome, { adjustment, adjustedPValue: values[index] ?? p }));
    }
  return outcomes.map((outcome) => ({ ...outcome, result: { ...outcome.result, ...adjusted.get(outcome) } }));
};

const inOrder = (result: OutcomeResult): string => JSON.stringify(Object.entries(JSON.parse(JSON.stringify(result)) as object).sort(([left], [right]) => (left < right ? -1 : 1)));

/** To the last digit: the same answers give the same result, and only another result is a new revision. */
export const isSameResult = (one: OutcomeResult, other: OutcomeResult): boolean => inOrder(one) === inOrder(other);
