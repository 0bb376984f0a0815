import t from '@stdlib/stats-base-dists-t';

const requireDf = (df: number): void => {
  if (!(df > 0)) throw new RangeError(`df must be above 0, not ${df}`);
};

/**
 * Quantile of Student's t distribution, exact to double precision for fractional degrees of freedom.
 *
 * @param p - probability below the quantile, strictly between 0 and 1
 * @param df - degrees of freedom, above 0, fractions allowed
 * @throws RangeError naming the argument that is out of range
 */
export const studentTQuantile = (p: number, df: number): number => {
  if (!(p > 0 && p < 1)) throw new RangeError(`p must be between 0 and 1, not ${p}`);
  requireDf(df);
  return t.quantile(p, df);
};

/**
 * Two-sided p-value of a t statistic: P(|T| >= |statistic|). Taken from the lower tail, so far tails keep their digits.
 *
 * @throws RangeError when the statistic is not finite or df is not above 0
 */
export const studentTTwoSidedP = (statistic: number, df: number): number => {
  if (!Number.isFinite(statistic))
    throw new RangeError(`statistic must be a finite number, not ${statistic}`);
  requireDf(df);
  return Math.min(1, 2 * t.cdf(-Math.abs(statistic), df));
};
