export type Arm = 'comparison' | 'treatment';

/** One person's change between baseline and a later wave on the 0 to 1 scale, and the cluster that was assigned, if one was. */
export type Change = { readonly change: number; readonly cluster?: string };
export type ArmChange = Change & { readonly arm: Arm };

/** On the 0 to 1 scale, later wave minus baseline; the interval holds 95 %. */
export type Figures = {
  readonly changeComparison?: number;
  readonly changeTreatment?: number;
  /** Treatment minus comparison, or the one group's change. */
  readonly difference?: number;
  readonly standardError?: number;
  readonly df?: number;
  readonly intervalLow?: number;
  readonly intervalHigh?: number;
};

/** Why an interval is missing. */
export type WhyNoInterval = 'too-few-pairs' | 'too-few-clusters' | 'no-variation';
export type Estimated = { readonly figures: Figures; readonly withoutInterval?: WhyNoInterval };

/** The seam: how changes become an estimate. Clusters are respected where they are given. */
export type OutcomeEstimator = {
  compareArms(changes: readonly ArmChange[]): Estimated;
  describeGroup(changes: readonly Change[]): Estimated;
};

/** The injection token. */
export const OUTCOME_ESTIMATOR = Symbol('OutcomeEstimator');
