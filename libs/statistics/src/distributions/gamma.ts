import gammaln from '@stdlib/math-base-special-gammaln';
import gamma from '@stdlib/stats-base-dists-gamma';
import { requireNumber, requirePositive, requireProbability } from './arguments.js';

/** Natural logarithm of the gamma function for x > 0. */
export const logGamma = (x: number): number => {
  requirePositive('x', x);
  return gammaln(x);
};

/** P(X <= x) for the gamma distribution with `shape` and `rate` > 0; its mean is shape / rate. */
export const gammaCdf = (x: number, shape: number, rate = 1): number => {
  requireNumber('x', x);
  requirePositive('shape', shape);
  requirePositive('rate', rate);
  return gamma.cdf(x, shape, rate);
};

/** x with P(X <= x) = p, p from 0 to 1. */
export const gammaQuantile = (p: number, shape: number, rate = 1): number => {
  requireProbability('p', p);
  requirePositive('shape', shape);
  requirePositive('rate', rate);
  return gamma.quantile(p, shape, rate);
};
