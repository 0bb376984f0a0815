import { notEstimable, type NotEstimable } from '../estimate.js';
import { effectiveSize, requireWeights } from './effective-size.js';

export type TrimmedWeights = {
  readonly estimable: true;
  readonly method: 'trimmed, total kept';
  /** n weights with the same total as before. */
  readonly weights: readonly number[];
  readonly trimmed: number;
  readonly effectiveN: number;
  readonly designEffect: number;
  readonly n: number;
};

/**
 * Cuts weights to at most a multiple of their mean and hands what is cut to the others in proportion, again until none is
 * above (Potter 1990): less spread for some bias.
 *
 * @param largest - multiple of the mean weight, above 1
 * @returns not estimable when no weight is above 0 (`zero-total`) or the others cannot take it all up, too few having a weight
 * (`not-identified`)
 */
export const trimWeights = (weights: readonly number[], largest: number): TrimmedWeights | NotEstimable => {
  requireWeights('weights', weights);
  if (!(largest > 1)) throw new RangeError(`largest must be above 1 (the mean weight), not ${largest}`);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return notEstimable('zero-total');
  const cap = (largest * total) / weights.length;
  let current = [...weights];
  for (let round = 0; round <= weights.length; round++) {
    const over = current.filter((weight) => weight >= cap);
    const free = current.filter((weight) => weight < cap).reduce((sum, weight) => sum + weight, 0);
    const left = total - over.length * cap;
    if (current.every((weight) => weight <= cap * (1 + 1e-12)) && Math.abs(free - left) <= 1e-9 * total) break;
    if (!(free > 0)) return notEstimable('not-identified');
    current = current.map((weight) => (weight >= cap ? cap : (weight * left) / free));
  }
  const size = effectiveSize(current);
  if (!size.estimable) return size;
  return {
    estimable: true,
    method: 'trimmed, total kept',
    weights: current,
    trimmed: current.filter((weight) => weight >= cap * (1 - 1e-12)).length,
    effectiveN: size.effectiveN,
    designEffect: size.designEffect,
    n: size.n,
  };
};
