import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { FEWEST_POINTS, xmrLimits } from './xmr.js';

export type GapPoint = {
  readonly index: number;
  readonly gap: number;
  /** Chance of a gap this short, and this long, if nothing has changed. */
  readonly atMost: number;
  readonly atLeast: number;
  readonly signal: 'too-soon' | 'long' | 'none';
};

export type GChart = {
  readonly estimable: true;
  readonly method: 'g, exact geometric';
  readonly centre: number;
  /** Mean and 3 standard deviations, as g charts are drawn; too wide below to see events come too soon, so signals are exact. */
  readonly lower: number;
  readonly upper: number;
  readonly alpha: number;
  readonly points: readonly GapPoint[];
  readonly baseline: number;
};

/**
 * Limits of a g chart with a known mean: mean -+ 3 sqrt(mean (mean + 1)), the lower end at 0 (Benneyan 2001).
 *
 * @param mean - opportunities between two events, on average
 */
export const gLimits = (mean: number): { readonly lower: number; readonly upper: number } => {
  if (!(Number.isFinite(mean) && mean > 0)) throw new RangeError(`mean must be above 0, not ${mean}`);
  const margin = 3 * Math.sqrt(mean * (mean + 1));
  return { lower: Math.max(0, mean - margin), upper: mean + margin };
};

/**
 * Chart of the opportunities (participant-sessions, activities) between rare events, with exact geometric tails (Benneyan 2001;
 * Woodall & Driscoll 2015). Short gaps are the bad news.
 *
 * @param gaps - whole numbers of 0 or more, in time order: opportunities without an event between two events
 * @param baseline - the mean comes from the first so many; all when left out
 * @param alpha - chance of a signal a gap when nothing is wrong, both sides; 0.0027 when left out
 * @returns not estimable with fewer than 8 baseline gaps (`too-few-observations`) or gaps of 0 only (`no-variation`)
 */
export const gChart = (gaps: readonly number[], baseline = gaps.length, alpha = 0.0027): GChart | NotEstimable => {
  gaps.forEach((gap, at) => {
    if (!(Number.isInteger(gap) && gap >= 0))
      throw new RangeError(`gaps[${at}] must be a whole number of 0 or more, not ${gap}`);
  });
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, not ${alpha}`);
  const first = gaps.slice(0, baseline);
  if (first.length < FEWEST_POINTS) return notEstimable('too-few-observations');
  const centre = first.reduce((sum, gap) => sum + gap, 0) / first.length;
  if (centre === 0) return notEstimable('no-variation');
  const none = Math.log1p(-1 / (centre + 1));
  return {
    estimable: true,
    method: 'g, exact geometric',
    centre,
    ...gLimits(centre),
    alpha,
    points: gaps.map((gap, index): GapPoint => {
      const [atMost, atLeast] = [-Math.expm1((gap + 1) * none), Math.exp(gap * none)];
      const signal = atMost < alpha / 2 ? 'too-soon' : atLeast < alpha / 2 ? 'long' : 'none';
      return { index, gap, atMost, atLeast, signal };
    }),
    baseline: first.length,
  };
};

export type TChart = {
  readonly estimable: true;
  readonly method: 't, power 1/3.6';
  /** In the unit of the times. */
  readonly centre: number;
  readonly lower: number;
  readonly upper: number;
  readonly points: readonly { readonly index: number; readonly time: number; readonly signal: 'too-soon' | 'long' | 'none' }[];
  readonly baseline: number;
};

/** Exponential times to this power are close to normal (Nelson 1994). */
const POWER = 1 / 3.6;

/**
 * Chart of the time between rare events: an individuals chart of the times to the power 1/3.6, limits turned back (Nelson 1994).
 *
 * @param times - above 0, in any unit, in time order
 * @returns not estimable with fewer than 8 baseline times (`too-few-observations`) or times that never differ (`no-variation`)
 */
export const tChart = (times: readonly number[], baseline = times.length): TChart | NotEstimable => {
  requireFinite('times', times);
  times.forEach((time, at) => {
    if (!(time > 0)) throw new RangeError(`times[${at}] must be above 0, not ${time}: join events of the same moment`);
  });
  const limits = xmrLimits(
    times.slice(0, baseline).map((time) => time ** POWER),
    false,
  );
  if ('estimable' in limits) return limits;
  const back = (value: number): number => Math.max(0, value) ** (1 / POWER);
  const [lower, upper] = [back(limits.lower), back(limits.upper)];
  return {
    estimable: true,
    method: 't, power 1/3.6',
    centre: back(limits.centre),
    lower,
    upper,
    points: times.map((time, index) => ({ index, time, signal: time < lower ? 'too-soon' : time > upper ? 'long' : 'none' })),
    baseline: Math.min(baseline, times.length),
  };
};
