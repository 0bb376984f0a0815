import { Matrix } from 'ml-matrix';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { positiveDefinite } from '../linear/positive-definite.js';
import { minimiseSmooth } from '../numeric/quasi-newton.js';
import { correlationOf, itemCovariance, requireCovariance, type Answers } from './covariance.js';

export type Omega = {
  readonly estimable: true;
  /** `minres`: standardised items, least squares on the correlations. `ml`: raw items, maximum likelihood. */
  readonly method: 'omega-minres' | 'omega-ml';
  /** Share of the score's variance that the one factor accounts for (McDonald 1999). */
  readonly omega: number;
  /** Standardised, one an item. */
  readonly loadings: readonly number[];
  /** An item's factor explains all of it or more: the one-factor model does not fit these items. */
  readonly improper: boolean;
  readonly items: number;
  readonly observations: number;
};

/** Loadings of the first principal axis: a start that is near, and positive when the items run together. */
const startOf = (correlation: Matrix): number[] => {
  const sums = correlation.sum('row').map((value) => value - 1);
  const total = Math.sqrt(Math.max(sums.reduce((sum, value) => sum + value, 0), 1e-6));
  return sums.map((value) => Math.max(-0.95, Math.min(0.95, value / total)));
};

/** Harman & Jones (1966): the sum of squared residual correlations off the diagonal, as small as can be. */
const minres = (correlation: Matrix): readonly number[] | undefined => {
  const k = correlation.rows;
  const residual = (loadings: readonly number[], i: number, j: number) =>
    i === j ? 0 : correlation.get(i, j) - (loadings[i] ?? 0) * (loadings[j] ?? 0);
  const all = Array.from({ length: k }, (_, j) => j);
  const value = (loadings: readonly number[]) =>
    all.reduce((sum, i) => sum + all.reduce((row, j) => row + residual(loadings, i, j) ** 2, 0), 0) / 2;
  const gradient = (loadings: readonly number[]) =>
    all.map((i) => -2 * all.reduce((sum, j) => sum + residual(loadings, i, j) * (loadings[j] ?? 0), 0));
  const end = minimiseSmooth(value, startOf(correlation), { gradient, tolerance: 1e-11 });
  return end.converged ? end.point : undefined;
};

/** A unique variance at its lower end: the fit wants it at zero or below. */
const LEAST_UNIQUE = 1e-4;

/** Joereskog (1967): loadings and log unique variances of a correlation matrix by maximum likelihood. */
const maximumLikelihood = (correlation: Matrix) => {
  const k = correlation.rows;
  const parts = (point: readonly number[]) => {
    const loadings = Matrix.columnVector(point.slice(0, k));
    const unique = point.slice(k).map(Math.exp);
    return { loadings, unique, implied: loadings.mmul(loadings.transpose()).add(Matrix.diag(unique)) };
  };
  const value = (point: readonly number[]): number => {
    const factored = positiveDefinite(parts(point).implied);
    return factored ? factored.logDeterminant + factored.solve(correlation).trace() : Infinity;
  };
  const gradient = (point: readonly number[]): number[] => {
    const { loadings, unique, implied } = parts(point);
    const back = positiveDefinite(implied)?.inverse();
    if (!back) return point.map(() => 0);
    const pull = Matrix.sub(back, back.mmul(correlation).mmul(back));
    return [
      ...pull.mmul(loadings).mul(2).to1DArray(),
      ...unique.map((one, j) => pull.get(j, j) * one),
    ];
  };
  const loadings = startOf(correlation);
  const start = [...loadings, ...loadings.map((one) => Math.log(1 - one ** 2))];
  const end = minimiseSmooth(value, start, { gradient, tolerance: 1e-9 });
  const { unique } = parts(end.point);
  return { loadings: end.point.slice(0, k), unique, settled: end.converged || unique.some((one) => one < LEAST_UNIQUE) };
};

const omegaOf = (covariance: Matrix, observations: number, method: 'minres' | 'ml'): Omega | NotEstimable => {
  const k = covariance.rows;
  if (k < 3) return notEstimable('too-few-items');
  const correlation = correlationOf(covariance);
  const common = { estimable: true, items: k, observations } as const;
  if (method === 'minres') {
    const loadings = minres(correlation);
    if (!loadings) return notEstimable('did-not-converge');
    const unique = loadings.reduce((sum, one) => sum + (1 - one ** 2), 0);
    return {
      ...common,
      method: 'omega-minres',
      omega: 1 - unique / correlation.sum(),
      loadings,
      improper: loadings.some((one) => one ** 2 > 1 - LEAST_UNIQUE),
    };
  }
  const { loadings, unique, settled } = maximumLikelihood(correlation);
  if (!settled) return notEstimable('did-not-converge');
  const sd = covariance.diagonal().map(Math.sqrt);
  const factor = loadings.reduce((sum, one, j) => sum + one * (sd[j] ?? 0), 0) ** 2;
  const rest = unique.reduce((sum, one, j) => sum + one * (sd[j] ?? 0) ** 2, 0);
  return {
    ...common,
    method: 'omega-ml',
    omega: factor / (factor + rest),
    loadings,
    improper: unique.some((one) => one < LEAST_UNIQUE),
  };
};

/**
 * McDonald's omega of one factor: reliability when items load unequally. `minres` as psych's (1 - unique share of the
 * correlations' sum), `ml` from a one-factor confirmatory model of the raw items, as lavaan's.
 *
 * @param answers - one row of k answers a person; rows with gaps are left out
 * @returns not estimable with fewer than three items (`too-few-items`: one factor is not identified), as `itemCovariance`, or when
 * the search ends nowhere (`did-not-converge`)
 */
export const omega = (answers: Answers, method: 'minres' | 'ml' = 'ml'): Omega | NotEstimable => {
  const items = itemCovariance(answers);
  return items.estimable ? omegaOf(items.covariance, items.complete, method) : items;
};

/** As `omega`, from the items' covariance. */
export const omegaFromCovariance = (
  covariance: readonly (readonly number[])[],
  observations: number,
  method: 'minres' | 'ml' = 'ml',
): Omega | NotEstimable => omegaOf(requireCovariance(covariance), observations, method);
