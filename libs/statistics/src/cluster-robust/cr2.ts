import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { studentTQuantile, studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type IntervalEstimate, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';
import { leastSquares, type LeastSquaresFit } from '../linear/least-squares.js';

/** Below this, relative to the outcome's size, a spread is rounding error. */
const NOTHING = 1e-12;
/** An eigenvalue of a cluster's leverage this close to 1 means that the cluster alone fixes a direction. */
const WHOLE = 1 - 1e-9;

export type ClusterRobustInput = {
  /** n rows of k columns, an intercept among them if one is wanted. */
  readonly design: readonly (readonly number[])[];
  /** n values. */
  readonly outcome: readonly number[];
  /** n labels: rows with the same label may depend on each other. One label a row gives HC2. */
  readonly clusters: readonly string[];
  /** k weights: the linear combination of coefficients that is asked about. */
  readonly contrast: readonly number[];
  /** Confidence level, 0.95 unless said. */
  readonly level?: number;
};

/**
 * A linear combination of ordinary-least-squares coefficients with the bias-reduced ("CR2") cluster-robust standard
 * error and Satterthwaite degrees of freedom, under the working model of independent, equally spread errors.
 *
 * With M = (X'X)^-1, H = X M X', cluster g's rows X_g and residuals e_g:
 *   A_g = (I - H_gg)^(-1/2),  u_g = A_g X_g M c,
 *   variance = sum over g of (u_g' e_g)^2,
 *   df = (tr P)^2 / sum of P_gh^2,  P_gh = u_g' (I - H)_gh u_h.
 * A_g is applied through the eigenvectors of the k x k matrix L' X_g' X_g L (M = L L'), so a cluster of a thousand rows costs
 * no thousand-by-thousand matrix.
 *
 * Sources: Bell and McCaffrey (2002), "Bias reduction in standard errors for linear regression with multi-stage
 * samples", Survey Methodology 28(2); Pustejovsky and Tipton (2018), "Small-sample methods for cluster-robust variance
 * estimation and hypothesis testing in fixed effects models", JBES 36(4). Agrees with the R package clubSandwich.
 *
 * @throws RangeError that names the input which is malformed (lengths, numbers that are not finite, level)
 */
export const clusterRobustEstimate = (input: ClusterRobustInput): IntervalEstimate | NotEstimable => {
  const level = input.level ?? 0.95;
  requireShapes(input, level);
  const n = input.outcome.length;
  const k = input.contrast.length;
  if (n <= k) return notEstimable('too-few-observations');

  const scale = input.outcome.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const design = new Matrix(input.design as number[][]);
  const fit = leastSquares(design, scale === 0 ? input.outcome : input.outcome.map((value) => value / scale));
  if (!fit) return notEstimable('not-identified');
  if (length(fit.residuals) <= NOTHING * Math.sqrt(n)) return notEstimable('no-variation');

  const rows = rowsByCluster(input.clusters);
  const parts = rows.map((members) => clusterPart(design, fit, members, input.contrast));
  if (rows.length < 2 || parts.some((part) => part.alone)) return notEstimable('too-few-clusters');

  const standardError = length(parts.map((part) => part.score)) * scale;
  if (!(standardError > NOTHING * scale)) return notEstimable('no-variation');
  const df = satterthwaiteDf(parts);
  const estimate =
    fit.coefficients.reduce((sum, value, index) => sum + value * (input.contrast[index] ?? 0), 0) * scale;
  const halfWidth = studentTQuantile((1 + level) / 2, df) * standardError;
  return {
    estimable: true,
    estimate,
    standardError,
    df,
    intervalLow: estimate - halfWidth,
    intervalHigh: estimate + halfWidth,
    pValue: studentTTwoSidedP(estimate / standardError, df),
    observations: n,
    clusters: rows.length,
  };
};

const requireShapes = (input: ClusterRobustInput, level: number): void => {
  requireLevel(level);
  requireFinite('outcome', input.outcome);
  requireFinite('contrast', input.contrast);
  requireSameLength('design', input.design, 'outcome', input.outcome);
  requireSameLength('clusters', input.clusters, 'outcome', input.outcome);
  if (input.contrast.length === 0) throw new RangeError('contrast must have at least one weight');
  input.design.forEach((row, index) => {
    requireSameLength(`design[${index}]`, row, 'contrast', input.contrast);
    requireFinite(`design[${index}]`, row);
  });
};

const rowsByCluster = (clusters: readonly string[]): number[][] => {
  const rows = new Map<string, number[]>();
  clusters.forEach((cluster, row) => {
    const members = rows.get(cluster);
    if (members) members.push(row);
    else rows.set(cluster, [row]);
  });
  return [...rows.values()];
};

type ClusterPart = {
  /** u_g' e_g. */
  readonly score: number;
  /** u_g' u_g. */
  readonly square: number;
  /** L' X_g' u_g: what the cluster gives to H_gh between it and any other. */
  readonly reach: readonly number[];
  /** Without this cluster nothing identifies the contrast. */
  readonly alone: boolean;
};

const clusterPart = (
  design: Matrix,
  fit: LeastSquaresFit,
  members: readonly number[],
  contrast: readonly number[],
): ClusterPart => {
  const own = design.selection(members as number[], allColumns(design));
  const z = own.mmul(fit.root);
  const eigen = new EigenvalueDecomposition(z.transpose().mmul(z), { assumeSymmetric: true });
  const vectors = eigen.eigenvectorMatrix;
  // X_g M c = Z L'c; in the eigenbasis A_g multiplies direction i by (1 - lambda_i)^(-1/2).
  const along = vectors
    .transpose()
    .mmul(fit.root.transpose().mmul(Matrix.columnVector(contrast as number[])));
  const size = length(along.to1DArray());
  const whole = eigen.realEigenvalues.map((value) => value >= WHOLE);
  const alone = whole.some((isWhole, index) => isWhole && Math.abs(along.get(index, 0)) > 1e-9 * size);
  const stretched = along
    .to1DArray()
    .map((value, index) =>
      whole[index] ? 0 : value / Math.sqrt(1 - Math.max(0, eigen.realEigenvalues[index] ?? 0)),
    );
  const u = z.mmul(vectors.mmul(Matrix.columnVector(stretched)));
  return {
    score: members.reduce((sum, row, index) => sum + u.get(index, 0) * (fit.residuals[row] ?? 0), 0),
    square: u.to1DArray().reduce((sum, value) => sum + value * value, 0),
    reach: z.transpose().mmul(u).to1DArray(),
    alone,
  };
};

const allColumns = (matrix: Matrix): number[] => Array.from({ length: matrix.columns }, (_, index) => index);

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

/** Euclidean length; not Math.hypot(...), whose arguments live on the stack. */
const length = (vector: readonly number[]): number => Math.sqrt(dot(vector, vector));

const satterthwaiteDf = (parts: readonly ClusterPart[]): number => {
  let trace = 0;
  let squares = 0;
  // P is diag(square) - R R' with R the reaches as rows: sum P^2 = sum s^2 - 2 sum s |r|^2 + |R'R|^2, linear in clusters.
  const k = parts[0]?.reach.length ?? 0;
  const gram = Matrix.zeros(k, k);
  for (const { square, reach } of parts) {
    const own = dot(reach, reach);
    trace += square - own;
    squares += square * square - 2 * square * own;
    for (let i = 0; i < k; i++)
      for (let j = 0; j < k; j++) gram.set(i, j, gram.get(i, j) + (reach[i] ?? 0) * (reach[j] ?? 0));
  }
  return (trace * trace) / (squares + gram.to1DArray().reduce((sum, value) => sum + value * value, 0));
};
