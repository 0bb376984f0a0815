import { Matrix } from 'ml-matrix';
import { positiveDefinite } from '../linear/positive-definite.js';

export type QuasiPoissonFit = {
  readonly coefficients: readonly number[];
  /** (X' W X)^-1, dispersion left out. */
  readonly covariance: Matrix;
  readonly fitted: readonly number[];
  /** Diagonal of the hat matrix. */
  readonly leverages: readonly number[];
  /** Pearson's chi-square over n - k. */
  readonly dispersion: number;
  readonly df: number;
};

const information = (x: Matrix, working: readonly number[]): Matrix => {
  const sums = Matrix.zeros(x.columns, x.columns);
  working.forEach((weight, row) => {
    for (let i = 0; i < x.columns; i++)
      for (let j = 0; j <= i; j++) sums.set(i, j, sums.get(i, j) + weight * x.get(row, i) * x.get(row, j));
  });
  return sums;
};

const devianceOf = (counts: readonly number[], fitted: readonly number[], weights: readonly number[]): number =>
  counts.reduce((sum, y, row) => {
    const mu = fitted[row] ?? 1;
    return sum + 2 * (weights[row] ?? 1) * ((y > 0 ? y * Math.log(y / mu) : 0) - (y - mu));
  }, 0);

/** Relative change of the deviance at which R's glm stops: going on moves limits in the fourth decimal, away from R's. */
const STOP = 1e-8;

/**
 * Log-linear regression of counts with the variance a multiple of the mean, by iteratively reweighted least squares
 * (McCullagh & Nelder 1989, ch. 6).
 *
 * @param design - n rows of k columns, the first an intercept
 * @param weights - n prior weights
 * @returns undefined when the columns depend on each other or nothing but zeros was counted
 */
export const quasiPoisson = (
  design: readonly (readonly number[])[],
  counts: readonly number[],
  weights: readonly number[],
): QuasiPoissonFit | undefined => {
  if (!counts.some((count) => count > 0)) return undefined;
  const x = new Matrix(design.map((row) => [...row]));
  let fitted = counts.map((count) => count + 0.1);
  let deviance = devianceOf(counts, fitted, weights);
  for (let round = 0; round < 100; round++) {
    const working = fitted.map((mu, row) => mu * (weights[row] ?? 1));
    const factored = positiveDefinite(information(x, working));
    if (!factored) return undefined;
    const targets = counts.map((count, row) => {
      const mu = fitted[row] ?? 1;
      return (working[row] ?? 0) * (Math.log(mu) + (count - mu) / mu);
    });
    const beta = factored.solve(x.transpose().mmul(Matrix.columnVector(targets)));
    fitted = x.mmul(beta).to1DArray().map(Math.exp);
    const now = devianceOf(counts, fitted, weights);
    if (!Number.isFinite(now)) return undefined;
    if (Math.abs(now - deviance) < STOP * (Math.abs(now) + 0.1)) return summary(x, counts, working, beta, fitted);
    deviance = now;
  }
  return undefined;
};

/** From the last step's working weights, as R's: at convergence they are those of the fit. */
const summary = (
  x: Matrix,
  counts: readonly number[],
  working: readonly number[],
  beta: Matrix,
  fitted: readonly number[],
): QuasiPoissonFit | undefined => {
  const covariance = positiveDefinite(information(x, working))?.inverse();
  if (!covariance) return undefined;
  const df = x.rows - x.columns;
  const pearson = counts.reduce((sum, y, row) => {
    const mu = fitted[row] ?? 1;
    return sum + (working[row] ?? 1) * ((y - mu) / mu) ** 2;
  }, 0);
  const leverages = working.map((weight, row) => {
    const line = Matrix.rowVector(x.getRow(row));
    return weight * line.mmul(covariance).dot(line);
  });
  return { coefficients: beta.to1DArray(), covariance, fitted, leverages, dispersion: pearson / df, df };
};
