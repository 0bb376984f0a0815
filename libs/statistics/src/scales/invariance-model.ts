import { Matrix } from 'ml-matrix';
import { positiveDefinite } from '../linear/positive-definite.js';

/** What is held equal across groups: nothing but the pattern, the loadings, the loadings and intercepts. */
export type InvarianceLevel = 'configural' | 'metric' | 'scalar';

/** One group's items in shared units, divisor n. */
export type GroupMoments = { readonly n: number; readonly covariance: Matrix; readonly means: readonly number[] };

/** `factorOf[item]` is the factor that the item loads on; the first item of each factor has loading 1. */
export type Pattern = { readonly factorOf: readonly number[]; readonly factors: number };

type Reader = { at: number };

/** Parameters of one group. */
type GroupModel = {
  readonly loadings: Matrix;
  /** Lower triangle of the factors' covariance. */
  readonly root: Matrix;
  readonly unique: readonly number[];
  readonly intercepts: readonly number[];
  readonly factorMeans: readonly number[];
};

/** Index of every free parameter of every group in one list; shared ones have one index. */
export type Layout = {
  readonly size: number;
  readonly groups: readonly {
    readonly loadings: readonly (number | undefined)[];
    readonly root: readonly { readonly row: number; readonly column: number; readonly at: number }[];
    readonly unique: readonly number[];
    readonly intercepts: readonly number[];
    readonly factorMeans: readonly (number | undefined)[];
  }[];
};

const isMarker = ({ factorOf }: Pattern, item: number): boolean => factorOf.indexOf(factorOf[item] ?? 0) === item;

/**
 * Where each parameter stands. With scalar invariance the first group's factor means are 0 and the others' free; below it
 * the means are free through the intercepts.
 */
export const layoutOf = (pattern: Pattern, groups: number, level: InvarianceLevel): Layout => {
  const reader: Reader = { at: 0 };
  const next = (): number => reader.at++;
  const items = pattern.factorOf.map((_, item) => item);
  const factors = Array.from({ length: pattern.factors }, (_, f) => f);
  const loadings = () => items.map((item) => (isMarker(pattern, item) ? undefined : next()));
  const shared = level === 'configural' ? undefined : loadings();
  const sharedIntercepts = level === 'scalar' ? items.map(next) : undefined;
  const all = Array.from({ length: groups }, (_, group) => ({
    loadings: shared ?? loadings(),
    root: factors.flatMap((row) => factors.slice(0, row + 1).map((column) => ({ row, column, at: next() }))),
    unique: items.map(next),
    intercepts: sharedIntercepts ?? items.map(next),
    factorMeans: factors.map(() => (level === 'scalar' && group > 0 ? next() : undefined)),
  }));
  return { size: reader.at, groups: all };
};

/** A start from the items' own variances: half of each is the factor's. */
export const startOf = (layout: Layout, moments: readonly GroupMoments[]): number[] => {
  const start = Array.from({ length: layout.size }, () => 0);
  layout.groups.forEach((group, g) => {
    const { covariance, means } = moments[g] as GroupMoments;
    group.loadings.forEach((at) => at !== undefined && (start[at] = 1));
    group.root.forEach(({ row, column, at }) => (start[at] = row === column ? Math.SQRT1_2 : 0.2));
    group.unique.forEach((at, item) => (start[at] = Math.log(covariance.get(item, item) / 2)));
    group.intercepts.forEach((at, item) => (start[at] = means[item] ?? 0));
  });
  return start;
};

const modelAt = (pattern: Pattern, group: Layout['groups'][number], point: readonly number[]): GroupModel => {
  const value = (at: number | undefined, otherwise: number) => (at === undefined ? otherwise : (point[at] ?? otherwise));
  const loadings = Matrix.zeros(pattern.factorOf.length, pattern.factors);
  pattern.factorOf.forEach((factor, item) => loadings.set(item, factor, value(group.loadings[item], 1)));
  const root = Matrix.zeros(pattern.factors, pattern.factors);
  group.root.forEach(({ row, column, at }) => root.set(row, column, point[at] ?? 0));
  return {
    loadings,
    root,
    unique: group.unique.map((at) => Math.exp(point[at] ?? 0)),
    intercepts: group.intercepts.map((at) => value(at, 0)),
    factorMeans: group.factorMeans.map((at) => value(at, 0)),
  };
};

/**
 * n-weighted maximum-likelihood discrepancy of all groups, up to a constant, with its gradient (Joereskog 1971; Soerbom 1974):
 * log |Sigma| + tr(S Sigma^-1) + (m - mu)' Sigma^-1 (m - mu).
 */
export const discrepancy = (
  pattern: Pattern,
  layout: Layout,
  moments: readonly GroupMoments[],
  point: readonly number[],
): { value: number; gradient: number[] } => {
  const gradient = Array.from({ length: layout.size }, () => 0);
  const add = (at: number | undefined, amount: number): void => {
    if (at !== undefined) gradient[at] = (gradient[at] ?? 0) + amount;
  };
  const total = moments.reduce((sum, one) => sum + one.n, 0);
  let value = 0;
  for (const [g, group] of layout.groups.entries()) {
    const { n, covariance, means } = moments[g] as GroupMoments;
    const model = modelAt(pattern, group, point);
    const { loadings, root } = model;
    const factors = root.mmul(root.transpose());
    const implied = loadings.mmul(factors).mmul(loadings.transpose()).add(Matrix.diag([...model.unique]));
    const factored = positiveDefinite(implied);
    if (!factored) return { value: Infinity, gradient };
    const back = factored.inverse();
    const meanOf = loadings.mmul(Matrix.columnVector([...model.factorMeans])).to1DArray();
    const off = Matrix.columnVector(means.map((one, i) => one - (model.intercepts[i] ?? 0) - (meanOf[i] ?? 0)));
    const seen = Matrix.add(covariance, off.mmul(off.transpose()));
    const weight = n / total;
    value += weight * (factored.logDeterminant + Matrix.mul(back, seen).sum());
    const pull = Matrix.sub(back, back.mmul(seen).mmul(back));
    const meanPull = back.mmul(off).mul(-2);
    const byLoading = pull.mmul(loadings).mmul(factors).mul(2).add(meanPull.mmul(Matrix.rowVector([...model.factorMeans])));
    const byRoot = loadings.transpose().mmul(pull).mmul(loadings).mmul(root).mul(2);
    const byFactorMean = loadings.transpose().mmul(meanPull);
    pattern.factorOf.forEach((factor, item) => {
      add(group.loadings[item], weight * byLoading.get(item, factor));
      add(group.unique[item], weight * pull.get(item, item) * (model.unique[item] ?? 0));
      add(group.intercepts[item], weight * meanPull.get(item, 0));
    });
    group.root.forEach(({ row, column, at }) => add(at, weight * byRoot.get(row, column)));
    group.factorMeans.forEach((at, factor) => add(at, weight * byFactorMean.get(factor, 0)));
  }
  return { value, gradient };
};
