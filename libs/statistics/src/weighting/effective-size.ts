import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';
import { studentTQuantile } from '../distributions/student-t.js';

export type EffectiveSize = {
  readonly estimable: true;
  readonly method: 'kish';
  /** (sum w)^2 / sum w^2: as many people answering without weights would say as much. */
  readonly effectiveN: number;
  /** n over the effective n: how much weighting costs. */
  readonly designEffect: number;
  /** People with a weight above 0. */
  readonly n: number;
};

/** @throws RangeError that names the first weight which is negative or not finite */
export const requireWeights = (name: string, weights: readonly number[]): void => {
  requireFinite(name, weights);
  weights.forEach((weight, at) => {
    if (weight < 0) throw new RangeError(`${name}[${at}] must not be negative, but is ${weight}`);
  });
};

/**
 * Effective sample size and design effect of unequal weights (Kish 1965, 11.7).
 *
 * @returns not estimable when no weight is above 0 (`zero-total`)
 */
export const effectiveSize = (weights: readonly number[]): EffectiveSize | NotEstimable => {
  requireWeights('weights', weights);
  const used = weights.filter((weight) => weight > 0);
  const largest = Math.max(0, ...used);
  if (largest === 0) return notEstimable('zero-total');
  const total = used.reduce((sum, weight) => sum + weight / largest, 0);
  const squares = used.reduce((sum, weight) => sum + (weight / largest) ** 2, 0);
  const effectiveN = total ** 2 / squares;
  return { estimable: true, method: 'kish', effectiveN, designEffect: used.length / effectiveN, n: used.length };
};

export type WeightedMean = {
  readonly estimable: true;
  readonly method: 'weighted mean, linearised';
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly effectiveN: number;
  readonly n: number;
};

/**
 * Mean under weights with its linearised standard error, people drawn one by one with replacement (Lohr 2010, ch. 9; as R's
 * survey::svymean): n / (n - 1) times the sum of (w (y - mean))^2, over the total weight squared. The weights count as given:
 * that they were raked makes the true error, if anything, smaller.
 *
 * @returns not estimable with fewer than two weighted people (`too-few-observations`) or equal values (`no-variation`)
 */
export const weightedMean = (
  values: readonly number[],
  weights: readonly number[],
  level = 0.95,
): WeightedMean | NotEstimable => {
  requireFinite('values', values);
  requireWeights('weights', weights);
  requireSameLength('weights', weights, 'values', values);
  requireLevel(level);
  const size = effectiveSize(weights);
  if (!size.estimable) return size;
  if (size.n < 2) return notEstimable('too-few-observations');
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const estimate = values.reduce((sum, value, at) => sum + (weights[at] ?? 0) * value, 0) / total;
  const squares = values.reduce((sum, value, at) => sum + ((weights[at] ?? 0) * (value - estimate)) ** 2, 0);
  const standardError = Math.sqrt((size.n / (size.n - 1)) * squares) / total;
  if (!(standardError > 1e-12 * Math.abs(estimate))) return notEstimable('no-variation');
  const df = size.n - 1;
  const margin = studentTQuantile((1 + level) / 2, df) * standardError;
  return {
    estimable: true,
    method: 'weighted mean, linearised',
    estimate,
    standardError,
    df,
    intervalLow: estimate - margin,
    intervalHigh: estimate + margin,
    effectiveN: size.effectiveN,
    n: size.n,
  };
};
