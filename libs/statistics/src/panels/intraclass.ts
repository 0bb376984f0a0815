import { type NotEstimable } from '../estimate.js';
import { mixedModel } from './mixed-model.js';

export type NullModelIcc = {
  readonly estimable: true;
  readonly method: 'reml-null-model' | 'ml-null-model';
  /** Share of the variance that lies between groups, 0 to 1. */
  readonly icc: number;
  readonly groupVariance: number;
  readonly residualVariance: number;
  readonly mean: number;
  readonly observations: number;
  readonly groups: number;
};

/**
 * Intraclass correlation from the random-intercept model without predictors: between / (between + within).
 * Cannot be negative; `icc` of one-way analysis of variance can, and says so (see scales).
 *
 * @param outcome - n values
 * @param groups - n labels
 * @returns not estimable as `mixedModel`
 */
export const nullModelIcc = (
  outcome: readonly number[],
  groups: readonly string[],
  method: 'reml' | 'ml' = 'reml',
): NullModelIcc | NotEstimable => {
  const fit = mixedModel({ outcome, groups, design: outcome.map(() => [1]), method });
  if (!fit.estimable) return fit;
  return {
    estimable: true,
    method: `${method}-null-model`,
    icc: fit.interceptVariance / (fit.interceptVariance + fit.residualVariance),
    groupVariance: fit.interceptVariance,
    residualVariance: fit.residualVariance,
    mean: fit.estimates[0]?.estimate ?? 0,
    observations: fit.observations,
    groups: fit.groups,
  };
};
