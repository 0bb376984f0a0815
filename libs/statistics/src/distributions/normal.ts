import erfc from '@stdlib/math-base-special-erfc';
import normal from '@stdlib/stats-base-dists-normal';
import { requireNumber, requireProbability } from './arguments.js';

/** Density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** P(Z <= z). The lower tail keeps its digits down to z = -37; for the upper tail ask for `normalCdf(-z)`. */
export const normalCdf = (z: number): number => {
  requireNumber('z', z);
  return erfc(-z / Math.SQRT2) / 2;
};

/**
 * z with P(Z <= z) = p, full precision into the far tails. stdlib's quantile is right to about 4e-7 at p = 1e-12;
 * a few steps on the complementary error function mend that.
 *
 * @param p - from 0 to 1, at least 1e-300 or 0; the ends give -Infinity and Infinity
 * @throws RangeError when p is not a probability
 */
export const normalQuantile = (p: number): number => {
  requireProbability('p', p);
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  // 1 - p is exact for p >= 0.5, and the lower tail keeps its digits.
  return p > 0.5 ? -refined(1 - p) : refined(p);
};

/** Halley's steps on the probability, or Newton's on its logarithm where the start is poor (p below 1e-10). */
const refined = (p: number): number => {
  const far = p < 1e-10;
  let z = far ? -Math.sqrt(-2 * Math.log(p)) : normal.quantile(p, 0, 1);
  for (let step = 0; step < (far ? 8 : 2); step++) {
    const below = normalCdf(z);
    const miss = (far ? below * Math.log(below / p) : below - p) / normalDensity(z);
    z -= far ? miss : miss / (1 + (z * miss) / 2);
  }
  return z;
};
