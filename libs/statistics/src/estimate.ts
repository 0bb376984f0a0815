/**
 * Why data cannot carry an estimate.
 * - `too-few-observations`: no spread can be learnt from so few
 * - `too-few-clusters`: the coefficient hangs on a single cluster (leave it out and nothing identifies it)
 * - `arm-missing`: one of the two arms has nobody
 * - `not-identified`: the design's columns are linearly dependent
 * - `no-variation`: nothing varies around the fit, so the data hold no information on uncertainty
 */
export const NOT_ESTIMABLE_REASONS = [
  'too-few-observations',
  'too-few-clusters',
  'arm-missing',
  'not-identified',
  'no-variation',
] as const;
export type NotEstimableReason = (typeof NOT_ESTIMABLE_REASONS)[number];

/** Degenerate input is an answer, not an exception and never NaN. */
export type NotEstimable = { readonly estimable: false; readonly because: NotEstimableReason };

/** A coefficient with its uncertainty; units are those of the outcome. Every figure is finite. */
export type IntervalEstimate = {
  readonly estimable: true;
  readonly estimate: number;
  readonly standardError: number;
  /** Satterthwaite degrees of freedom, at least 1 in practice, rarely whole. */
  readonly df: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  /** Two-sided, of the hypothesis that the coefficient is zero. Not to be shown when `df` is below 4. */
  readonly pValue: number;
  readonly observations: number;
  readonly clusters: number;
};

export const notEstimable = (because: NotEstimableReason): NotEstimable => ({ estimable: false, because });
