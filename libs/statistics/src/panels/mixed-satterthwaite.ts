import { Matrix } from 'ml-matrix';
import { symmetricEigen } from '../linear/symmetric.js';
import { hessianOf } from '../numeric/derivatives.js';
import { profiledFit, residualDf, type MixedStatistics, type Theta } from './mixed-criterion.js';

/** Distance between points of the differences; the parameters are relative standard deviations, near 1. */
const STEP = 1e-3;

/**
 * Inverse of the part of a symmetric matrix that carries information: directions in which minus twice the log likelihood
 * is flat (a variance at its bound of zero leaves the correlation unknown) drop out, as in lmerTest.
 */
export const inverseOfInformation = (hessian: readonly (readonly number[])[]): Matrix => {
  const { values, vectors } = symmetricEigen(new Matrix(hessian.map((row) => [...row])));
  const inverse = values.map((value) => (value > 1e-6 ? 1 / value : 0));
  return vectors.mmul(Matrix.diag(inverse)).mmul(vectors.transpose());
};

/** Of one fit: gives the degrees of freedom of any contrast in the coordinates of Q. */
export type SatterthwaiteDf = (contrast: readonly number[]) => number;

/**
 * Satterthwaite degrees of freedom 2 v^2 / (g' A g) of a contrast of the fixed effects: v its variance, g the gradient of v
 * by the variance parameters, A their covariance, twice the inverse Hessian of minus twice the (restricted) log likelihood
 * at its minimum (Giesbrecht & Burns 1985; Kuznetsova, Brockhoff & Christensen 2017, lmerTest). The parameters are theta and
 * log sigma, which changes nothing at the minimum.
 */
export const satterthwaite = (data: MixedStatistics, theta: Theta, kind: 'reml' | 'ml'): SatterthwaiteDf => {
  const df = residualDf(data, kind);
  const fit = profiledFit(data, theta);
  const logSigma = 0.5 * Math.log((fit?.penalised ?? 1) / df);
  const gradient = (point: readonly number[]): number[] => {
    const at = profiledFit(data, point.slice(0, -1));
    const shrink = Math.exp(-2 * (point.at(-1) ?? 0));
    if (!at) return point.map(() => 0);
    const restricted = Number(kind === 'reml');
    const byTheta = at.slopes.map(
      (one) => one.logRandom + restricted * one.logFixed + shrink * one.penalised,
    );
    return [...byTheta, 2 * df - 2 * shrink * at.penalised];
  };
  const information = inverseOfInformation(hessianOf(gradient, [...theta, logSigma], STEP));
  return (contrast) => {
    const row = Matrix.rowVector([...contrast]);
    const spreadOf = (covariance: Matrix) => row.mmul(covariance).dot(row);
    const variance = fit ? spreadOf(fit.covariance) : 0;
    const slopes = fit ? fit.slopes.map((one) => spreadOf(one.covariance)) : [];
    const g = Matrix.rowVector([...slopes, 2 * variance]);
    return variance ** 2 / g.mmul(information).dot(g);
  };
};
