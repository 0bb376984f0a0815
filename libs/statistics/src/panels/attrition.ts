import { clusterRobustEstimate } from '../cluster-robust/cr2.js';
import { notEstimable, type IntervalEstimate, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { attritionBoundary, type AttritionVerdict } from './attrition-boundary.js';

/** Somebody invited; `baseline` is left out when it was not measured, `arm` when there is one group only. */
export type AttritionObservation = {
  readonly answered: boolean;
  readonly baseline?: number;
  readonly arm?: 'treatment' | 'comparison';
  /** Unit of assignment, for the standard error of the arm-by-response difference; each person alone when left out. */
  readonly cluster?: string;
};

/** WWC Standards Handbook 4.1: what a baseline difference of this size asks for. */
export type BaselineBand = 'satisfied' | 'adjust' | 'not-comparable';

export type BaselineGap = {
  readonly estimable: true;
  readonly method: 'hedges-g, pooled sd';
  /** First group minus second, in pooled standard deviations, small-sample corrected. */
  readonly smd: number;
  readonly band: BaselineBand;
  readonly n: readonly [number, number];
};

export type ArmAttrition = {
  readonly estimable: true;
  readonly treatment: { readonly invited: number; readonly answered: number; readonly attrition: number };
  readonly comparison: { readonly invited: number; readonly answered: number; readonly attrition: number };
  /** Treatment minus comparison, -1 to 1. */
  readonly differential: number;
  readonly verdict: AttritionVerdict;
  /** Treatment minus comparison at baseline, among those who answered. */
  readonly baselineOfStayers: BaselineGap | NotEstimable;
  /**
   * How much more the leavers' baseline differs from the stayers' in the treatment arm than in the comparison arm, in the
   * unit of the baseline: the arm-by-response coefficient. Far from 0, the arms lost different people.
   */
  readonly armByResponse: IntervalEstimate | NotEstimable;
};

export type AttritionAnalysis = {
  readonly estimable: true;
  readonly method: 'attrition';
  readonly invited: number;
  readonly answered: number;
  /** Shares from 0 to 1. */
  readonly overall: number;
  /** Left out when nobody has an arm. */
  readonly byArm?: ArmAttrition | NotEstimable;
  /** Leavers minus stayers at baseline. */
  readonly baselineOfLeavers: BaselineGap | NotEstimable;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values: readonly number[]): number => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
};

/** WWC 4.1: up to 0.05 fine, up to 0.25 adjust for it, beyond not comparable. */
export const baselineBand = (smd: number): BaselineBand => {
  if (Math.abs(smd) <= 0.05) return 'satisfied';
  return Math.abs(smd) <= 0.25 ? 'adjust' : 'not-comparable';
};

/** Standardised difference of two groups' baselines with its band. */
export const baselineGap = (first: readonly number[], second: readonly number[]): BaselineGap | NotEstimable => {
  requireFinite('first', first);
  requireFinite('second', second);
  if (first.length === 0 || second.length === 0) return notEstimable('all-missing');
  const df = first.length + second.length - 2;
  if (df < 1) return notEstimable('too-few-observations');
  const spread = Math.sqrt((squares(first) + squares(second)) / df);
  if (!(spread > 0)) return notEstimable('zero-variance');
  const smd = (1 - 3 / (4 * df - 1)) * ((mean(first) - mean(second)) / spread);
  return {
    estimable: true,
    method: 'hedges-g, pooled sd',
    smd,
    band: baselineBand(smd),
    n: [first.length, second.length],
  };
};

type People = readonly AttritionObservation[];
const baselines = (people: People): number[] =>
  people.flatMap((one) => (one.baseline === undefined ? [] : [one.baseline]));

const armByResponse = (people: People): IntervalEstimate | NotEstimable => {
  const known = people.filter((one) => one.baseline !== undefined);
  return clusterRobustEstimate({
    design: known.map((one) => {
      const [treated, left] = [Number(one.arm === 'treatment'), Number(!one.answered)];
      return [1, treated, left, treated * left];
    }),
    outcome: baselines(known),
    clusters: known.map((one, at) => (one.cluster === undefined ? `person ${at}` : `cluster ${one.cluster}`)),
    contrast: [0, 0, 0, 1],
  });
};

const arms = (people: People, overall: number): ArmAttrition | NotEstimable => {
  const of = (arm: 'treatment' | 'comparison') => {
    const all = people.filter((one) => one.arm === arm);
    const answered = all.filter((one) => one.answered);
    return { invited: all.length, answered: answered.length, attrition: 1 - answered.length / all.length };
  };
  const [treatment, comparison] = [of('treatment'), of('comparison')];
  if (treatment.invited === 0 || comparison.invited === 0) return notEstimable('arm-missing');
  const differential = treatment.attrition - comparison.attrition;
  const stayers = people.filter((one) => one.answered);
  return {
    estimable: true,
    treatment,
    comparison,
    differential,
    verdict: attritionBoundary(overall, differential),
    baselineOfStayers: baselineGap(
      baselines(stayers.filter((one) => one.arm === 'treatment')),
      baselines(stayers.filter((one) => one.arm === 'comparison')),
    ),
    armByResponse: armByResponse(people),
  };
};

/**
 * Who was lost, and whether it matters: attrition overall and by arm with its verdict, the baseline of those who left against
 * those who stayed, of the arms among those who stayed, and the arm-by-response difference (HC2 or, with clusters, CR2).
 *
 * @param people - everybody invited; give `arm` to all or to none
 * @returns not estimable when nobody was invited (`too-few-observations`); parts that the data do not carry say so themselves
 * @throws RangeError naming a baseline that is not finite, or when some have an arm and some have none
 */
export const attrition = (people: People): AttritionAnalysis | NotEstimable => {
  requireFinite('baseline', baselines(people));
  const withArm = people.filter((one) => one.arm !== undefined).length;
  if (withArm !== 0 && withArm !== people.length)
    throw new RangeError(`arm must be given for all or none, but ${withArm} of ${people.length} have one`);
  if (people.length === 0) return notEstimable('too-few-observations');
  const answered = people.filter((one) => one.answered);
  const overall = 1 - answered.length / people.length;
  return {
    estimable: true,
    method: 'attrition',
    invited: people.length,
    answered: answered.length,
    overall,
    ...(withArm > 0 ? { byArm: arms(people, overall) } : {}),
    baselineOfLeavers: baselineGap(baselines(people.filter((one) => !one.answered)), baselines(answered)),
  };
};
