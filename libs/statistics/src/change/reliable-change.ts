import { requirePositive, requireProbability } from '../distributions/arguments.js';
import { normalQuantile } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel } from '../inputs.js';

export type ReliableChange = {
  readonly estimable: true;
  readonly method: 'reliable-change';
  /** A change beyond this, up or down, is more than measurement error at the level asked for. */
  readonly threshold: number;
  /** People. */
  readonly n: number;
  readonly rose: number;
  readonly fell: number;
  /** Within the noise of the measure. */
  readonly unclear: number;
};

/**
 * How many changed by more than the measure's noise: |change| > z SD_before sqrt(2 (1 - reliability)). "Improved" without it
 * counts noise. Source: Jacobson and Truax (1991), Journal of Consulting and Clinical Psychology 59.
 *
 * @param changes - after minus before
 * @param measure - SD before (units of the change) and reliability, 0 to 1, e.g. Cronbach's alpha
 * @returns not estimable, `all-missing`, for an empty list
 * @throws RangeError naming what is out of range
 */
export const reliableChange = (
  changes: readonly number[],
  measure: { readonly sdBefore: number; readonly reliability: number },
  level = 0.95,
): ReliableChange | NotEstimable => {
  requireFinite('changes', changes);
  requirePositive('sdBefore', measure.sdBefore);
  requireProbability('reliability', measure.reliability);
  requireLevel(level);
  if (changes.length === 0) return notEstimable('all-missing');
  const threshold =
    normalQuantile((1 + level) / 2) * measure.sdBefore * Math.sqrt(2 * (1 - measure.reliability));
  const rose = changes.filter((change) => change > threshold).length;
  const fell = changes.filter((change) => change < -threshold).length;
  const n = changes.length;
  return { estimable: true, method: 'reliable-change', threshold, n, rose, fell, unclear: n - rose - fell };
};
