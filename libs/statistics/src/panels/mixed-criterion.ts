import { Matrix } from 'ml-matrix';
import { positiveDefinite } from '../linear/positive-definite.js';
import { type Orthonormal } from './orthonormal.js';

/** Groups whose random-effect columns have the same cross-product: their sums are all the criterion needs. */
type Pattern = {
  readonly groups: number;
  /** Z'Z of one group: [1'1, 1'z, z'z] (the last two 0 without a slope). */
  readonly cross: readonly [number, number, number];
  /** Sums over groups of a'a, a'b + b'a and b'b, where a and b are the rows of Z'[Q e]; (p+1) x (p+1). */
  readonly sums: readonly [Float64Array, Float64Array, Float64Array];
};

/** What the data say about a mixed model, whatever its variances. */
export type MixedStatistics = {
  readonly n: number;
  readonly p: number;
  readonly groups: number;
  readonly random: 1 | 2;
  readonly patterns: readonly Pattern[];
  /** Squared length of the outcome's least-squares residuals; 1 after scaling by n. */
  readonly residual: number;
  /** log |R|^2 of the design's QR: makes the REML criterion that of the original columns. */
  readonly logDesign: number;
};

/** The profiled fit at given relative variances, and how it moves with them. */
export type ProfiledFit = {
  /** log |Lambda' Z'Z Lambda + I| over all groups. */
  readonly logRandom: number;
  /** log of the determinant of Q' V^-1 Q (sigma left out). */
  readonly logFixed: number;
  /** Penalised residual sum of squares. */
  readonly penalised: number;
  /** Fixed effects in the coordinates of Q, beyond least squares. */
  readonly fixed: readonly number[];
  /** (Q' V^-1 Q)^-1, sigma left out. */
  readonly covariance: Matrix;
  /** By each entry of theta: the derivatives of the three figures and of the covariance. */
  readonly slopes: readonly {
    readonly logRandom: number;
    readonly logFixed: number;
    readonly penalised: number;
    readonly covariance: Matrix;
  }[];
};

/** [intercept, slope on intercept, slope]: the lower triangle of the relative covariance factor, as lme4's theta. */
export type Theta = readonly number[];

type Sums = { count: number; cross: [number, number, number]; sums: Float64Array[] };

const addOuter = (into: Float64Array, a: Float64Array, b: Float64Array): void => {
  const width = a.length;
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) into[i * width + j] = (into[i * width + j] ?? 0) + (a[i] ?? 0) * (b[j] ?? 0);
};

type GroupRows = { cross: [number, number, number]; one: Float64Array; slope: Float64Array };

const rowsByGroup = (
  columns: readonly Float64Array[],
  groups: readonly string[],
  slope: readonly number[] | undefined,
): Map<string, GroupRows> => {
  const found = new Map<string, GroupRows>();
  groups.forEach((group, row) => {
    let sums = found.get(group);
    if (!sums) {
      sums = { cross: [0, 0, 0], one: new Float64Array(columns.length), slope: new Float64Array(columns.length) };
      found.set(group, sums);
    }
    const z = slope?.[row] ?? 0;
    sums.cross[0] += 1;
    sums.cross[1] += z;
    sums.cross[2] += z * z;
    for (let j = 0; j < columns.length; j++) {
      const value = columns[j]?.[row] ?? 0;
      sums.one[j] = (sums.one[j] ?? 0) + value;
      sums.slope[j] = (sums.slope[j] ?? 0) + z * value;
    }
  });
  return found;
};

/**
 * Sums the data up by pattern, so that one evaluation costs the same for 2,000 people as for 20 when they have the same waves.
 *
 * @param residuals - least-squares residuals of the outcome, scaled to a mean square of 1
 * @param slope - covariate of the random slope, scaled to a mean square of 1
 */
export const mixedStatistics = (
  q: Orthonormal,
  residuals: Float64Array,
  groups: readonly string[],
  slope: readonly number[] | undefined,
): MixedStatistics => {
  const columns = [...q.columns, residuals];
  const byGroup = rowsByGroup(columns, groups, slope);
  const patterns = new Map<string, Sums>();
  for (const { cross, one, slope: sloped } of byGroup.values()) {
    const key = cross.join(' ');
    const size = columns.length ** 2;
    const entry = patterns.get(key) ?? { count: 0, cross, sums: [0, 1, 2].map(() => new Float64Array(size)) };
    patterns.set(key, entry);
    entry.count += 1;
    const [aa, ab, bb] = entry.sums as [Float64Array, Float64Array, Float64Array];
    addOuter(aa, one, one);
    if (!slope) continue;
    addOuter(ab, one, sloped);
    addOuter(ab, sloped, one);
    addOuter(bb, sloped, sloped);
  }
  return {
    n: groups.length,
    p: q.columns.length,
    groups: byGroup.size,
    random: slope ? 2 : 1,
    patterns: [...patterns.values()].map(({ count, cross, sums }) => ({
      groups: count,
      cross,
      sums: sums as [Float64Array, Float64Array, Float64Array],
    })),
    residual: residuals.reduce((sum, value) => sum + value * value, 0),
    logDesign: 2 * q.upper.reduce((sum, row, i) => sum + Math.log(row[i] ?? 1), 0),
  };
};

/** Symmetric 2 x 2: [11, 12, 22]. */
type Symmetric = readonly [number, number, number];

/** Lambda Lambda' by each entry of theta. */
const covarianceSlopes = ([a = 0, b = 0, d = 0]: Theta, random: 1 | 2): Symmetric[] =>
  random === 1
    ? [[2 * a, 0, 0]]
    : [
        [2 * a, b, 0],
        [0, a, 2 * b],
        [0, 0, 2 * d],
      ];

/**
 * Of one pattern with A = Z'Z and G = Lambda Lambda': log |I + A G|, M = (G^-1 + A)^-1 (as Lambda K^-1 Lambda', which
 * needs no inverse of G), and P = I - M A, with which dM = P dG P' and d log |I + A G| = tr(A P dG).
 */
const penalty = ([s, c, z]: readonly [number, number, number], [a = 0, b = 0, d = 0]: Theta) => {
  const k11 = a * a * s + 2 * a * b * c + b * b * z + 1;
  const k12 = d * (a * c + b * z);
  const k22 = d * d * z + 1;
  const determinant = k11 * k22 - k12 * k12;
  const [i11, i12, i22] = [k22 / determinant, -k12 / determinant, k11 / determinant];
  const m11 = a * a * i11;
  const m12 = a * b * i11 + a * d * i12;
  const m22 = b * b * i11 + 2 * b * d * i12 + d * d * i22;
  const [p11, p12] = [1 - (m11 * s + m12 * c), -(m11 * c + m12 * z)];
  const [p21, p22] = [-(m12 * s + m22 * c), 1 - (m12 * c + m22 * z)];
  const weights: Symmetric = [m11, m12, m22];
  const logSlope = ([g11, g12, g22]: Symmetric): number =>
    (s * p11 + c * p21) * g11 + 2 * (s * p12 + c * p22) * g12 + (c * p12 + z * p22) * g22;
  const weightSlopes = ([g11, g12, g22]: Symmetric): Symmetric => [
    p11 * p11 * g11 + 2 * p11 * p12 * g12 + p12 * p12 * g22,
    p11 * p21 * g11 + (p11 * p22 + p12 * p21) * g12 + p12 * p22 * g22,
    p21 * p21 * g11 + 2 * p21 * p22 * g12 + p22 * p22 * g22,
  ];
  return { logDeterminant: Math.log(determinant), weights, logSlope, weightSlopes };
};

/** Takes the weighted sums of a pattern from a (p+1) x (p+1) system. */
const take = (system: Matrix, sums: Pattern['sums'], [w11, w12, w22]: Symmetric): void => {
  const width = system.columns;
  const [aa, ab, bb] = sums;
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) {
      const at = i * width + j;
      const taken = w11 * (aa[at] ?? 0) + w12 * (ab[at] ?? 0) + w22 * (bb[at] ?? 0);
      system.set(i, j, system.get(i, j) - taken);
    }
};

/** [Q e]' V^-1 [Q e] (sigma left out) with its derivatives, and log |V|. */
const systemAt = (data: MixedStatistics, theta: Theta) => {
  const width = data.p + 1;
  const system = Matrix.eye(width, width);
  system.set(data.p, data.p, data.residual);
  const slopes = covarianceSlopes(theta, data.random);
  const moved = slopes.map(() => ({ system: Matrix.zeros(width, width), logRandom: 0 }));
  let logRandom = 0;
  for (const { groups, cross, sums } of data.patterns) {
    const { logDeterminant, weights, logSlope, weightSlopes } = penalty(cross, theta);
    logRandom += groups * logDeterminant;
    take(system, sums, weights);
    slopes.forEach((slope, at) => {
      const entry = moved[at];
      if (!entry) return;
      entry.logRandom += groups * logSlope(slope);
      take(entry.system, sums, weightSlopes(slope));
    });
  }
  return { system, logRandom, moved };
};

const traceOfProduct = (a: Matrix, b: Matrix): number => Matrix.mul(a, b).sum();

/** Everything that profiling gives at `theta`; undefined when Q' V^-1 Q is not positive definite to rounding. */
export const profiledFit = (data: MixedStatistics, theta: Theta): ProfiledFit | undefined => {
  const { p } = data;
  const { system, logRandom, moved } = systemAt(data, theta);
  const fixedPart = (matrix: Matrix) => matrix.subMatrix(0, p - 1, 0, p - 1);
  const factored = positiveDefinite(fixedPart(system));
  if (!factored) return undefined;
  const covariance = factored.inverse();
  const fixed = covariance.mmul(system.subMatrix(0, p - 1, p, p)).to1DArray();
  const direction = Matrix.columnVector([...fixed.map((value) => -value), 1]);
  const lengthIn = (matrix: Matrix) => matrix.mmul(direction).dot(direction);
  return {
    logRandom,
    logFixed: factored.logDeterminant,
    penalised: lengthIn(system),
    fixed,
    covariance,
    slopes: moved.map((one) => ({
      logRandom: one.logRandom,
      logFixed: traceOfProduct(covariance, fixedPart(one.system)),
      penalised: lengthIn(one.system),
      covariance: covariance.mmul(fixedPart(one.system)).mmul(covariance).neg(),
    })),
  };
};

/** Degrees of freedom that the residual variance is divided by. */
export const residualDf = (data: MixedStatistics, kind: 'reml' | 'ml'): number =>
  kind === 'reml' ? data.n - data.p : data.n;

/**
 * Minus twice the profiled (restricted) log likelihood, as lme4 prints it (Bates, Maechler, Bolker & Walker 2015, eq. 34
 * and 41), and its gradient by theta.
 *
 * @param logScale - log of the factor that the outcome was divided by
 * @returns a value of Infinity where it is not defined
 */
export const profiledCriterion = (data: MixedStatistics, theta: Theta, kind: 'reml' | 'ml', logScale: number) => {
  const fit = profiledFit(data, theta);
  if (!fit || !(fit.penalised > 0)) return { value: Infinity, gradient: theta.map(() => 0) };
  const df = residualDf(data, kind);
  const restricted = Number(kind === 'reml');
  const fixed = restricted * (fit.logFixed + data.logDesign);
  return {
    value: fit.logRandom + fixed + df * (1 + Math.log((2 * Math.PI * fit.penalised) / df) + 2 * logScale),
    gradient: fit.slopes.map(
      (one) => one.logRandom + restricted * one.logFixed + (df * one.penalised) / fit.penalised,
    ),
  };
};
