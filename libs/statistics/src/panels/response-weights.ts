import { type NotEstimable } from '../estimate.js';
import { logisticRegression, type LogisticFit } from './logistic.js';

export type ResponseWeights = {
  readonly estimable: true;
  readonly method: 'inverse-probability-of-response, stabilised, trimmed';
  /** One a row: 0 for those who did not answer, mean near 1 among those who did. */
  readonly weights: readonly number[];
  readonly answered: number;
  readonly invited: number;
  /** How many weights were pulled in at each end. */
  readonly trimmed: number;
  /** (sum of weights)^2 / sum of squared weights (Kish 1965). */
  readonly effectiveN: number;
  readonly model: LogisticFit;
};

const quantile = (sorted: readonly number[], p: number): number => {
  const at = p * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (at - Math.floor(at)) * (high - low);
};

/**
 * Weights that let those who answered stand for all who were invited: share answering / P(answer | covariates), trimmed at
 * the two quantiles (Robins, Hernan & Brumback 2000; Cole & Hernan 2008). Right when the covariates hold all that tells
 * answering and outcome apart.
 *
 * @param answered - one a person invited: 1 answered, 0 not
 * @param covariates - one row a person: what was known at baseline; an intercept is added
 * @param trim - share cut at each end, 0.01 when left out, below 0.5; 0 for none
 * @returns not estimable as `logisticRegression`: everybody answered or nobody did (`no-variation`), or a covariate decides it
 * (`separation`)
 */
export const responseWeights = (
  answered: readonly (0 | 1)[],
  covariates: readonly (readonly number[])[],
  trim = 0.01,
): ResponseWeights | NotEstimable => {
  if (!(trim >= 0 && trim < 0.5)) throw new RangeError(`trim must be from 0 to below 0.5, not ${trim}`);
  const model = logisticRegression(
    covariates.map((row) => [1, ...row]),
    answered,
  );
  if (!model.estimable) return model;
  const stayed = answered.filter((one) => one === 1).length;
  const share = stayed / answered.length;
  const raw = answered.map((one, row) => (one === 1 ? share / (model.probabilities[row] ?? 1) : 0));
  const sorted = raw.filter((weight) => weight > 0).sort((a, b) => a - b);
  const [low, high] = [quantile(sorted, trim), quantile(sorted, 1 - trim)];
  const weights = raw.map((weight) => (weight === 0 ? 0 : Math.min(high, Math.max(low, weight))));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    estimable: true,
    method: 'inverse-probability-of-response, stabilised, trimmed',
    weights,
    answered: stayed,
    invited: answered.length,
    trimmed: raw.filter((weight, row) => weight !== weights[row]).length,
    effectiveN: total ** 2 / weights.reduce((sum, weight) => sum + weight ** 2, 0),
    model,
  };
};
