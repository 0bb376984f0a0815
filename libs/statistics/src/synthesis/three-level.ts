import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';
import { studentTQuantile, studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireLevel } from '../inputs.js';
import { symmetricInverseSquareRoot } from '../linear/symmetric.js';
import { minimiseSimplex } from '../numeric/minimum.js';
import { requireOneClaim, type Effects, type PoolableClaim } from './effect-size.js';

export type ThreeLevelOptions = {
  readonly level?: number;
  /** Correlation of sampling errors within a cluster ("CHE" takes .6), 0 unless said. */
  readonly samplingCorrelation?: number;
};

export type ThreeLevel = {
  readonly estimable: true;
  readonly claim: PoolableClaim;
  readonly method: string;
  readonly k: number;
  readonly clusters: number;
  readonly estimate: number;
  /** Of the model, and the normal interval that goes with it. */
  readonly modelStandardError: number;
  /** CR2 by cluster; what the interval and the p-value rest on. */
  readonly standardError: number;
  /** Satterthwaite. */
  readonly df: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  /** Not to be shown below 4 degrees of freedom. */
  readonly pValue: number;
  /** CR1, G / (G - 1), with G - 1 degrees of freedom: for display beside. */
  readonly cr1StandardError: number;
  readonly varianceBetweenClusters: number;
  readonly varianceWithinClusters: number;
};

/** Effects of one cluster depend on each other: their values, and the covariance of their sampling errors. */
type Block = { readonly y: Matrix; readonly sampling: Matrix };

/**
 * Three levels: y_ij = mu + u_j + w_ij + e_ij, clusters j (`cluster` of an effect size), effects i in them. Variances by REML;
 * the standard error is robust by cluster (CR2), with the model as working covariance, and t with Satterthwaite df.
 *
 * Edge cases: fewer than 2 clusters are `too-few-clusters`; fewer than 3 effects `too-few-studies`; with one effect in every
 * cluster the two variances cannot be told apart: `not-identified`.
 * Sources: Konstantopoulos (2011), Research Synthesis Methods 2; Pustejovsky and Tipton (2018), JBES 36; CHE: Pustejovsky and
 * Tipton (2022), Prevention Science 23. Agrees with metafor's rma.mv and clubSandwich.
 */
export const threeLevelPool = (effects: Effects, options: ThreeLevelOptions = {}): ThreeLevel | NotEstimable => {
  const { level = 0.95, samplingCorrelation: rho = 0 } = options;
  requireLevel(level);
  if (!(rho >= 0 && rho < 1)) throw new RangeError(`samplingCorrelation must be from 0 to below 1, not ${rho}`);
  const claim = requireOneClaim(effects);
  if (!claim || effects.length < 3) return notEstimable('too-few-studies');
  const input = { estimates: effects.map(({ estimate }) => estimate), variances: effects.map(({ variance }) => variance), clusters: effects.map(({ cluster }) => cluster) };
  const fit = fitThreeLevel(input, { level, samplingCorrelation: rho });
  return fit.estimable ? { ...fit, claim } : fit;
};

export type ThreeLevelInput = { readonly estimates: readonly number[]; readonly variances: readonly number[]; readonly clusters: readonly string[] };

/** @param input - k estimates, variances and cluster labels, already checked */
export const fitThreeLevel = (input: ThreeLevelInput, { level = 0.95, samplingCorrelation = 0 }: ThreeLevelOptions): Omit<ThreeLevel, 'claim'> | NotEstimable => {
  const blocks = blocksOf(input, samplingCorrelation);
  if (blocks.length < 2) return notEstimable('too-few-clusters');
  if (blocks.length === input.estimates.length) return notEstimable('not-identified');
  const variances = restrictedMaximum(blocks, input.variances);
  if (!variances) return notEstimable('did-not-converge');
  const [between, within] = variances;
  const robust = robustMean(blocks, between, within);
  if (!robust) return notEstimable('no-variation');
  const { estimate, standardError, df } = robust;
  const half = studentTQuantile((1 + level) / 2, df) * standardError;
  return {
    estimable: true,
    method: 'three-level random effects, REML, CR2 by cluster',
    k: input.estimates.length,
    clusters: blocks.length,
    ...robust,
    intervalLow: estimate - half,
    intervalHigh: estimate + half,
    pValue: studentTTwoSidedP(estimate / standardError, df),
    varianceBetweenClusters: between,
    varianceWithinClusters: within,
  };
};

const blocksOf = ({ estimates, variances, clusters }: ThreeLevelInput, rho: number): Block[] => {
  const rows = new Map<string, number[]>();
  clusters.forEach((cluster, index) => rows.set(cluster, [...(rows.get(cluster) ?? []), index]));
  return [...rows.values()].map((members) => ({
    y: Matrix.columnVector(members.map((i) => estimates[i] as number)),
    sampling: new Matrix(members.map((i) => members.map((j) => (i === j ? 1 : rho) * Math.sqrt((variances[i] as number) * (variances[j] as number))))),
  }));
};

const covarianceOf = ({ sampling }: Block, between: number, within: number): Matrix => {
  const covariance = sampling.clone().add(between);
  for (let i = 0; i < covariance.rows; i++) covariance.set(i, i, covariance.get(i, i) + within);
  return covariance;
};

/** Twice the negative restricted log-likelihood, up to a constant. */
const deviance = (blocks: readonly Block[], between: number, within: number): number => {
  let [logDeterminant, weight, weighted, square] = [0, 0, 0, 0];
  for (const block of blocks) {
    const decomposition = new CholeskyDecomposition(covarianceOf(block, between, within));
    if (!decomposition.isPositiveDefinite()) return Infinity;
    const lower = decomposition.lowerTriangularMatrix;
    for (let i = 0; i < lower.rows; i++) logDeterminant += 2 * Math.log(lower.get(i, i));
    const ones = decomposition.solve(Matrix.ones(block.y.rows, 1));
    const solved = decomposition.solve(block.y);
    weight += ones.sum();
    weighted += solved.sum();
    square += block.y.transpose().mmul(solved).get(0, 0);
  }
  return logDeterminant + Math.log(weight) + square - weighted ** 2 / weight;
};

/** Over logarithms-free scales: variances are squares of what is searched, so both may reach 0. */
const restrictedMaximum = (blocks: readonly Block[], variances: readonly number[]): [number, number] | undefined => {
  const scale = Math.sqrt(variances.reduce((sum, v) => sum + v, 0) / variances.length);
  const { at, converged } = minimiseSimplex(([a = 0, b = 0]) => deviance(blocks, (a * scale) ** 2, (b * scale) ** 2), [1, 1], { tolerance: 1e-14 });
  const [a = 0, b = 0] = at;
  // A square root that the search left within rounding of 0 is a variance of 0.
  const variance = (root: number): number => (Math.abs(root) < 1e-5 ? 0 : (root * scale) ** 2);
  return converged ? [variance(a), variance(b)] : undefined;
};

type Robust = Pick<ThreeLevel, 'estimate' | 'modelStandardError' | 'standardError' | 'df' | 'cr1StandardError'>;

/**
 * The weighted mean with CR2: with weights W = V^-1 and M = (1'W1)^-1, the residual covariance of a cluster is
 * C_j = V_j - M 11', A_j = D_j' (D_j C_j D_j')^(-1/2) D_j with V_j = D_j' D_j, u_j = A_j' W_j 1 M; the variance is the sum of
 * (u_j'e_j)^2 and df = (tr P)^2 / sum P_jh^2 with P_jh = u_j' (V - M 11')_jh u_h.
 */
const robustMean = (blocks: readonly Block[], between: number, within: number): Robust | undefined => {
  const parts = blocks.map((block) => {
    const covariance = covarianceOf(block, between, within);
    const ones = Matrix.ones(block.y.rows, 1);
    return { y: block.y, covariance, ones, weighted: inverse(covariance).mmul(ones) };
  });
  const m = 1 / parts.reduce((sum, { weighted }) => sum + weighted.sum(), 0);
  const estimate = m * parts.reduce((sum, { weighted, y }) => sum + weighted.transpose().mmul(y).get(0, 0), 0);
  const adjusted = parts.map(({ covariance, ones, weighted, y }) => {
    const upper = new CholeskyDecomposition(covariance).lowerTriangularMatrix.transpose();
    const residual = covariance.clone().sub(m);
    const middle = symmetricInverseSquareRoot(upper.mmul(residual).mmul(upper.transpose()), 1e-12);
    const u = upper.transpose().mmul(middle).mmul(upper).mmul(weighted).mul(m);
    const e = y.clone().sub(estimate);
    return {
      score: u.transpose().mmul(e).get(0, 0),
      plain: m * weighted.transpose().mmul(e).get(0, 0),
      own: u.transpose().mmul(covariance).mmul(u).get(0, 0),
      sum: u.transpose().mmul(ones).get(0, 0),
    };
  });
  const variance = adjusted.reduce((total, { score }) => total + score ** 2, 0);
  if (!(variance > 0)) return undefined;
  const trace = adjusted.reduce((total, { own, sum }) => total + own - m * sum ** 2, 0);
  let squares = 0;
  for (const [j, one] of adjusted.entries())
    for (const [h, other] of adjusted.entries()) squares += ((j === h ? one.own : 0) - m * one.sum * other.sum) ** 2;
  const clusters = blocks.length;
  const cr1 = (clusters / (clusters - 1)) * adjusted.reduce((total, { plain }) => total + plain ** 2, 0);
  return { estimate, modelStandardError: Math.sqrt(m), standardError: Math.sqrt(variance), df: trace ** 2 / squares, cr1StandardError: Math.sqrt(cr1) };
};

/** Mean of a two-level fit with CR2 where each study is a cluster of its own: what robust inference makes of a plain pool. */
export const robustPool = (estimates: readonly number[], variances: readonly number[], tau2: number): Robust | undefined =>
  robustMean(
    estimates.map((y, index) => ({ y: Matrix.columnVector([y]), sampling: new Matrix([[variances[index] as number]]) })),
    0,
    tau2,
  );
