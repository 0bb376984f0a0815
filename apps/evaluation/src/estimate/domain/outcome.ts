import type { ArmChange, Figures, OutcomeEstimator } from './outcome-estimator.js';
import { pairWaves, type PairedWaves, type Said } from './paired-waves.js';

/** Below this many people a figure could give one of them away. */
export const PAIRS_AT_LEAST = 5;
/** Below this an interval leans on too little to be trusted (Satterthwaite degrees of freedom). */
export const DF_AT_LEAST = 4;
/** Attrition that weakens an estimate: overall, and between arms (after the What Works Clearinghouse's cautious boundary). */
export const HIGH_ATTRITION = { overall: 0.2, between: 0.1 } as const;

export const BASELINE = 'baseline';
const RANDOMISED: readonly string[] = ['individually-randomised', 'cluster-randomised', 'waitlist'];

export type Caveat = 'too-few-pairs' | 'no-variation' | 'too-few-clusters' | 'low-df' | 'high-attrition' | 'no-comparison' | 'not-randomised';
export type Claim = 'change' | 'adjusted-difference' | 'effect';
export type Method = 'two-arm-change-cr2' | 'two-arm-change-hc2' | 'one-group-change-cr2' | 'one-group-change-t';

/** What is published of one item at one wave. Its figures are missing where they would rest on, or show, too few people. */
export type OutcomeResult = Figures & {
  readonly method: Method;
  readonly claim: Claim;
  /** People of the groups compared who answered both waves. */
  readonly n: number;
  readonly nComparison: number;
  /** Everyone, where there are no arms. */
  readonly nTreatment: number;
  /** Clusters named among them. */
  readonly clusters: number;
  readonly answeredBaseline: number;
  readonly answeredWave: number;
  readonly attrition: number;
  readonly attritionComparison: number;
  readonly attritionTreatment: number;
  readonly higherIs: string;
  readonly harmful: boolean;
  readonly caveats: readonly Caveat[];
  readonly primary: boolean;
};

export type Outcome = { readonly instrumentId: string; readonly item: string; readonly wave: string; readonly result: OutcomeResult };
export type ScaledItem = { readonly code: string; readonly minimum: number; readonly maximum: number; readonly higherIs: string; readonly primary: boolean };

export type Evidence = {
  readonly design: string;
  /** Answers of enrolled people, one per instrument, item, wave and person. */
  readonly answers: readonly (Said & { readonly instrumentId: string; readonly item: string; readonly wave: string })[];
  readonly instruments: readonly { readonly id: string; readonly items: readonly ScaledItem[] }[];
};

/** One estimate per item and later wave that anybody answered. */
export const estimateOutcomes = ({ design, answers, instruments }: Evidence, estimator: OutcomeEstimator): Outcome[] => {
  const wavesOf = byItemAndWave(answers);
  return instruments.flatMap(({ id: instrumentId, items }) =>
    items.flatMap((item) => {
      const waves = wavesOf.get(keyOf(instrumentId, item.code)) ?? new Map<string, Said[]>();
      const baseline = waves.get(BASELINE) ?? [];
      return [...waves]
        .filter(([wave]) => wave !== BASELINE)
        .map(([wave, said]) => ({ instrumentId, item: item.code, wave, result: estimateOutcome(design, item, pairWaves(item, baseline, said), estimator) }));
    }),
  );
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

/** The design decides the claim: people who chose an arm show a difference, and one group alone shows a change, whatever caused it. */
const claimOf = (design: string, twoArms: boolean): Claim => {
  if (!twoArms) return 'change';
  return RANDOMISED.includes(design) ? 'effect' : 'adjusted-difference';
};

const methodOf = (twoArms: boolean, clustered: boolean): Method => {
  if (twoArms) return clustered ? 'two-arm-change-cr2' : 'two-arm-change-hc2';
  return clustered ? 'one-group-change-cr2' : 'one-group-change-t';
};

/** Nothing to compare with: the change of those who took part stands alone. */
const comparable = (design: string, changes: PairedWaves['changes']): { twoArms: boolean; arms: readonly ArmChange[] } => {
  if (design === 'none') return { twoArms: false, arms: changes.map((one) => ({ ...one, arm: 'treatment' })) };
  const arms = changes.filter((one): one is ArmChange => one.arm !== undefined);
  return { twoArms: arms.some(({ arm }) => arm === 'comparison'), arms };
};

const estimateOutcome = (design: string, item: ScaledItem, waves: PairedWaves, estimator: OutcomeEstimator): OutcomeResult => {
  const { twoArms, arms } = comparable(design, waves.changes);
  const nComparison = arms.filter(({ arm }) => arm === 'comparison').length;
  const nTreatment = arms.length - nComparison;
  const clusters = new Set(arms.map(({ cluster }) => cluster).filter((cluster) => cluster !== undefined)).size;
  const tooFew = nTreatment < PAIRS_AT_LEAST || (twoArms && nComparison < PAIRS_AT_LEAST);
  const estimated = tooFew ? { figures: {}, withoutInterval: 'too-few-pairs' as const } : twoArms ? estimator.compareArms(arms) : estimator.describeGroup(arms);
  const claim = claimOf(design, twoArms);
  const { attrition, attritionComparison, attritionTreatment } = waves;
  const caveats: readonly (Caveat | false)[] = [
    estimated.withoutInterval ?? false,
    (estimated.figures.df ?? DF_AT_LEAST) < DF_AT_LEAST && 'low-df',
    (attrition > HIGH_ATTRITION.overall || (twoArms && Math.abs(attritionTreatment - attritionComparison) > HIGH_ATTRITION.between)) && 'high-attrition',
    !twoArms && 'no-comparison',
    claim === 'adjusted-difference' && 'not-randomised',
  ];
  return {
    method: methodOf(twoArms, clusters > 0),
    claim,
    n: arms.length,
    nComparison,
    nTreatment,
    clusters,
    answeredBaseline: waves.answeredBaseline,
    answeredWave: waves.answeredWave,
    attrition,
    attritionComparison,
    attritionTreatment,
    ...estimated.figures,
    higherIs: item.higherIs,
    harmful: isHarmful(item.higherIs, estimated.figures),
    caveats: caveats.filter((caveat) => caveat !== false),
    primary: item.primary,
  };
};

/** The whole interval lies on the harmful side of zero; an item whose direction means neither cannot harm. */
export const isHarmful = (higherIs: string, { intervalLow, intervalHigh }: Figures): boolean => {
  if (intervalLow === undefined || intervalHigh === undefined) return false;
  if (higherIs === 'worse') return intervalLow > 0;
  return higherIs === 'better' && intervalHigh < 0;
};

const inOrder = (result: OutcomeResult): string => JSON.stringify(Object.entries(JSON.parse(JSON.stringify(result)) as object).sort(([left], [right]) => (left < right ? -1 : 1)));

/** To the last digit: the same answers give the same result, and only another result is a new revision. */
export const isSameResult = (one: OutcomeResult, other: OutcomeResult): boolean => inOrder(one) === inOrder(other);
