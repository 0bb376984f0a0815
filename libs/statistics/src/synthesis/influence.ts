import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireOneClaim, type Effects, type EffectSize, type PoolableClaim } from './effect-size.js';
import { weightsAt } from './heterogeneity.js';
import { inputOf } from './pool.js';
import { fitStudies, studiesFrom, type Coefficient, type Fitted, type MetaOptions } from './random-effects.js';

export type WithoutOne = { readonly study: string; readonly pooled: Coefficient; readonly tau2: number; readonly q: number; readonly i2: number };

export type Sequence<T> = { readonly estimable: true; readonly claim: PoolableClaim; readonly method: string; readonly k: number; readonly rows: readonly T[] };

/** The pool without each study in turn; 3 studies at least, fewer are `too-few-studies`. */
export const leaveOneOut = (effects: Effects, options: MetaOptions = {}): Sequence<WithoutOne> | NotEstimable => {
  const all = whole(effects, options);
  if ('because' in all) return all;
  const rows: WithoutOne[] = [];
  for (const [index, { study }] of all.effects.entries()) {
    const fitted = without(all.effects, index, options);
    if ('estimable' in fitted) return fitted;
    const { coefficients, heterogeneity } = fitted.result;
    rows.push({ study, pooled: coefficients[0] as Coefficient, tau2: heterogeneity.tau2, q: heterogeneity.q, i2: heterogeneity.i2 });
  }
  return { estimable: true, claim: all.claim, method: `${all.fitted.result.method}, one left out`, k: rows.length, rows };
};

export type Influence = {
  readonly study: string;
  /** Distance from the pool of the others, in its own standard deviations. */
  readonly studentisedResidual: number;
  /** How far the pool moves, in its standard deviations, when the study goes. */
  readonly dffits: number;
  /** The same, squared, against the whole pool's variance (Cook). */
  readonly cook: number;
  /** Variance of the pool without the study over that with it. */
  readonly covarianceRatio: number;
  readonly tau2Without: number;
  readonly qWithout: number;
  /** Leverage: the study's share of the weight. */
  readonly hat: number;
};

/**
 * What each study does to the pool. Variances are those of `z`, whatever test is asked for, as the measures are defined so.
 *
 * Source: Viechtbauer and Cheung (2010), Research Synthesis Methods 1. Agrees with metafor's influence.
 */
export const influence = (effects: Effects, options: MetaOptions = {}): Sequence<Influence> | NotEstimable => {
  const all = whole(effects, { ...options, test: 'z' });
  if ('because' in all) return all;
  const { fit, studies, result } = all.fitted;
  const weights = weightsAt(studies, result.heterogeneity.tau2);
  const variance = fit.inverse[0] as number;
  const rows: Influence[] = [];
  for (const [index, { study, estimate, variance: v }] of all.effects.entries()) {
    const fitted = without(all.effects, index, { ...options, test: 'z' });
    if ('estimable' in fitted) return fitted;
    const tau2Without = fitted.result.heterogeneity.tau2;
    const varianceWithout = fitted.fit.inverse[0] as number;
    const hat = (weights[index] as number) / fit.sumOfWeights;
    const moved = (fit.coefficients[0] as number) - (fitted.fit.coefficients[0] as number);
    rows.push({
      study,
      studentisedResidual: (estimate - (fitted.fit.coefficients[0] as number)) / Math.sqrt(v + tau2Without + varianceWithout),
      dffits: moved / Math.sqrt(hat * (v + tau2Without)),
      cook: moved ** 2 / variance,
      covarianceRatio: varianceWithout / variance,
      tau2Without,
      qWithout: fitted.result.heterogeneity.q,
      hat,
    });
  }
  return { estimable: true, claim: all.claim, method: `${result.method}, influence`, k: rows.length, rows };
};

export type Cumulated = { readonly study: string; readonly order: number; readonly k: number; readonly pooled: Coefficient | undefined; readonly tau2: number | undefined };

/**
 * The pool as it grew. Studies of one `order` keep their place in the list; the first stands alone and has no pool.
 *
 * @throws RangeError naming a study without an order
 */
export const cumulative = (effects: Effects, options: MetaOptions = {}): Sequence<Cumulated> | NotEstimable => {
  const claim = requireOneClaim(effects);
  if (!claim) return notEstimable('too-few-studies');
  const inOrder = effects.map((effect) => ({ effect: effect as EffectSize, order: orderOf(effect) })).sort((one, other) => one.order - other.order);
  const rows = inOrder.map(({ effect, order }, index): Cumulated => {
    const fitted = fitStudies(studiesFrom(inputOf(inOrder.slice(0, index + 1).map((one) => one.effect))), options);
    const result = 'estimable' in fitted ? undefined : fitted.result;
    return { study: effect.study, order, k: index + 1, pooled: result?.coefficients[0], tau2: result?.heterogeneity.tau2 };
  });
  return { estimable: true, claim, method: 'random effects, cumulative', k: rows.length, rows };
};

const orderOf = ({ study, order }: EffectSize): number => {
  if (order === undefined || !Number.isFinite(order)) throw new RangeError(`order of ${study} must be a number, not ${order}`);
  return order;
};

export type Shrunken = {
  readonly study: string;
  readonly estimate: number;
  /** Share of the study's own estimate in it, 0 to 1. */
  readonly share: number;
  readonly standardError: number;
};

/**
 * Empirical-Bayes estimates of the studies' true values: each drawn to the pool, the more the less precise it is. What a list
 * by size must show; raw estimates put small studies at both ends. With tau2 = 0 all are the pool.
 *
 * share = tau2 / (tau2 + v); variance = share v + (1 - share)^2 se^2. Source: Raudenbush and Bryk (1985), Journal of
 * Educational Statistics 10; Morris (1983), JASA 78. Agrees with metafor's blup.
 */
export const shrunkenEstimates = (effects: Effects, options: MetaOptions = {}): Sequence<Shrunken> | NotEstimable => {
  const claim = requireOneClaim(effects);
  if (!claim) return notEstimable('too-few-studies');
  const fitted = fitStudies(studiesFrom(inputOf(effects)), options);
  if ('estimable' in fitted) return fitted;
  const { tau2 } = fitted.result.heterogeneity;
  const { estimate: middle, standardError } = fitted.result.coefficients[0] as Coefficient;
  const rows = effects.map(({ study, estimate, variance }) => {
    const share = tau2 / (tau2 + variance);
    return { study, share, estimate: share * estimate + (1 - share) * middle, standardError: Math.sqrt(share * variance + ((1 - share) * standardError) ** 2) };
  });
  return { estimable: true, claim, method: `${fitted.result.method}, empirical Bayes`, k: rows.length, rows };
};

type Whole = { readonly claim: PoolableClaim; readonly effects: readonly EffectSize[]; readonly fitted: Fitted };

const whole = (effects: Effects, options: MetaOptions): Whole | NotEstimable => {
  const claim = requireOneClaim(effects);
  if (!claim || effects.length < 3) return notEstimable('too-few-studies');
  const fitted = fitStudies(studiesFrom(inputOf(effects)), options);
  return 'estimable' in fitted ? fitted : { claim, effects, fitted };
};

const without = (effects: readonly EffectSize[], index: number, options: MetaOptions): Fitted | NotEstimable =>
  fitStudies(studiesFrom(inputOf(effects.filter((_, other) => other !== index))), options);
