import { chiSquareUpperTail } from '../distributions/chi-square.js';
import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { studentTQuantile, studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';
import { estimateTau2, fitAt, h2, i2, qProfile, TAU2_METHODS, typicalVariance, type Range, type Tau2Method } from './heterogeneity.js';
import { weightedFit, type Studies, type WeightedFit } from './weighted-fit.js';

/**
 * How uncertainty of coefficients is told. `z`: normal. `hksj`: Hartung-Knapp-Sidik-Jonkman, variance times q, t with k - p
 * degrees of freedom. `hksj-floor`: the same with max(1, q), so that it is never narrower than z would have it.
 */
export type Test = 'z' | 'hksj' | 'hksj-floor';

export type MetaOptions = {
  /** REML unless said. */
  readonly tau2Method?: Tau2Method;
  /** `hksj` unless said. */
  readonly test?: Test;
  /** 0.95 unless said. */
  readonly level?: number;
  /** Where iterations stop; see estimateTau2. */
  readonly tolerance?: number;
};

export type MetaInput = {
  /** k estimates. */
  readonly estimates: readonly number[];
  /** k sampling variances, above 0. */
  readonly variances: readonly number[];
  /** k rows of moderators, without an intercept; none unless said. */
  readonly moderators?: readonly (readonly number[])[];
  /** Leaves the intercept out, e.g. for one column a subgroup. */
  readonly withoutIntercept?: boolean;
};

export type Coefficient = {
  readonly estimate: number;
  readonly standardError: number;
  /** Undefined: normal. */
  readonly df: number | undefined;
  readonly statistic: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly pValue: number;
};

export type Heterogeneity = {
  readonly tau2: number;
  readonly tau: number;
  /** Where the method has one (REML, ML). */
  readonly tau2StandardError: number | undefined;
  /** Q-profile. */
  readonly tau2Interval: Range;
  readonly q: number;
  readonly qDf: number;
  readonly qPValue: number;
  /** 0 to 1: the share of variance between studies. It is not how much true values vary: that is tau. */
  readonly i2: number;
  readonly i2Interval: Range;
  readonly h2: number;
  readonly h2Interval: Range;
};

export type MetaFit = {
  readonly estimable: true;
  readonly method: string;
  readonly k: number;
  readonly tau2Method: Tau2Method;
  readonly test: Test;
  readonly level: number;
  readonly coefficients: readonly Coefficient[];
  readonly heterogeneity: Heterogeneity;
  /** q of HKSJ before any floor; below 1 the studies agree better than their variances say. */
  readonly hksjFactor: number;
};

export type Fitted = { readonly studies: Studies; readonly fit: WeightedFit; readonly result: MetaFit };

/** @throws RangeError naming the argument and the rule */
export const studiesFrom = ({ estimates, variances, moderators, withoutIntercept = false }: MetaInput): Studies => {
  requireFinite('estimates', estimates);
  requireFinite('variances', variances);
  requireSameLength('variances', variances, 'estimates', estimates);
  variances.forEach((v, index) => {
    if (!(v > 0)) throw new RangeError(`variances[${index}] must be above 0, not ${v}`);
  });
  const rows = moderators ?? estimates.map(() => []);
  requireSameLength('moderators', rows, 'estimates', estimates);
  rows.forEach((row, index) => {
    requireFinite(`moderators[${index}]`, row);
    requireSameLength(`moderators[${index}]`, row, 'moderators[0]', rows[0] ?? []);
  });
  const columns = (rows[0]?.length ?? 0) + (withoutIntercept ? 0 : 1);
  if (columns === 0 && rows.length > 0) throw new RangeError('moderators must have a column where the intercept is left out');
  return {
    k: estimates.length,
    estimates: Float64Array.from(estimates),
    variances: Float64Array.from(variances),
    design: Float64Array.from(rows.flatMap((row) => (withoutIntercept ? row : [1, ...row]))),
    columns,
  };
};

/**
 * Random-effects model y_i = x_i'b + u_i + e_i, u_i ~ (0, tau2), e_i ~ (0, v_i).
 *
 * Edge cases: fewer studies than coefficients + 1 are `too-few-studies`; columns that depend on each other are
 * `not-identified`; studies without any spread leave HKSJ without a floor at a width of nothing, which is `no-variation`.
 * Sources: Hartung and Knapp (2001), Statistics in Medicine 20; Sidik and Jonkman (2002), ibid. 21; Knapp and Hartung (2003),
 * ibid. 22, for moderators; the floor: Roever, Knapp and Friede (2015), BMC Medical Research Methodology 15. Agrees with metafor's rma.
 */
export const fitRandomEffects = (input: MetaInput, options: MetaOptions = {}): MetaFit | NotEstimable => {
  const fitted = fitStudies(studiesFrom(input), options);
  return 'estimable' in fitted ? fitted : fitted.result;
};

export const fitStudies = (studies: Studies, options: MetaOptions): Fitted | NotEstimable => {
  const { tau2Method = 'REML', test = 'hksj', level = 0.95, tolerance } = options;
  requireLevel(level);
  if (!TAU2_METHODS.includes(tau2Method)) throw new RangeError(`tau2Method must be one of ${TAU2_METHODS.join(', ')}, not ${tau2Method}`);
  const { k, columns: p } = studies;
  if (k - p < 1) return notEstimable('too-few-studies');
  const fixed = weightedFit(studies, studies.variances.map((v) => 1 / v));
  if (!fixed) return notEstimable('not-identified');
  const { tau2, standardError, converged } = estimateTau2(studies, tau2Method, tolerance);
  if (!converged) return notEstimable('did-not-converge');
  const fit = fitAt(studies, tau2);
  const hksjFactor = fit.q / (k - p);
  const factor = test === 'z' ? 1 : test === 'hksj' ? hksjFactor : Math.max(1, hksjFactor);
  if (!(factor > 1e-20)) return notEstimable('no-variation');
  const df = test === 'z' ? undefined : k - p;
  const coefficients = Array.from({ length: p }, (_, j) => coefficientOf(fit.coefficients[j] as number, Math.sqrt(factor * (fit.inverse[j * p + j] as number)), df, level));
  const result: MetaFit = {
    estimable: true,
    method: `random effects, ${tau2Method}, ${TEST_NAMES[test]}`,
    k,
    tau2Method,
    test,
    level,
    coefficients,
    heterogeneity: heterogeneityOf(studies, { tau2, standardError, level, q: fixed.q }),
    hksjFactor,
  };
  return { studies, fit, result };
};

const TEST_NAMES: Readonly<Record<Test, string>> = { z: 'normal', hksj: 'HKSJ', 'hksj-floor': 'HKSJ with floor' };

export const coefficientOf = (estimate: number, standardError: number, df: number | undefined, level: number): Coefficient => {
  const statistic = estimate / standardError;
  const half = (df === undefined ? normalQuantile((1 + level) / 2) : studentTQuantile((1 + level) / 2, df)) * standardError;
  const pValue = df === undefined ? 2 * normalCdf(-Math.abs(statistic)) : studentTTwoSidedP(statistic, df);
  return { estimate, standardError, df, statistic, intervalLow: estimate - half, intervalHigh: estimate + half, pValue };
};

type Known = { readonly tau2: number; readonly standardError: number | undefined; readonly level: number; readonly q: number };

const heterogeneityOf = (studies: Studies, { tau2, standardError, level, q }: Known): Heterogeneity => {
  const typical = typicalVariance(studies);
  const range = qProfile(studies, level);
  const qDf = studies.k - studies.columns;
  return {
    tau2,
    tau: Math.sqrt(tau2),
    tau2StandardError: standardError,
    tau2Interval: range,
    q,
    qDf,
    qPValue: chiSquareUpperTail(q, qDf),
    i2: i2(tau2, typical),
    i2Interval: { low: i2(range.low, typical), high: i2(range.high, typical) },
    h2: h2(tau2, typical),
    h2Interval: { low: h2(range.low, typical), high: h2(range.high, typical) },
  };
};
