import { sideOf, type Side } from '../claims/index.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireOneClaim, type EffectSize, type PoolableClaim } from './effect-size.js';
import { weightsAt } from './heterogeneity.js';
import { predictionInterval, type PredictionConvention, type PredictionInterval } from './prediction.js';
import { coefficientOf, fitStudies, studiesFrom, type Coefficient, type Fitted, type Heterogeneity, type MetaOptions, type Test } from './random-effects.js';
import type { Tau2Method } from './heterogeneity.js';

export type PoolOptions = MetaOptions;

export type PooledStudy = {
  readonly study: string;
  readonly estimate: number;
  readonly variance: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  /** Share of the pool, 0 to 1. */
  readonly weight: number;
};

export type Pooled<C extends PoolableClaim = PoolableClaim> = {
  readonly estimable: true;
  readonly claim: C;
  readonly method: string;
  readonly k: number;
  readonly tau2Method: Tau2Method;
  readonly test: Test;
  readonly level: number;
  readonly studies: readonly PooledStudy[];
  readonly pooled: Coefficient;
  /** Where HKSJ is asked of 2 to 4 studies it can be absurdly wide or narrow: the normal answer stands beside it. */
  readonly pooledNormal: Coefficient | undefined;
  readonly heterogeneity: Heterogeneity;
  readonly hksjFactor: number;
  readonly prediction: Readonly<Record<PredictionConvention, PredictionInterval | NotEstimable>>;
  readonly side: Side;
  readonly sentence: string;
};

export type PoolAnswer<C extends PoolableClaim> = Pooled<C> | (NotEstimable & { readonly claim: C | undefined; readonly k: number });

const NORMAL_BESIDE = 4;

/**
 * Random-effects pool of studies of one claim: changes with changes, effects with effects. Mixing does not compile, and
 * throws where types were lost. Estimates above 0 are better.
 *
 * @param effects - k of them, 2 at least; fewer are `too-few-studies`
 * @param options - REML, HKSJ and 95 % unless said
 */
export function pool(effects: readonly EffectSize<'change'>[], options?: PoolOptions): PoolAnswer<'change'>;
export function pool(effects: readonly EffectSize<'adjusted-difference'>[], options?: PoolOptions): PoolAnswer<'adjusted-difference'>;
export function pool(effects: readonly EffectSize<'effect'>[], options?: PoolOptions): PoolAnswer<'effect'>;
export function pool(effects: readonly EffectSize[], options: PoolOptions = {}): PoolAnswer<PoolableClaim> {
  const claim = requireOneClaim(effects);
  if (!claim) return { ...notEstimable('too-few-studies'), claim, k: 0 };
  const fitted = fitStudies(studiesFrom(inputOf(effects)), options);
  if ('estimable' in fitted) return { ...fitted, claim, k: effects.length };
  return pooledOf(claim, effects, fitted);
}

export const inputOf = (effects: readonly EffectSize[]): { readonly estimates: readonly number[]; readonly variances: readonly number[] } => ({
  estimates: effects.map(({ estimate }) => estimate),
  variances: effects.map(({ variance }) => variance),
});

const pooledOf = (claim: PoolableClaim, effects: readonly EffectSize[], fitted: Fitted): Pooled => {
  const { result, studies } = fitted;
  const [pooled] = result.coefficients as [Coefficient];
  const normal = result.test !== 'z' && result.k <= NORMAL_BESIDE ? fitStudies(studies, { ...result, test: 'z' }) : undefined;
  const prediction = {
    normal: predictionInterval(fitted, 'normal'),
    hksj: predictionInterval(fitted, 'hksj'),
    riley: predictionInterval(fitted, 'riley'),
  };
  const shown = prediction[result.test === 'z' ? 'normal' : 'hksj'];
  return {
    estimable: true,
    claim,
    method: result.method,
    k: result.k,
    tau2Method: result.tau2Method,
    test: result.test,
    level: result.level,
    studies: studiesOf(effects, fitted),
    pooled,
    pooledNormal: normal && 'result' in normal ? normal.result.coefficients[0] : undefined,
    heterogeneity: result.heterogeneity,
    hksjFactor: result.hksjFactor,
    prediction,
    side: sideOf('better', pooled.intervalLow, pooled.intervalHigh),
    sentence: poolSentence(claim, result.k, pooled, shown.estimable ? shown : undefined),
  };
};

const studiesOf = (effects: readonly EffectSize[], { studies, fit, result }: Fitted): PooledStudy[] => {
  const weights = weightsAt(studies, result.heterogeneity.tau2);
  return effects.map(({ study, estimate, variance }, index) => {
    const { intervalLow, intervalHigh } = coefficientOf(estimate, Math.sqrt(variance), undefined, result.level);
    return { study, estimate, variance, intervalLow, intervalHigh, weight: (weights[index] as number) / fit.sumOfWeights };
  });
};

const NAMES: Readonly<Record<PoolableClaim, readonly [what: string, condition: string]>> = {
  change: ['change', 'without comparison groups it may be due to other causes'],
  'adjusted-difference': ['difference between arms', 'arms were not kept to a lot, so it holds only if both would have changed alike'],
  effect: ['effect', 'arms were drawn by lot in every study'],
};

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** Says harm where the whole interval lies below zero, and that a new study may do harm where its interval reaches there. */
const poolSentence = (claim: PoolableClaim, k: number, pooled: Coefficient, prediction: PredictionInterval | undefined): string => {
  const [what, condition] = NAMES[claim];
  const { estimate, intervalLow, intervalHigh } = pooled;
  const side = sideOf('better', intervalLow, intervalHigh);
  const verdict =
    side === 'harmful' ? 'The whole interval lies on the harmful side.' : side === 'helpful' ? 'The whole interval lies on the helpful side.' : 'It may be nothing: the interval holds zero.';
  const next = !prediction
    ? ''
    : ` A new study may lie anywhere from ${signed(prediction.low)} to ${signed(prediction.high)}${prediction.low < 0 ? ', on the harmful side as well' : ''}.`;
  return `Pooled ${what} of ${k} studies: ${signed(estimate)} standard deviations (interval ${signed(intervalLow)} to ${signed(intervalHigh)}); ${condition}. ${verdict}${next}`;
};
