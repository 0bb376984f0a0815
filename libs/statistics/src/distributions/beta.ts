import beta from '@stdlib/stats-base-dists-beta';
import { requireNumber, requirePositive, requireProbability } from './arguments.js';

/** P(X <= x) for the beta distribution with shapes `alpha`, `beta` > 0. */
export const betaCdf = (x: number, alpha: number, betaShape: number): number => {
  requireNumber('x', x);
  requirePositive('alpha', alpha);
  requirePositive('beta', betaShape);
  return beta.cdf(x, alpha, betaShape);
};

/** x with P(X <= x) = p, p from 0 to 1. */
export const betaQuantile = (p: number, alpha: number, betaShape: number): number => {
  requireProbability('p', p);
  requirePositive('alpha', alpha);
  requirePositive('beta', betaShape);
  return beta.quantile(p, alpha, betaShape);
};
