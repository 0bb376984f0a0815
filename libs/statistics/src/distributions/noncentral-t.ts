import { findRoot } from '../numeric/root.js';
import { requirePositive } from './arguments.js';
import { normalCdf, normalQuantile } from './normal.js';

/** The chi density is followed down to exp(-DEPTH) of its peak, so tails of 1e-30 still have digits. */
const DEPTH = 100;
/** Trapezoid step that keeps the aliasing error of a density analytic within pi/4 of the axis below 1e-15. */
const LARGEST_STEP = 0.12;

/**
 * P(T <= t) for Student's t with noncentrality `ncp`: T = (Z + ncp) / S, S = sqrt(chi-square(df) / df), so
 *   P(T <= t) = E over S of Phi(t S - ncp),
 * integrated over x = ln S by the trapezoid rule, which converges geometrically on an integrand that is analytic and
 * falls off on both sides; every term is positive, so small tails keep relative digits. The density is normalised on
 * the same grid. Unlike series AS 243 (Lenth 1989, Applied Statistics 38), nothing underflows at a large `ncp`.
 *
 * @param df - degrees of freedom, above 0, fractions allowed; to 1e-10 for df from 0.5 to 1e9 and |ncp| to 1000
 * @throws RangeError naming the argument that is out of range
 */
export const noncentralTCdf = (t: number, df: number, ncp: number): number => {
  requireArguments(t, df, ncp);
  return expectation(df, ncp, (s) => normalCdf(t * s - ncp));
};

/** P(T > t), with its digits where it is small. */
export const noncentralTUpperTail = (t: number, df: number, ncp: number): number => {
  requireArguments(t, df, ncp);
  return expectation(df, ncp, (s) => normalCdf(ncp - t * s));
};

const requireArguments = (t: number, df: number, ncp: number): void => {
  if (!Number.isFinite(t)) throw new RangeError(`t must be a finite number, not ${t}`);
  if (!Number.isFinite(ncp)) throw new RangeError(`ncp must be a finite number, not ${ncp}`);
  requirePositive('df', df);
};

/** E[f(S)]; `f` is a normal tail that turns within about 1 / ncp of ln S. */
const expectation = (df: number, ncp: number, f: (s: number) => number): number => {
  const step = Math.min(LARGEST_STEP, 0.5 / Math.sqrt(2 * df), 0.5 / (1 + Math.abs(ncp)));
  let weights = 0;
  let sum = 0;
  for (const direction of [1, -1]) {
    for (let index = direction === 1 ? 0 : 1; ; index++) {
      const x = direction * index * step;
      const logDensity = df * (x - Math.expm1(2 * x) / 2);
      if (logDensity < -DEPTH) break;
      const weight = Math.exp(logDensity);
      weights += weight;
      sum += weight * f(Math.exp(x));
    }
  }
  return Math.min(1, sum / weights);
};

/**
 * The noncentrality under which P(T <= t) = p: the pivot behind exact intervals of standardised effects (Steiger and
 * Fouladi 1997). P falls as ncp grows, so the answer is unique.
 *
 * @param p - strictly between 0 and 1
 */
export const noncentralTNcp = (t: number, df: number, p: number): number => {
  requireArguments(t, df, 0);
  if (!(p > 0 && p < 1)) throw new RangeError(`p must be between 0 and 1, not ${p}`);
  // T is about normal around ncp with variance 1 + ncp^2 / (2 df).
  const spread = Math.sqrt(1 + (t * t) / (2 * df));
  const guess = t - normalQuantile(p) * spread;
  return findRoot((ncp) => noncentralTCdf(t, df, ncp) - p, guess - spread, guess + spread);
};
