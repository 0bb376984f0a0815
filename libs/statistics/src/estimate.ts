/**
 * Why data cannot carry an estimate, each in the words that are printed when a figure is left out.
 * A reason is a property of the data or of the design; malformed input is a RangeError instead.
 */
export const NOT_ESTIMABLE = {
  'all-missing': 'nobody has a value',
  'arm-missing': 'one of the two arms has nobody',
  'did-not-converge': 'the search for the best fit did not settle',
  'no-events': 'the event never happened',
  'no-variation': 'nothing varies around the fit, so the data hold no information on uncertainty',
  'not-identified': "the design's columns are linearly dependent",
  separation: 'a predictor tells the outcome without error, so its odds have no bound',
  'single-wave': 'only one wave was measured',
  'too-few-clusters': 'the coefficient hangs on a single cluster: left out, nothing identifies it',
  'too-few-items': 'the scale has too few items',
  'too-few-observations': 'no spread can be learnt from so few',
  'too-few-studies': 'too few studies for this model',
  unbalanced: 'this form needs every target rated by every rater',
  'zero-total': 'the total is zero, so nothing can be a share of it',
  'zero-variance': 'a spread that must be divided by is zero',
} as const;
export type NotEstimableReason = keyof typeof NOT_ESTIMABLE;
export const NOT_ESTIMABLE_REASONS = Object.keys(NOT_ESTIMABLE) as readonly NotEstimableReason[];

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
