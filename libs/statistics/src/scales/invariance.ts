import { chiSquareUpperTail } from '../distributions/chi-square.js';
import { Matrix } from 'ml-matrix';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { positiveDefinite } from '../linear/positive-definite.js';
import { minimiseSmooth } from '../numeric/quasi-newton.js';
import { requireCovariance } from './covariance.js';
import {
  discrepancy,
  layoutOf,
  startOf,
  type GroupMoments,
  type InvarianceLevel,
  type Pattern,
} from './invariance-model.js';

export type InvarianceGroup = {
  readonly name: string;
  readonly observations: number;
  /** k item means. */
  readonly means: readonly number[];
  /** k x k, divisor n - 1. */
  readonly covariance: readonly (readonly number[])[];
};

export type InvarianceInput = {
  readonly groups: readonly InvarianceGroup[];
  /** k: name of the factor that each item belongs to; at least three items a factor, or two with several factors. */
  readonly factorOf: readonly string[];
};

export type InvarianceFit = {
  readonly level: InvarianceLevel;
  readonly chiSquare: number;
  readonly df: number;
  readonly pValue: number;
  /** Comparative fit index, 0 to 1; 0.95 is usually called good. */
  readonly cfi: number;
  /** Root mean square error of approximation; below 0.06 is usually called good. */
  readonly rmsea: number;
};

export type InvarianceStep = {
  readonly to: 'metric' | 'scalar';
  readonly chiSquare: number;
  readonly df: number;
  readonly pValue: number;
  readonly cfiDrop: number;
  /** CFI falls by at most 0.01 (Cheung & Rensvold 2002). */
  readonly holds: boolean;
};

export type Invariance = {
  readonly estimable: true;
  readonly method: 'multi-group confirmatory factor analysis, ml';
  readonly fits: readonly InvarianceFit[];
  readonly steps: readonly InvarianceStep[];
  /** Group means of the scale may be compared only with scalar invariance; else print no comparison without this flag. */
  readonly meansComparable: boolean;
  readonly observations: number;
  readonly groups: number;
};

const LEVELS = ['configural', 'metric', 'scalar'] as const;

const requireGroups = ({ groups, factorOf }: InvarianceInput): void => {
  groups.forEach(({ name, observations, means, covariance }) => {
    requireFinite(`means of ${name}`, means);
    if (!Number.isInteger(observations) || observations < 1)
      throw new RangeError(`observations of ${name} must be a whole number above 0, not ${observations}`);
    if (means.length !== factorOf.length || covariance.length !== factorOf.length)
      throw new RangeError(`${name} must have ${factorOf.length} means and covariances, one an item of factorOf`);
  });
};

/** All groups in one unit an item (pooled standard deviation, first group's mean): chi-square does not change by it. */
const momentsOf = ({ groups, factorOf }: InvarianceInput): GroupMoments[] => {
  const covariances = groups.map((group) => requireCovariance(group.covariance));
  const pooled = factorOf.map((_, item) =>
    Math.sqrt(covariances.reduce((sum, one) => sum + one.get(item, item), 0) / groups.length),
  );
  const units = Matrix.columnVector(pooled).mmul(Matrix.rowVector(pooled));
  const origin = groups[0]?.means ?? [];
  return groups.map((group, g) => ({
    n: group.observations,
    covariance: Matrix.div(covariances[g] as Matrix, units).mul((group.observations - 1) / group.observations),
    means: group.means.map((mean, item) => (mean - (origin[item] ?? 0)) / (pooled[item] ?? 1)),
  }));
};

type Saturated = { readonly logDeterminants: readonly number[]; readonly baseline: number; readonly baselineDf: number };

const saturatedOf = (moments: readonly GroupMoments[]): Saturated | undefined => {
  const logDeterminants = moments.map((one) => positiveDefinite(one.covariance)?.logDeterminant);
  if (logDeterminants.some((one) => one === undefined)) return undefined;
  const known = logDeterminants as number[];
  const items = moments[0]?.means.length ?? 0;
  const baseline = moments.reduce((sum, one, g) => {
    const independent = one.covariance.diagonal().reduce((logs, variance) => logs + Math.log(variance), 0);
    return sum + one.n * (independent - (known[g] ?? 0));
  }, 0);
  return { logDeterminants: known, baseline, baselineDf: (moments.length * items * (items - 1)) / 2 };
};

const fitAt = (
  pattern: Pattern,
  moments: readonly GroupMoments[],
  saturated: Saturated,
  level: InvarianceLevel,
): InvarianceFit | undefined => {
  const layout = layoutOf(pattern, moments.length, level);
  const at = (point: readonly number[]) => discrepancy(pattern, layout, moments, point);
  const end = minimiseSmooth((point) => at(point).value, startOf(layout, moments), {
    gradient: (point) => at(point).gradient,
    tolerance: 1e-9,
    maxSteps: 2000,
  });
  if (!end.converged) return undefined;
  const items = pattern.factorOf.length;
  const total = moments.reduce((sum, one) => sum + one.n, 0);
  const constant = moments.reduce((sum, one, g) => sum + one.n * ((saturated.logDeterminants[g] ?? 0) + items), 0);
  const statistic = total * end.value - constant;
  const df = moments.length * ((items * (items + 1)) / 2 + items) - layout.size;
  const excess = Math.max(0, statistic - df);
  const baselineExcess = Math.max(excess, saturated.baseline - saturated.baselineDf, 1e-12);
  return {
    level,
    chiSquare: statistic,
    df,
    pValue: chiSquareUpperTail(statistic, df),
    cfi: 1 - excess / baselineExcess,
    rmsea: Math.sqrt((moments.length * excess) / (total * df)),
  };
};

const stepOf = (from: InvarianceFit, to: InvarianceFit): InvarianceStep => {
  const [statistic, df] = [Math.max(0, to.chiSquare - from.chiSquare), to.df - from.df];
  const cfiDrop = from.cfi - to.cfi;
  return {
    to: to.level === 'scalar' ? 'scalar' : 'metric',
    chiSquare: statistic,
    df,
    pValue: chiSquareUpperTail(statistic, df),
    cfiDrop,
    holds: cfiDrop <= 0.01,
  };
};

/**
 * Do items mean the same in every group (language, host or migrant)? Multi-group confirmatory factor analysis of simple
 * structure by maximum likelihood, with loadings, then loadings and intercepts, held equal (Joereskog 1971; Meredith 1993).
 * Each item belongs to one factor, factors covary freely, the first item of a factor sets its unit.
 *
 * @returns not estimable with one group (`arm-missing`), a factor of fewer than two items or one factor of fewer than three
 * (`too-few-items`), no more people than items in a group (`too-few-observations`), items that are sums of others
 * (`not-identified`), or when a model's fit does not settle (`did-not-converge`: mostly a pattern that does not fit)
 */
export const measurementInvariance = (input: InvarianceInput): Invariance | NotEstimable => {
  requireGroups(input);
  const names = [...new Set(input.factorOf)];
  const sizes = names.map((name) => input.factorOf.filter((one) => one === name).length);
  if (input.groups.length < 2) return notEstimable('arm-missing');
  if (sizes.some((size) => size < (names.length === 1 ? 3 : 2))) return notEstimable('too-few-items');
  if (input.groups.some((group) => group.observations <= input.factorOf.length))
    return notEstimable('too-few-observations');
  const pattern = { factorOf: input.factorOf.map((name) => names.indexOf(name)), factors: names.length };
  const moments = momentsOf(input);
  const saturated = saturatedOf(moments);
  if (!saturated) return notEstimable('not-identified');
  const fits = LEVELS.map((level) => fitAt(pattern, moments, saturated, level));
  const [configural, metric, scalar] = fits;
  if (!configural || !metric || !scalar) return notEstimable('did-not-converge');
  const steps = [stepOf(configural, metric), stepOf(metric, scalar)];
  return {
    estimable: true,
    method: 'multi-group confirmatory factor analysis, ml',
    fits: [configural, metric, scalar],
    steps,
    meansComparable: steps.every((step) => step.holds),
    observations: moments.reduce((sum, one) => sum + one.n, 0),
    groups: moments.length,
  };
};
