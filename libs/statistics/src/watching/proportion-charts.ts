import { binomialAtLeast, binomialCdf, binomialQuantile } from '../distributions/binomial.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { MOVING_RANGE_OF_TWO } from './xmr.js';

/** `events` of `n`, at one time. */
export type ProportionPoint = { readonly events: number; readonly n: number };

export type PChartPoint = {
  readonly index: number;
  readonly proportion: number;
  /** Lowest and highest count that is no signal. */
  readonly lowestCount: number;
  readonly highestCount: number;
  /** The smaller of the two tails: how far out the count is, if nothing has changed. */
  readonly tail: number;
  readonly signal: 'high' | 'low' | 'none';
};

export type PChart = {
  readonly estimable: true;
  readonly method: 'p, exact binomial';
  readonly centre: number;
  /** Of both tails together. */
  readonly alpha: number;
  readonly points: readonly PChartPoint[];
  readonly baseline: number;
};

export type ProportionOptions = {
  /** The share when nothing is wrong; the pooled share of the baseline points when left out. */
  readonly expected?: number;
  /** The first so many points; all when left out. */
  readonly baseline?: number;
  /** Chance of a signal a point when nothing is wrong, both sides together; 0.0027 as three sigma when left out. */
  readonly alpha?: number;
};

const requirePoints = (points: readonly ProportionPoint[], baseline: number): void => {
  points.forEach(({ events, n }, at) => {
    if (!(Number.isInteger(n) && n > 0)) throw new RangeError(`points[${at}].n must be a whole number above 0, not ${n}`);
    if (!(Number.isInteger(events) && events >= 0 && events <= n))
      throw new RangeError(`points[${at}].events must be a whole number from 0 to ${n}, not ${events}`);
  });
  if (!(Number.isInteger(baseline) && baseline >= 0 && baseline <= points.length))
    throw new RangeError(`baseline must be a whole number up to the ${points.length} points, not ${baseline}`);
};

/** Pooled share of the first points; undefined without any. */
const pooled = (points: readonly ProportionPoint[], baseline: number): number | undefined => {
  const first = points.slice(0, baseline);
  const n = first.reduce((sum, one) => sum + one.n, 0);
  return n > 0 ? first.reduce((sum, one) => sum + one.events, 0) / n : undefined;
};

const pPoint = ({ events, n }: ProportionPoint, index: number, centre: number, alpha: number): PChartPoint => {
  const [below, above] = [binomialCdf(events, n, centre), binomialAtLeast(events, n, centre)];
  const signal = above < alpha / 2 ? 'high' : below < alpha / 2 ? 'low' : 'none';
  return {
    index,
    proportion: events / n,
    /** No -0, which a quantile of nothing can be. */
    lowestCount: binomialQuantile(alpha / 2, n, centre) || 0,
    highestCount: n - binomialQuantile(alpha / 2, n, 1 - centre),
    tail: Math.min(below, above),
    signal,
  };
};

/**
 * Chart of proportions with exact binomial limits: right for eight people as for eight hundred, where three sigma has a lower
 * limit below 0 and false alarms above (Woodall 1997).
 *
 * @param points - in time order; sizes may differ
 * @returns not estimable without points to take the expected share from (`too-few-observations`), or when it is 0
 * (`no-events`) or 1 (`no-variation`)
 */
export const pChart = (points: readonly ProportionPoint[], options: ProportionOptions = {}): PChart | NotEstimable => {
  const { baseline = points.length, alpha = 0.0027 } = options;
  requirePoints(points, baseline);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, not ${alpha}`);
  if (options.expected !== undefined && !(options.expected > 0 && options.expected < 1))
    throw new RangeError(`expected must be between 0 and 1, not ${options.expected}`);
  const centre = options.expected ?? pooled(points, baseline);
  if (centre === undefined) return notEstimable('too-few-observations');
  if (centre === 0) return notEstimable('no-events');
  if (centre === 1) return notEstimable('no-variation');
  return {
    estimable: true,
    method: 'p, exact binomial',
    centre,
    alpha,
    points: points.map((point, index) => pPoint(point, index, centre, alpha)),
    baseline,
  };
};

export type LaneyPoint = {
  readonly index: number;
  readonly proportion: number;
  readonly lower: number;
  readonly upper: number;
  readonly signal: 'high' | 'low' | 'none';
};

export type LaneyChart = {
  readonly estimable: true;
  readonly method: 'laney p-prime';
  readonly centre: number;
  /** Spread of the standardised proportions: 1 binomial, above 1 overdispersed. */
  readonly sigmaZ: number;
  readonly points: readonly LaneyPoint[];
  readonly baseline: number;
};

/**
 * Laney's p' chart: limits widened (or narrowed) by how much proportions move from point to point beyond binomial chance
 * (Laney 2002). For large and unequal sizes, where a p chart calls everything a signal.
 *
 * @returns not estimable with fewer than 3 baseline points (`too-few-observations`), no event or nothing but events
 * (`no-events`, `no-variation`), or proportions that never move (`no-variation`)
 */
export const laneyChart = (points: readonly ProportionPoint[], baseline = points.length): LaneyChart | NotEstimable => {
  requirePoints(points, baseline);
  if (baseline < 3) return notEstimable('too-few-observations');
  const centre = pooled(points, baseline) ?? 0;
  if (centre === 0) return notEstimable('no-events');
  if (centre === 1) return notEstimable('no-variation');
  const errorOf = (n: number) => Math.sqrt((centre * (1 - centre)) / n);
  const z = points.slice(0, baseline).map(({ events, n }) => (events / n - centre) / errorOf(n));
  const ranges = z.slice(1).map((value, at) => Math.abs(value - (z[at] ?? 0)));
  const sigmaZ = ranges.reduce((sum, range) => sum + range, 0) / ranges.length / MOVING_RANGE_OF_TWO;
  if (!(sigmaZ > 1e-12)) return notEstimable('no-variation');
  return {
    estimable: true,
    method: 'laney p-prime',
    centre,
    sigmaZ,
    points: points.map(({ events, n }, index) => {
      const margin = 3 * sigmaZ * errorOf(n);
      const [proportion, lower, upper] = [events / n, Math.max(0, centre - margin), Math.min(1, centre + margin)];
      const signal = proportion > upper ? 'high' : proportion < lower ? 'low' : 'none';
      return { index, proportion, lower, upper, signal };
    }),
    baseline,
  };
};
