import { notEstimable, type NotEstimable } from '../estimate.js';
import { minimiseSmooth } from '../numeric/quasi-newton.js';

export type OrdinalFit = {
  readonly estimable: true;
  /** Log cumulative odds of a higher answer, one a column, in the column's unit. */
  readonly coefficients: readonly number[];
  /** Ascending, one fewer than the answers that occur. */
  readonly thresholds: readonly number[];
  readonly logLikelihood: number;
};

/** A standardised coefficient beyond this means odds of e^20 a standard deviation: no bound. */
const NO_BOUND = 20;

const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

const standardised = (column: readonly number[]) => {
  const centre = column.reduce((sum, value) => sum + value, 0) / column.length;
  const spread = Math.sqrt(column.reduce((sum, value) => sum + (value - centre) ** 2, 0) / column.length);
  return { centre, spread, values: column.map((value) => (value - centre) / spread) };
};

/** Thresholds from their free form: the first, then log distances. */
const thresholdsOf = (free: readonly number[]): number[] => {
  const thresholds: number[] = [];
  free.forEach((value, at) => thresholds.push(at === 0 ? value : (thresholds[at - 1] ?? 0) + Math.exp(value)));
  return thresholds;
};

/** Free form of the thresholds that fit when no column matters. */
const startThresholds = (ranks: readonly number[], categories: number): number[] => {
  const cumulative = Array.from({ length: categories - 1 }, (_, k) => {
    const below = ranks.filter((rank) => rank <= k).length / ranks.length;
    return Math.log(below / (1 - below));
  });
  return cumulative.map((value, at) => (at === 0 ? value : Math.log(value - (cumulative[at - 1] ?? 0))));
};

type Problem = { readonly columns: readonly (readonly number[])[]; readonly ranks: readonly number[]; readonly categories: number };

/** Minus the log likelihood with its gradient by the free thresholds, then the coefficients. */
const negative = ({ columns, ranks, categories }: Problem, point: readonly number[]) => {
  const free = point.slice(0, categories - 1);
  const thresholds = thresholdsOf(free);
  const beta = point.slice(categories - 1);
  const byThreshold = thresholds.map(() => 0);
  const byBeta = beta.map(() => 0);
  let value = 0;
  ranks.forEach((rank, row) => {
    const eta = beta.reduce((sum, one, j) => sum + one * (columns[j]?.[row] ?? 0), 0);
    const [high, low] = [thresholds[rank], rank === 0 ? undefined : thresholds[rank - 1]];
    const upper = high === undefined ? 1 : logistic(high - eta);
    const lower = low === undefined ? 0 : logistic(low - eta);
    const probability = Math.max(upper - lower, 1e-300);
    value -= Math.log(probability);
    const [up, down] = [(upper * (1 - upper)) / probability, (lower * (1 - lower)) / probability];
    if (high !== undefined) byThreshold[rank] = (byThreshold[rank] ?? 0) - up;
    if (low !== undefined) byThreshold[rank - 1] = (byThreshold[rank - 1] ?? 0) + down;
    byBeta.forEach((sum, j) => (byBeta[j] = sum + (up - down) * (columns[j]?.[row] ?? 0)));
  });
  const byFree = free.map((one, at) => {
    const tail = byThreshold.slice(at).reduce((sum, slope) => sum + slope, 0);
    return at === 0 ? tail : tail * Math.exp(one);
  });
  return { value, gradient: [...byFree, ...byBeta] };
};

/**
 * Proportional-odds regression P(answer <= k) = logistic(threshold_k - x b) by maximum likelihood (McCullagh 1980).
 * Answers that nobody gave are no category.
 *
 * @param columns - covariates, each of n values, no intercept
 * @param answers - n ordered answers
 * @returns not estimable when all answers are equal (`no-variation`), a column never varies (`not-identified`), a column
 * orders the answers without error (`separation`), or the search does not settle (`did-not-converge`)
 */
export const ordinalLogistic = (
  columns: readonly (readonly number[])[],
  answers: readonly number[],
): OrdinalFit | NotEstimable => {
  const given = [...new Set(answers)].sort((a, b) => a - b);
  if (given.length < 2) return notEstimable('no-variation');
  const scaled = columns.map(standardised);
  if (scaled.some(({ spread }) => !(spread > 1e-12))) return notEstimable('not-identified');
  const place = new Map(given.map((answer, at) => [answer, at]));
  const problem: Problem = {
    columns: scaled.map((one) => one.values),
    ranks: answers.map((answer) => place.get(answer) ?? 0),
    categories: given.length,
  };
  const start = [...startThresholds(problem.ranks, given.length), ...columns.map(() => 0)];
  const end = minimiseSmooth((point) => negative(problem, point).value, start, {
    gradient: (point) => negative(problem, point).gradient,
    tolerance: 1e-9,
  });
  const beta = end.point.slice(given.length - 1);
  if (beta.some((one) => Math.abs(one) > NO_BOUND) || end.value < 1e-6) return notEstimable('separation');
  if (!end.converged) return notEstimable('did-not-converge');
  const coefficients = beta.map((one, j) => one / (scaled[j]?.spread ?? 1));
  const shift = coefficients.reduce((sum, one, j) => sum + one * (scaled[j]?.centre ?? 0), 0);
  return {
    estimable: true,
    coefficients,
    thresholds: thresholdsOf(end.point.slice(0, given.length - 1)).map((one) => one + shift),
    logLikelihood: -end.value,
  };
};
