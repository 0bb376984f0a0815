import { studentTQuantile, studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';

export type PooledImputations = {
  readonly estimable: true;
  readonly method: 'rubin, barnard-rubin df' | 'rubin, large-sample df' | 'imputations agree';
  readonly estimate: number;
  readonly standardError: number;
  /** Barnard & Rubin's when the complete-data df were given, else Rubin's (Infinity when the imputations agree). */
  readonly df: number;
  /** Rubin's (1987) df, which can exceed those of complete data; Infinity when the imputations agree. */
  readonly largeSampleDf: number;
  readonly withinVariance: number;
  readonly betweenVariance: number;
  readonly totalVariance: number;
  /** Share of the total variance that missing answers cause. */
  readonly missingShare: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly pValue: number;
  readonly imputations: number;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Barnard & Rubin (1999), Biometrika 86: eq. 2-4. */
const smallSampleDf = (rubin: number, complete: number, missingShare: number): number => {
  const observed = ((complete + 1) / (complete + 3)) * complete * (1 - missingShare);
  return Number.isFinite(rubin) ? 1 / (1 / rubin + 1 / observed) : observed;
};

/**
 * One estimate from m imputed data sets by Rubin's rules: T = W + (1 + 1/m) B (Rubin 1987, ch. 3), with the small-sample
 * degrees of freedom of Barnard & Rubin (1999) when those of complete data are given.
 *
 * @param estimates - m estimates, one an imputation
 * @param variances - their m squared standard errors
 * @param completeDf - degrees of freedom had nothing been missing
 * @returns not estimable with fewer than two imputations (`too-few-observations`) or no variance at all (`no-variation`)
 * @throws RangeError naming a negative variance, a number that is not finite, or lists of unequal length
 */
export const poolImputations = (
  estimates: readonly number[],
  variances: readonly number[],
  completeDf?: number,
  level = 0.95,
): PooledImputations | NotEstimable => {
  requireFinite('estimates', estimates);
  requireFinite('variances', variances);
  requireSameLength('variances', variances, 'estimates', estimates);
  requireLevel(level);
  variances.forEach((value, at) => {
    if (value < 0) throw new RangeError(`variances[${at}] must not be negative, but is ${value}`);
  });
  if (completeDf !== undefined && !(completeDf > 0)) throw new RangeError(`completeDf must be above 0, not ${completeDf}`);
  const m = estimates.length;
  if (m < 2) return notEstimable('too-few-observations');
  const estimate = mean(estimates);
  const within = mean(variances);
  const between = estimates.reduce((sum, value) => sum + (value - estimate) ** 2, 0) / (m - 1);
  const total = within + (1 + 1 / m) * between;
  if (!(total > 0)) return notEstimable('no-variation');
  const missingShare = ((1 + 1 / m) * between) / total;
  const rubin = missingShare > 0 ? (m - 1) / missingShare ** 2 : Infinity;
  const df = completeDf === undefined ? rubin : smallSampleDf(rubin, completeDf, missingShare);
  const standardError = Math.sqrt(total);
  /** Beyond this a t is a normal to every digit that is printed. */
  const finite = Math.min(df, 1e12);
  const margin = studentTQuantile((1 + level) / 2, finite) * standardError;
  return {
    estimable: true,
    method:
      completeDf !== undefined
        ? 'rubin, barnard-rubin df'
        : missingShare > 0
          ? 'rubin, large-sample df'
          : 'imputations agree',
    estimate,
    standardError,
    df,
    largeSampleDf: rubin,
    withinVariance: within,
    betweenVariance: between,
    totalVariance: total,
    missingShare,
    intervalLow: estimate - margin,
    intervalHigh: estimate + margin,
    pValue: studentTTwoSidedP(estimate / standardError, finite),
    imputations: m,
  };
};
