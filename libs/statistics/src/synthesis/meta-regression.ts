import { chiSquareUpperTail } from '../distributions/chi-square.js';
import { fUpperTail } from '../distributions/f.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { seededRandom } from '../random/index.js';
import { requireOneClaim, type Effects, type EffectSize, type PoolableClaim } from './effect-size.js';
import { estimateTau2 } from './heterogeneity.js';
import { inputOf } from './pool.js';
import { fitStudies, studiesFrom, type Coefficient, type Fitted, type Heterogeneity, type MetaOptions } from './random-effects.js';
import { solveSymmetric } from './small-matrix.js';
import { weightedFit, type Studies } from './weighted-fit.js';

export type Permutation = {
  /** Of the shuffles; unused where all orders can be gone through. */
  readonly seed: number;
  /** 999 unless said. */
  readonly shuffles?: number;
};

export type MetaRegressionOptions = MetaOptions & {
  /** Names of moderators, one coefficient each, beside the intercept. */
  readonly moderators: readonly string[];
  /** Asks for permutation p-values, advised below 20 studies. */
  readonly permutation?: Permutation;
};

/** All moderators at once. */
export type Omnibus = { readonly statistic: number; readonly df1: number; /** Undefined: chi-square. */ readonly df2: number | undefined; readonly pValue: number };

export type MetaRegression = {
  readonly estimable: true;
  readonly claim: PoolableClaim;
  readonly method: string;
  readonly k: number;
  readonly intercept: Coefficient;
  readonly moderators: readonly (Coefficient & { readonly name: string; readonly permutationP: number | undefined })[];
  readonly omnibus: Omnibus;
  /** What is left once the moderators are in. */
  readonly heterogeneity: Heterogeneity;
  /** Share of tau2 that the moderators account for, 0 to 1; undefined where there was none. */
  readonly r2: number | undefined;
  /** How the permutation p came about. */
  readonly permutation: { readonly kind: 'exact' | 'monte-carlo'; readonly orders: number; readonly seed: number } | undefined;
  /** Fewer than 10 studies a moderator: take it as a hint. */
  readonly fewStudies: boolean;
};

/**
 * Mixed-effects meta-regression. A share measured by project (e.g. without prior contact) is not the person-level
 * interaction: pool the projects' own interaction estimates for that.
 *
 * Sources: Knapp and Hartung (2003), Statistics in Medicine 22; permutation: Higgins and Thompson (2004), ibid. 23: the rows of
 * moderators are shuffled, tau2 estimated anew, and |t| compared. All k! orders when k <= 6, else seeded shuffles with the
 * observed order counted among them, so p is never 0.
 *
 * @throws RangeError naming a moderator that a study lacks
 */
export const metaRegression = (effects: Effects, options: MetaRegressionOptions): MetaRegression | NotEstimable => {
  const claim = requireOneClaim(effects);
  if (options.moderators.length === 0) throw new RangeError('moderators must name at least one');
  if (!claim) return notEstimable('too-few-studies');
  const rows = effects.map((effect) => options.moderators.map((name) => moderatorOf(effect, name)));
  const studies = studiesFrom({ ...inputOf(effects), moderators: rows });
  const fitted = fitStudies(studies, options);
  if ('estimable' in fitted) return fitted;
  const { result } = fitted;
  const permuted = options.permutation ? permutationTest(fitted, options, options.permutation) : undefined;
  return {
    estimable: true,
    claim,
    method: `${result.method}, moderators`,
    k: result.k,
    intercept: result.coefficients[0] as Coefficient,
    moderators: options.moderators.map((name, index) => ({ name, ...(result.coefficients[index + 1] as Coefficient), permutationP: permuted?.pValues[index] })),
    omnibus: omnibusOf(fitted),
    heterogeneity: result.heterogeneity,
    r2: explained(studies, fitted, options),
    permutation: permuted?.how,
    fewStudies: result.k < 10 * options.moderators.length,
  };
};

const moderatorOf = (effect: EffectSize, name: string): number => {
  const value = effect.moderators?.[name];
  if (value === undefined) throw new RangeError(`moderators.${name} is missing for ${effect.study}; leave the study or the moderator out`);
  return value;
};

/** Wald test that all coefficients but the intercept are zero: b' V^-1 b, over their number where it is an F. */
export const omnibusOf = ({ fit, result, studies }: Fitted): Omnibus => {
  const p = studies.columns;
  const factor = result.test === 'z' ? 1 : result.test === 'hksj' ? result.hksjFactor : Math.max(1, result.hksjFactor);
  const b = Array.from({ length: p - 1 }, (_, j) => fit.coefficients[j + 1] as number);
  const covariance = b.map((_, i) => b.map((__, j) => factor * (fit.inverse[(i + 1) * p + j + 1] as number)));
  return waldOf(b, covariance, result.test === 'z' ? undefined : studies.k - p);
};

export const waldOf = (b: readonly number[], covariance: readonly (readonly number[])[], df2: number | undefined): Omnibus => {
  const solved = solveSymmetric(covariance, b);
  const square = b.reduce((sum, value, index) => sum + value * (solved[index] as number), 0);
  const df1 = b.length;
  return df2 === undefined
    ? { statistic: square, df1, df2, pValue: chiSquareUpperTail(square, df1) }
    : { statistic: square / df1, df1, df2, pValue: fUpperTail(square / df1, df1, df2) };
};

/** 1 - tau2 with the moderators over tau2 without, never below 0 (Raudenbush 2009). */
const explained = (studies: Studies, { result }: Fitted, { tau2Method = 'REML', tolerance }: MetaOptions): number | undefined => {
  const alone: Studies = { ...studies, design: new Float64Array(studies.k).fill(1), columns: 1 };
  const { tau2 } = estimateTau2(alone, tau2Method, tolerance);
  return tau2 === 0 ? undefined : Math.max(0, 1 - result.heterogeneity.tau2 / tau2);
};

const ALL_ORDERS_UP_TO = 6;

type Permuted = { readonly pValues: readonly number[]; readonly how: NonNullable<MetaRegression['permutation']> };

const permutationTest = (fitted: Fitted, options: MetaRegressionOptions, { seed, shuffles = 999 }: Permutation): Permuted => {
  if (!(Number.isInteger(shuffles) && shuffles >= 1)) throw new RangeError(`permutation.shuffles must be a whole number of at least 1, not ${shuffles}`);
  const { k, columns: p } = fitted.studies;
  const observed = fitted.result.coefficients.slice(1).map(({ statistic }) => Math.abs(statistic));
  const exact = k <= ALL_ORDERS_UP_TO;
  const random = seededRandom(seed);
  const start = Array.from({ length: k }, (_, index) => index);
  const orders: Iterable<readonly number[]> = exact ? allOrders(start) : Array.from({ length: shuffles }, () => random.shuffle(start));
  const atLeast = new Array<number>(p - 1).fill(exact ? 0 : 1);
  let count = exact ? 0 : 1;
  for (const order of orders) {
    count++;
    const statistics = statisticsOf(fitted, order, options);
    // Rounding must not make an equally extreme order look less extreme.
    observed.forEach((limit, index) => {
      if ((statistics[index] ?? 0) >= limit * (1 - 1e-9)) atLeast[index] = (atLeast[index] as number) + 1;
    });
  }
  return { pValues: atLeast.map((extreme) => extreme / count), how: { kind: exact ? 'exact' : 'monte-carlo', orders: count, seed } };
};

/** |t| of each moderator when rows are handed out in another order. */
const statisticsOf = ({ studies }: Fitted, order: readonly number[], { tau2Method = 'REML', test = 'hksj' }: MetaOptions): number[] => {
  const { k, columns: p } = studies;
  const design = new Float64Array(k * p);
  order.forEach((from, to) => design.set(studies.design.subarray(from * p, (from + 1) * p), to * p));
  const shuffled: Studies = { ...studies, design };
  const { tau2 } = estimateTau2(shuffled, tau2Method, 1e-7);
  const fit = weightedFit(shuffled, studies.variances.map((v) => 1 / (v + tau2)));
  if (!fit) return [];
  const spread = fit.q / (k - p);
  const factor = test === 'z' ? 1 : test === 'hksj' ? spread : Math.max(1, spread);
  return Array.from({ length: p - 1 }, (_, j) => Math.abs(fit.coefficients[j + 1] as number) / Math.sqrt(factor * (fit.inverse[(j + 1) * p + j + 1] as number)));
};

const allOrders = (list: readonly number[]): number[][] =>
  list.length <= 1 ? [[...list]] : list.flatMap((head, index) => allOrders([...list.slice(0, index), ...list.slice(index + 1)]).map((rest) => [head, ...rest]));
