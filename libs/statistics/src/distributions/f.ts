import betainc from '@stdlib/math-base-special-betainc';
import f from '@stdlib/stats-base-dists-f';
import { requireNumber, requirePositive, requireProbability } from './arguments.js';

const requireDfs = (df1: number, df2: number): void => {
  requirePositive('df1', df1);
  requirePositive('df2', df2);
};

/** P(X <= x) for F with `df1` and `df2` > 0 degrees of freedom, fractions allowed. */
export const fCdf = (x: number, df1: number, df2: number): number => {
  requireNumber('x', x);
  requireDfs(df1, df2);
  return f.cdf(x, df1, df2);
};

/** P(X > x), with its digits where it is small. */
export const fUpperTail = (x: number, df1: number, df2: number): number => {
  requireNumber('x', x);
  requireDfs(df1, df2);
  if (x <= 0) return 1;
  return x === Infinity ? 0 : betainc(df2 / (df2 + df1 * x), df2 / 2, df1 / 2);
};

/** x with P(X <= x) = p, p from 0 to 1. */
export const fQuantile = (p: number, df1: number, df2: number): number => {
  requireProbability('p', p);
  requireDfs(df1, df2);
  return f.quantile(p, df1, df2);
};
