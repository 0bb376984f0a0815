import { normalQuantile } from '../distributions/normal.js';
import { studentTQuantile } from '../distributions/student-t.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import type { Fitted } from './random-effects.js';

/**
 * Three conventions, three answers, so each is named.
 * `normal`: standard error of z, normal quantile. `hksj`: standard error of HKSJ, t with k - 1 degrees of freedom.
 * `riley`: standard error of z, t with k - 2 (Higgins, Thompson and Spiegelhalter 2009; Riley, Higgins and Deeks 2011).
 */
export const PREDICTION_CONVENTIONS = ['normal', 'hksj', 'riley'] as const;
export type PredictionConvention = (typeof PREDICTION_CONVENTIONS)[number];

export type PredictionInterval = {
  readonly estimable: true;
  readonly convention: PredictionConvention;
  /** Undefined: normal. */
  readonly df: number | undefined;
  readonly low: number;
  readonly high: number;
};

/**
 * Where the true value of a new study would lie: estimate +- quantile times sqrt(tau2 + se^2).
 * Of an intercept alone; with k = 2 `riley` has no degrees of freedom and is `too-few-studies`.
 */
export const predictionInterval = ({ fit, result, studies }: Fitted, convention: PredictionConvention): PredictionInterval | NotEstimable => {
  if (!PREDICTION_CONVENTIONS.includes(convention))
    throw new RangeError(`convention must be one of ${PREDICTION_CONVENTIONS.join(', ')}, not ${JSON.stringify(convention)}`);
  const df = { normal: undefined, hksj: studies.k - 1, riley: studies.k - 2 }[convention];
  if (df !== undefined && df < 1) return notEstimable('too-few-studies');
  const p = (1 + result.level) / 2;
  const quantile = df === undefined ? normalQuantile(p) : studentTQuantile(p, df);
  const variance = (fit.inverse[0] as number) * (convention === 'hksj' ? result.hksjFactor : 1);
  const half = quantile * Math.sqrt(result.heterogeneity.tau2 + variance);
  const middle = fit.coefficients[0] as number;
  return { estimable: true, convention, df, low: middle - half, high: middle + half };
};
