import { logGamma } from './distributions/gamma.js';
import { noncentralTNcp } from './distributions/noncentral-t.js';
import { normalQuantile } from './distributions/normal.js';

/**
 * An effect in standard deviations. `variance` is its sampling variance for pooling; where an exact interval exists
 * (`noncentral-t`) that is the one to print, since estimate +- 1.96 standard errors misleads below 30 people.
 */
export type StandardisedEffect = {
  readonly estimable: true;
  readonly measure: StandardisedMeasure;
  readonly estimate: number;
  readonly variance: number;
  readonly standardError: number;
  /** Of the standard deviation that was divided by. */
  readonly df: number;
  /** People. */
  readonly n: number;
  readonly intervalMethod: 'noncentral-t' | 'asymptotic';
  readonly intervalLow: number;
  readonly intervalHigh: number;
};

/**
 * What was divided by what.
 * One group, mean change over: `d-z` SD of changes (for power alone), `d-av-rms` root of the mean of both variances,
 * `d-av-mean` mean of both SDs (Lakens), `d-rm` SD of changes corrected for correlation, `glass-before` SD before;
 * `smcr` = J x glass-before, `smcc` = J x d-z, `g-av` = J x d-av-rms.
 * Two groups, difference of means over: `d` pooled SD, `g` = J x d, `glass` SD of comparison, `d-unpooled` root of the mean of
 * both variances.
 * Two groups before and after (Morris 2008): `d-ppc1` each change over its own SD before, `d-ppc2` over the pooled SD before.
 */
export type StandardisedMeasure =
  | 'd-z'
  | 'd-av-rms'
  | 'd-av-mean'
  | 'd-rm'
  | 'glass-before'
  | 'smcr'
  | 'smcc'
  | 'g-av'
  | 'd'
  | 'g'
  | 'glass'
  | 'd-unpooled'
  | 'd-ppc1'
  | 'd-ppc2';

/**
 * J(m): takes the small-sample bias out of an effect whose SD has m degrees of freedom, Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)).
 * Source: Hedges (1981), Journal of Educational Statistics 6.
 *
 * @param df - above 1
 */
export const hedgesCorrection = (df: number): number => {
  if (!(df > 1)) throw new RangeError(`df must be above 1, not ${df}`);
  return Math.exp(logGamma(df / 2) - logGamma((df - 1) / 2)) / Math.sqrt(df / 2);
};

/** J(m) to three digits without the gamma function: 1 - 3 / (4m - 1). */
export const hedgesCorrectionApproximate = (df: number): number => {
  if (!(df > 1)) throw new RangeError(`df must be above 1, not ${df}`);
  return 1 - 3 / (4 * df - 1);
};

type Parts = Pick<StandardisedEffect, 'measure' | 'estimate' | 'variance' | 'df' | 'n'>;

/** Estimate +- z standard errors. */
export const asymptoticEffect = (parts: Parts, level: number): StandardisedEffect => {
  const standardError = Math.sqrt(parts.variance);
  const half = normalQuantile((1 + level) / 2) * standardError;
  return {
    estimable: true,
    ...parts,
    standardError,
    intervalMethod: 'asymptotic',
    intervalLow: parts.estimate - half,
    intervalHigh: parts.estimate + half,
  };
};

/**
 * Exact under normality: those noncentralities under which the observed t is just not extreme, times `unit`, the size of
 * the effect per unit of noncentrality. Source: Steiger and Fouladi (1997).
 */
export const exactEffect = (
  parts: Parts,
  { statistic, unit, level }: { readonly statistic: number; readonly unit: number; readonly level: number },
): StandardisedEffect => {
  const limit = (p: number): number => noncentralTNcp(statistic, parts.df, p) * unit;
  return {
    estimable: true,
    ...parts,
    standardError: Math.sqrt(parts.variance),
    intervalMethod: 'noncentral-t',
    intervalLow: limit((1 + level) / 2),
    intervalHigh: limit((1 - level) / 2),
  };
};
