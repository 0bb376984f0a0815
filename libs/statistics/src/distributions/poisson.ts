import gammainc from '@stdlib/math-base-special-gammainc';
import poisson from '@stdlib/stats-base-dists-poisson';
import { requireNumber, requirePositive, requireProbability } from './arguments.js';

/** P(X = k) for a Poisson count with mean > 0; 0 where k is no whole number of at least 0. */
export const poissonMass = (k: number, mean: number): number => {
  requireNumber('k', k);
  requirePositive('mean', mean);
  return poisson.pmf(k, mean);
};

/** P(X <= k). */
export const poissonCdf = (k: number, mean: number): number => {
  requireNumber('k', k);
  requirePositive('mean', mean);
  return poisson.cdf(k, mean);
};

/** P(X >= k), k included, with its digits where it is small. */
export const poissonAtLeast = (k: number, mean: number): number => {
  requireNumber('k', k);
  requirePositive('mean', mean);
  return k <= 0 ? 1 : gammainc(mean, Math.ceil(k), true, false);
};

/** Smallest k with P(X <= k) >= p. */
export const poissonQuantile = (p: number, mean: number): number => {
  requireProbability('p', p);
  requirePositive('mean', mean);
  return poisson.quantile(p, mean);
};
