import { Matrix } from 'ml-matrix';
import { studentTQuantile, studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';
import { hessianOf } from '../numeric/derivatives.js';
import { minimiseSmooth } from '../numeric/quasi-newton.js';
import {
  mixedStatistics,
  profiledCriterion,
  profiledFit,
  residualDf,
  type MixedStatistics,
  type ProfiledFit,
  type Theta,
} from './mixed-criterion.js';
import { inverseOfInformation, satterthwaite } from './mixed-satterthwaite.js';
import { orthonormalise, solveUpper, solveUpperTransposed, type Orthonormal } from './orthonormal.js';

/** A weighted sum of the coefficients that is wanted by name. */
export type MixedContrast = { readonly name: string; readonly weights: readonly number[] };

export type MixedModelInput = {
  /** n values. */
  readonly outcome: readonly number[];
  /** n rows of p columns: the fixed effects, an intercept among them if one is wanted. */
  readonly design: readonly (readonly number[])[];
  /** n labels: who or what was measured again and again (a person, a cluster). */
  readonly groups: readonly string[];
  /** n values of the covariate whose slope differs from group to group; left out, only the intercept differs. */
  readonly slope?: readonly number[];
  /** Names of the p coefficients, for the result. */
  readonly names?: readonly string[];
  /** What to estimate; each coefficient when left out. */
  readonly contrasts?: readonly MixedContrast[];
  readonly method?: 'reml' | 'ml';
  /** Of the intervals, 0.95 when left out. */
  readonly level?: number;
};

export type MixedEstimate = {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number;
  /** Satterthwaite. */
  readonly df: number;
  readonly statistic: number;
  readonly pValue: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
};

export type MixedModelFit = {
  readonly estimable: true;
  readonly method: 'random-intercept' | 'random-intercept-and-slope';
  readonly criterionKind: 'reml' | 'ml';
  readonly dfMethod: 'satterthwaite';
  readonly estimates: readonly MixedEstimate[];
  readonly interceptVariance: number;
  /** Present with a random slope, in the slope covariate's units. */
  readonly slopeVariance?: number;
  readonly interceptSlopeCovariance?: number;
  readonly residualVariance: number;
  /** Minus twice the (restricted) log likelihood at its maximum. */
  readonly criterion: number;
  readonly observations: number;
  readonly groups: number;
  /** A variance was estimated as zero, or the correlation as one: the random part says more than the data can carry. */
  readonly singular: boolean;
  readonly level: number;
};

const requireInput = (input: MixedModelInput): void => {
  const { outcome, design, groups, slope, names, contrasts, level = 0.95 } = input;
  requireFinite('outcome', outcome);
  requireSameLength('design', design, 'outcome', outcome);
  requireSameLength('groups', groups, 'outcome', outcome);
  const first = design[0] ?? [];
  design.forEach((row, at) => {
    requireSameLength(`design[${at}]`, row, 'design[0]', first);
    requireFinite(`design[${at}]`, row);
  });
  if (slope) {
    requireSameLength('slope', slope, 'outcome', outcome);
    requireFinite('slope', slope);
  }
  if (names) requireSameLength('names', names, 'design[0]', first);
  contrasts?.forEach(({ name, weights }) => {
    requireSameLength(`contrast ${name}`, weights, 'design[0]', first);
    requireFinite(`contrast ${name}`, weights);
  });
  requireLevel(level);
};

type Prepared = {
  readonly q: Orthonormal;
  /** Least-squares coefficients in the coordinates of Q. */
  readonly leastSquares: readonly number[];
  /** The outcome's residuals are divided by this, so that variances are near 1. */
  readonly scale: number;
  /** The slope covariate is divided by this, likewise. */
  readonly slopeScale: number;
  readonly data: MixedStatistics;
};

/** With groups free to differ at will nothing is left over: there is no residual variance to weigh them by. */
const explainedByGroups = (data: MixedStatistics): boolean => {
  const free = data.random === 1 ? [1e6] : [1e6, 0, 1e6];
  return !((profiledFit(data, free)?.penalised ?? 0) > 1e-9 * data.n);
};

const prepare = (input: MixedModelInput): Prepared | NotEstimable => {
  const { outcome, design, groups, slope } = input;
  const n = outcome.length;
  const p = design[0]?.length ?? 0;
  const distinct = new Set(groups).size;
  if (p === 0 || n <= p) return notEstimable('too-few-observations');
  if (distinct < 2) return notEstimable('too-few-clusters');
  if (distinct * (slope ? 2 : 1) >= n) return notEstimable('not-identified');
  const q = orthonormalise(design);
  if (!q) return notEstimable('not-identified');
  const leastSquares = q.columns.map((unit) => unit.reduce((sum, value, i) => sum + value * (outcome[i] ?? 0), 0));
  const residuals = Float64Array.from(outcome);
  q.columns.forEach((unit, j) => {
    for (let i = 0; i < n; i++) residuals[i] = (residuals[i] ?? 0) - (leastSquares[j] ?? 0) * (unit[i] ?? 0);
  });
  const scale = Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0) / n);
  const size = Math.max(...outcome.map(Math.abs));
  if (!(scale > 1e-12 * size)) return notEstimable('no-variation');
  const slopeScale = slope ? Math.sqrt(slope.reduce((sum, value) => sum + value * value, 0) / n) : 1;
  if (!(slopeScale > 0)) return notEstimable('not-identified');
  const data = mixedStatistics(
    q,
    residuals.map((value) => value / scale),
    groups,
    slope?.map((value) => value / slopeScale),
  );
  if (explainedByGroups(data)) return notEstimable('no-variation');
  return { q, leastSquares, scale, slopeScale, data };
};

/** Minus twice the log likelihood flat to rounding at a relative standard deviation of this: it is zero. */
const ZERO = 1e-4;

const isSingular = (theta: Theta): boolean =>
  theta.length === 1 ? Math.abs(theta[0] ?? 0) < ZERO : [theta[0], theta[2]].some((one) => Math.abs(one ?? 0) < ZERO);

/** Where the search starts. The others are tried when the first ends at a bound or nowhere; the lowest end wins. */
const STARTS = { 1: [[1], [0.1], [4]], 2: [[1, 0, 1], [0.3, 0, 0.3], [2, -1, 0.5]] } as const;

/** Newton steps on the gradient, from where the criterion itself is flat to rounding. */
const polished = (start: Theta, gradient: (theta: Theta) => number[]): Theta => {
  let theta = start;
  for (let round = 0; round < 8; round++) {
    const inverse = inverseOfInformation(hessianOf(gradient, theta, 1e-4));
    const step = inverse.mmul(Matrix.columnVector(gradient(theta))).to1DArray();
    if (step.some((one) => !(Math.abs(one) < 0.05))) return theta;
    theta = theta.map((one, i) => one - (step[i] ?? 0));
    if (step.every((one) => Math.abs(one) < 1e-10)) return theta;
  }
  return theta;
};

const fittedTheta = (data: MixedStatistics, kind: 'reml' | 'ml', logScale: number) => {
  const at = (theta: Theta) => profiledCriterion(data, theta, kind, logScale);
  const value = (theta: Theta) => at(theta).value;
  const gradient = (theta: Theta) => at(theta).gradient;
  const from = (start: Theta) => minimiseSmooth(value, start, { gradient, tolerance: 1e-8 });
  const [usual, ...others] = STARTS[data.random];
  const first = from(usual);
  const ends = first.converged && !isSingular(first.point) ? [first] : [first, ...others.map(from)];
  const best = ends.reduce((low, end) => (end.value < low.value ? end : low));
  if (!Number.isFinite(best.value) || !best.converged) return undefined;
  const point = polished(best.point, gradient);
  return { point, value: value(point) };
};

const estimatesOf = (input: MixedModelInput, prepared: Prepared, fit: ProfiledFit, theta: Theta): MixedEstimate[] => {
  const { method = 'reml', level = 0.95 } = input;
  const { q, leastSquares, scale, data } = prepared;
  const variance = (fit.penalised / residualDf(data, method)) * scale ** 2;
  const inQ = leastSquares.map((value, i) => value + scale * (fit.fixed[i] ?? 0));
  const coefficients = solveUpper(q.upper, inQ);
  const dfOf = satterthwaite(data, theta, method);
  const unit = (j: number) => leastSquares.map((_, i) => Number(i === j));
  const wanted = input.contrasts ?? coefficients.map((_, j) => ({ name: input.names?.[j] ?? `x${j}`, weights: unit(j) }));
  return wanted.map(({ name, weights }) => {
    const turned = solveUpperTransposed(q.upper, weights);
    const row = Matrix.rowVector(turned);
    const standardError = Math.sqrt(variance * row.mmul(fit.covariance).dot(row));
    const estimate = weights.reduce((sum, weight, j) => sum + weight * (coefficients[j] ?? 0), 0);
    const contrastDf = dfOf(turned);
    const margin = studentTQuantile((1 + level) / 2, contrastDf) * standardError;
    const statistic = estimate / standardError;
    return {
      name,
      estimate,
      standardError,
      df: contrastDf,
      statistic,
      pValue: studentTTwoSidedP(statistic, contrastDf),
      intervalLow: estimate - margin,
      intervalHigh: estimate + margin,
    };
  });
};

const slopeParts = (theta: Theta, residualVariance: number, slopeScale: number) => {
  const [a = 0, b = 0, d = 0] = theta;
  return {
    slopeVariance: (residualVariance * (b * b + d * d)) / slopeScale ** 2,
    interceptSlopeCovariance: (residualVariance * a * b) / slopeScale,
  };
};

/**
 * Linear mixed model with a random intercept, or a random intercept and a correlated random slope, by REML (or ML): the
 * profiled criterion of lme4 (Laird & Ware 1982; Bates et al. 2015), minimised over the relative covariance factor.
 * Fixed effects with Satterthwaite degrees of freedom (as lmerTest).
 *
 * Variances are in squared units of the outcome. A variance at its bound of zero is an answer (`singular`), not a failure.
 *
 * @returns not estimable when n <= p (`too-few-observations`), with one group (`too-few-clusters`), when columns depend on each
 * other or there are as many random effects as rows (`not-identified`), when the design, or the groups, explain every value
 * (`no-variation`), or when the search ends nowhere (`did-not-converge`)
 * @throws RangeError naming a list of the wrong length or a number that is not finite
 */
export const mixedModel = (input: MixedModelInput): MixedModelFit | NotEstimable => {
  requireInput(input);
  const { method = 'reml', level = 0.95 } = input;
  const prepared = prepare(input);
  if ('estimable' in prepared) return prepared;
  const { data, scale, slopeScale } = prepared;
  const minimum = fittedTheta(data, method, Math.log(scale));
  const fit = minimum && profiledFit(data, minimum.point);
  if (!fit) return notEstimable('did-not-converge');
  const residualVariance = (fit.penalised / residualDf(data, method)) * scale ** 2;
  return {
    estimable: true,
    method: input.slope ? 'random-intercept-and-slope' : 'random-intercept',
    criterionKind: method,
    dfMethod: 'satterthwaite',
    estimates: estimatesOf(input, prepared, fit, minimum.point),
    interceptVariance: residualVariance * (minimum.point[0] ?? 0) ** 2,
    ...(input.slope ? slopeParts(minimum.point, residualVariance, slopeScale) : {}),
    residualVariance,
    criterion: minimum.value,
    observations: data.n,
    groups: data.groups,
    singular: isSingular(minimum.point),
    level,
  };
};
