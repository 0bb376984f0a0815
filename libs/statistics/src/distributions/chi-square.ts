import chisquare from '@stdlib/stats-base-dists-chisquare';
import gammainc from '@stdlib/math-base-special-gammainc';
import { requireNumber, requirePositive, requireProbability } from './arguments.js';

/** P(X <= x) for chi-square with `df` > 0 degrees of freedom, fractions allowed. */
export const chiSquareCdf = (x: number, df: number): number => {
  requireNumber('x', x);
  requirePositive('df', df);
  return chisquare.cdf(x, df);
};

/** P(X > x), with its digits where it is small. */
export const chiSquareUpperTail = (x: number, df: number): number => {
  requireNumber('x', x);
  requirePositive('df', df);
  if (x <= 0) return 1;
  return x === Infinity ? 0 : gammainc(x / 2, df / 2, true, true);
};

/** x with P(X <= x) = p, p from 0 to 1. */
export const chiSquareQuantile = (p: number, df: number): number => {
  requireProbability('p', p);
  requirePositive('df', df);
  return chisquare.quantile(p, df);
};
