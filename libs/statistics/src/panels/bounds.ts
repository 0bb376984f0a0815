import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';

/** Somebody invited; `value` is left out when they did not answer. */
export type BoundsObservation = { readonly arm: 'treatment' | 'comparison'; readonly value?: number };

export type DifferenceBounds = {
  readonly estimable: true;
  readonly method: 'lee' | 'manski';
  /** Treatment minus comparison, in the outcome's unit. */
  readonly lower: number;
  readonly upper: number;
  /** Of those who answered, with nothing done about the others. */
  readonly observedDifference: number;
  /** Lee: share of the better-answering arm that is trimmed. Manski: 0. */
  readonly trimmedShare: number;
  readonly answered: { readonly treatment: number; readonly comparison: number };
  readonly invited: { readonly treatment: number; readonly comparison: number };
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const split = (people: readonly BoundsObservation[]) => {
  const values = people.flatMap((one) => (one.value === undefined ? [] : [one.value]));
  requireFinite('value', values);
  const of = (arm: 'treatment' | 'comparison') => {
    const all = people.filter((one) => one.arm === arm);
    return { invited: all.length, values: all.flatMap((one) => (one.value === undefined ? [] : [one.value])) };
  };
  return { treatment: of('treatment'), comparison: of('comparison') };
};

/**
 * Mean of what is left when a share of the values is cut from one end; the value at the cut counts in part, so the bound
 * does not jump with n.
 */
const trimmedMean = (values: readonly number[], share: number, end: 'lowest' | 'highest'): number => {
  const sorted = [...values].sort((a, b) => (end === 'lowest' ? a - b : b - a));
  let cut = share * sorted.length;
  let [sum, weight] = [0, 0];
  for (const value of sorted) {
    const kept = 1 - Math.min(1, cut);
    cut = Math.max(0, cut - 1);
    sum += kept * value;
    weight += kept;
  }
  return sum / weight;
};

/**
 * Lee bounds on the effect among those who would answer in either arm (Lee 2009, Review of Economic Studies 76): the arm that
 * answers more is trimmed from one end by the difference in answering. Assumes that the programme moves answering in one
 * direction only (monotonicity), and that arms were assigned at random.
 *
 * @returns not estimable when an arm has nobody (`arm-missing`) or nobody who answered (`all-missing`)
 */
export const leeBounds = (people: readonly BoundsObservation[]): DifferenceBounds | NotEstimable => {
  const { treatment, comparison } = split(people);
  if (treatment.invited === 0 || comparison.invited === 0) return notEstimable('arm-missing');
  if (treatment.values.length === 0 || comparison.values.length === 0) return notEstimable('all-missing');
  const rate = (arm: { invited: number; values: readonly number[] }) => arm.values.length / arm.invited;
  const [more, less] = rate(treatment) >= rate(comparison) ? [treatment, comparison] : [comparison, treatment];
  const share = 1 - rate(less) / rate(more);
  const other = mean(less.values);
  const [without, withoutTop] = [trimmedMean(more.values, share, 'lowest'), trimmedMean(more.values, share, 'highest')];
  const bounds =
    more === treatment
      ? { lower: withoutTop - other, upper: without - other }
      : { lower: other - without, upper: other - withoutTop };
  return {
    estimable: true,
    method: 'lee',
    ...bounds,
    observedDifference: mean(treatment.values) - mean(comparison.values),
    trimmedShare: share,
    answered: { treatment: treatment.values.length, comparison: comparison.values.length },
    invited: { treatment: treatment.invited, comparison: comparison.invited },
  };
};

/**
 * Manski's worst-case bounds (Horowitz & Manski 2000): everybody missing is put at the end of the scale that makes the
 * difference smallest, then largest. Assumes nothing but the scale's range.
 *
 * @param range - lowest and highest value that the scale allows
 * @returns not estimable when an arm has nobody (`arm-missing`)
 * @throws RangeError when a value lies outside the range
 */
export const manskiBounds = (
  people: readonly BoundsObservation[],
  range: { readonly lowest: number; readonly highest: number },
): DifferenceBounds | NotEstimable => {
  const { treatment, comparison } = split(people);
  requireFinite('range', [range.lowest, range.highest]);
  if (!(range.lowest < range.highest)) throw new RangeError('range.lowest must be below range.highest');
  [...treatment.values, ...comparison.values].forEach((value) => {
    if (value < range.lowest || value > range.highest)
      throw new RangeError(`value ${value} lies outside the range ${range.lowest} to ${range.highest}`);
  });
  if (treatment.invited === 0 || comparison.invited === 0) return notEstimable('arm-missing');
  if (treatment.values.length === 0 || comparison.values.length === 0) return notEstimable('all-missing');
  const filled = (arm: { invited: number; values: readonly number[] }, end: number): number =>
    (arm.values.reduce((sum, value) => sum + value, 0) + end * (arm.invited - arm.values.length)) / arm.invited;
  return {
    estimable: true,
    method: 'manski',
    lower: filled(treatment, range.lowest) - filled(comparison, range.highest),
    upper: filled(treatment, range.highest) - filled(comparison, range.lowest),
    observedDifference: mean(treatment.values) - mean(comparison.values),
    trimmedShare: 0,
    answered: { treatment: treatment.values.length, comparison: comparison.values.length },
    invited: { treatment: treatment.invited, comparison: comparison.invited },
  };
};
