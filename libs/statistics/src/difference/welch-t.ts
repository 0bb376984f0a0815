import { interval } from '../cluster-robust/linear-contrast.js';
import { notEstimable, type IntervalEstimate, type NotEstimable } from '../estimate.js';
import { requireLevel } from '../inputs.js';
import { isNoSpread, momentsOf } from '../moments.js';

export type WelchT = Omit<IntervalEstimate, 'clusters'> & {
  readonly method: 'welch-t';
  readonly statistic: number;
  readonly nComparison: number;
  readonly nTreatment: number;
  readonly meanComparison: number;
  readonly meanTreatment: number;
};

/**
 * Difference of two independent groups' means, treatment minus comparison, by Welch's t: groups may spread unequally, and
 * nobody tests first whether they do. df (a + b)^2 / (a^2 / (n1 - 1) + b^2 / (n2 - 1)) with a, b the squared standard
 * errors of the means. Source: Welch (1947), Biometrika 34.
 *
 * @returns not estimable: `arm-missing`, `too-few-observations` below two in either, `no-variation`
 * @throws RangeError naming a value that is not finite
 */
export const welchT = (
  comparison: readonly number[],
  treatment: readonly number[],
  level = 0.95,
): WelchT | NotEstimable => {
  requireLevel(level);
  const [one, other] = [momentsOf('comparison', comparison), momentsOf('treatment', treatment)];
  if (one.n === 0 || other.n === 0) return notEstimable('arm-missing');
  if (one.n < 2 || other.n < 2) return notEstimable('too-few-observations');
  if (isNoSpread(one.sd, one.mean) && isNoSpread(other.sd, other.mean)) return notEstimable('no-variation');
  const [a, b] = [one.sd ** 2 / one.n, other.sd ** 2 / other.n];
  const [estimate, standardError] = [other.mean - one.mean, Math.sqrt(a + b)];
  // Shares instead of squares of variances, which would underflow in small units.
  const share = a / (a + b);
  const df = 1 / (share ** 2 / (one.n - 1) + (1 - share) ** 2 / (other.n - 1));
  return {
    method: 'welch-t',
    ...interval({ estimate, standardError, df, level }),
    observations: one.n + other.n,
    statistic: estimate / standardError,
    nComparison: one.n,
    nTreatment: other.n,
    meanComparison: one.mean,
    meanTreatment: other.mean,
  };
};
