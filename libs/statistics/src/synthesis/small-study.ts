import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireOneClaim, type Effects, type PoolableClaim } from './effect-size.js';
import { inputOf } from './pool.js';
import { coefficientOf, fitStudies, studiesFrom, type Coefficient } from './random-effects.js';
import { kendall, type Kendall } from './rank-correlation.js';
import { weightedFit, type Studies } from './weighted-fit.js';

/** What stands for precision. With standardised differences the standard error depends on the estimate; 1/sqrt(n) does not. */
export type Predictor = 'standard-error' | 'inverse-root-n';

/** `mixed`: REML meta-regression, normal. `weighted`: least squares with weights 1/v and a common dispersion, t (Egger's own). */
export type EggerForm = 'mixed' | 'weighted';

export type Egger = {
  readonly estimable: true;
  readonly claim: PoolableClaim;
  readonly method: string;
  readonly k: number;
  readonly form: EggerForm;
  readonly predictor: Predictor;
  /** Of the predictor: 0 for a symmetric funnel. */
  readonly asymmetry: Coefficient;
  /** The estimate of a study without sampling error. */
  readonly limit: Coefficient;
  /** Fewer than 10 studies: the test has little power and is not advised. */
  readonly fewStudies: boolean;
};

export type EggerOptions = { readonly form?: EggerForm; readonly predictor?: Predictor; readonly level?: number; /** Of the mixed form, see estimateTau2. */ readonly tolerance?: number };

/**
 * Regression test for asymmetry of the funnel. The two forms can disagree; tell which one.
 *
 * Edge cases: fewer than 3 studies are `too-few-studies`; studies of one precision are `not-identified`.
 * Sources: Egger, Davey Smith, Schneider and Minder (1997), BMJ 315; Sterne and Egger (2005); agrees with metafor's regtest.
 * @throws RangeError when 1/sqrt(n) is asked and a study has no `people`
 */
export const eggerTest = (effects: Effects, options: EggerOptions = {}): Egger | NotEstimable => {
  const { form = 'weighted', predictor = 'standard-error' } = options;
  const claim = requireOneClaim(effects);
  if (!claim) return notEstimable('too-few-studies');
  const moderators = effects.map(({ study, variance, people }) => {
    if (predictor === 'standard-error') return [Math.sqrt(variance)];
    if (people === undefined || !(people > 0)) throw new RangeError(`people of ${study} must be above 0 for the predictor inverse-root-n`);
    return [1 / Math.sqrt(people)];
  });
  const studies = studiesFrom({ ...inputOf(effects), moderators });
  const coefficients = form === 'mixed' ? mixed(studies, options) : dispersed(studies, options);
  if ('because' in coefficients) return coefficients;
  const [limit, asymmetry] = coefficients;
  return { estimable: true, claim, method: `Egger, ${form}`, k: studies.k, form, predictor, limit, asymmetry, fewStudies: studies.k < 10 };
};

type Line = readonly [intercept: Coefficient, slope: Coefficient];

type Fine = { readonly level?: number; readonly tolerance?: number };

const mixed = (studies: Studies, { level = 0.95, tolerance }: Fine): Line | NotEstimable => {
  const fitted = fitStudies(studies, { test: 'z', level, ...(tolerance === undefined ? {} : { tolerance }) });
  return 'estimable' in fitted ? fitted : (fitted.result.coefficients as unknown as Line);
};

/** Least squares with weights 1/v whose residual variance is estimated, k - 2 degrees of freedom. */
const dispersed = (studies: Studies, { level = 0.95 }: Fine): Line | NotEstimable => {
  const df = studies.k - 2;
  if (df < 1) return notEstimable('too-few-studies');
  const fit = weightedFit(studies, studies.variances.map((v) => 1 / v));
  if (!fit) return notEstimable('not-identified');
  const dispersion = fit.q / df;
  if (!(dispersion > 1e-20)) return notEstimable('no-variation');
  const at = (j: number): Coefficient => coefficientOf(fit.coefficients[j] as number, Math.sqrt(dispersion * (fit.inverse[j * 3] as number)), df, level);
  return [at(0), at(1)];
};

export type PetPeese = {
  readonly estimable: true;
  readonly claim: PoolableClaim;
  readonly method: string;
  readonly k: number;
  readonly form: EggerForm;
  /** Intercept of the estimate on its standard error. */
  readonly pet: Coefficient;
  /** Intercept of the estimate on its variance. */
  readonly peese: Coefficient;
  /** PEESE where PET finds more than nothing (one-sided p below .05), else PET. */
  readonly chosen: 'pet' | 'peese';
  readonly estimate: Coefficient;
};

/**
 * PET-PEESE: what a study of endless precision would find. A sensitivity analysis, not an estimate to report alone.
 *
 * Source: Stanley and Doucouliagos (2014), Research Synthesis Methods 5. Edge cases as for {@link eggerTest}.
 */
export const petPeese = (effects: Effects, options: Omit<EggerOptions, 'predictor'> = {}): PetPeese | NotEstimable => {
  const { form = 'weighted' } = options;
  const claim = requireOneClaim(effects);
  if (!claim) return notEstimable('too-few-studies');
  const line = form === 'mixed' ? mixed : dispersed;
  const pet = line(studiesFrom({ ...inputOf(effects), moderators: effects.map(({ variance }) => [Math.sqrt(variance)]) }), options);
  if ('because' in pet) return pet;
  const peese = line(studiesFrom({ ...inputOf(effects), moderators: effects.map(({ variance }) => [variance]) }), options);
  if ('because' in peese) return peese;
  const chosen = pet[0].pValue < 0.1 && pet[0].estimate > 0 ? 'peese' : 'pet';
  return { estimable: true, claim, method: `PET-PEESE, ${form}`, k: effects.length, form, pet: pet[0], peese: peese[0], chosen, estimate: chosen === 'pet' ? pet[0] : peese[0] };
};

/**
 * Rank correlation of standardised estimates and their variances (Begg and Mazumdar 1994, Biometrics 50): tau-b, exact p
 * without ties below 50 studies. Fewer than 3 studies are `too-few-studies`.
 */
export const rankCorrelationTest = (effects: Effects): (Kendall & { readonly claim: PoolableClaim }) | NotEstimable => {
  const claim = requireOneClaim(effects);
  if (!claim || effects.length < 3) return notEstimable('too-few-studies');
  const studies = studiesFrom(inputOf(effects));
  const fit = weightedFit(studies, studies.variances.map((v) => 1 / v));
  if (!fit) return notEstimable('not-identified');
  const deviates = [...fit.residuals].map((e, i) => e / Math.sqrt((studies.variances[i] as number) - 1 / fit.sumOfWeights));
  const result = kendall(deviates, [...studies.variances]);
  return result.estimable ? { ...result, claim } : result;
};
