import { normalQuantile } from '../distributions/normal.js';

export type EarsMethod = 'C1' | 'C2' | 'C3';

export type EarsOptions = {
  /** Points that the expected count comes from; 7 when left out. */
  readonly baseline?: number;
  /** One-sided chance of an alarm a point under normality; 0.001 for C1 and C2, 0.025 for C3 when left out. */
  readonly alpha?: number;
  /** Smallest standard deviation used, so that a quiet baseline does not make one case an alarm; 0 when left out. */
  readonly leastSigma?: number;
};

export type EarsPoint = {
  readonly index: number;
  readonly observed: number;
  readonly expected: number;
  /** Count above which this point is an alarm by itself (C1, C2). C3 adds up excesses: it has none. */
  readonly upper?: number;
  readonly alarm: boolean;
};

export type Ears = {
  readonly method: EarsMethod;
  readonly alpha: number;
  readonly baseline: number;
  /** From the first point with a full baseline; none when the series is too short. */
  readonly points: readonly EarsPoint[];
};

/** Points between the baseline and now, so that a slow rise does not raise what is expected. */
const GUARD = { C1: 0, C2: 2, C3: 2 } as const;
/** Earlier points whose excess C3 adds. */
const LOOK_BACK = 2;

type Standardised = { readonly expected: number; readonly sigma: number; readonly excess: number };

const standardise = (counts: readonly number[], at: number, length: number, guard: number, least: number): Standardised => {
  const window = counts.slice(at - guard - length, at - guard);
  const expected = window.reduce((sum, count) => sum + count, 0) / length;
  const squares = window.reduce((sum, count) => sum + (count - expected) ** 2, 0);
  const sigma = Math.max(least, Math.sqrt(squares / (length - 1)));
  const above = (counts[at] ?? 0) - expected;
  return { expected, sigma, excess: sigma > 0 ? above / sigma : above > 0 ? Infinity : 0 };
};

const requireEars = (counts: readonly number[], baseline: number, alpha: number, least: number): void => {
  counts.forEach((count, at) => {
    if (!(Number.isInteger(count) && count >= 0))
      throw new RangeError(`counts[${at}] must be a whole number of 0 or more, not ${count}`);
  });
  if (!(Number.isInteger(baseline) && baseline >= 3)) throw new RangeError(`baseline must be 3 or more, not ${baseline}`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, not ${alpha}`);
  if (!(least >= 0)) throw new RangeError(`leastSigma must not be negative, but is ${least}`);
};

/**
 * Early Aberration Reporting System for short histories (Hutwagner, Thompson, Seeman & Treadwell 2003): C1 compares with the 7
 * points before, C2 leaves 2 in between. C3 is an alarm when the excesses over one sigma of the two points before add up to
 * more than the quantile (as R's surveillance::earsC); it looks at what has already come, so it holds on after a peak.
 *
 * @param counts - whole numbers in time order, one a period; a period without a report is no 0
 */
export const ears = (counts: readonly number[], method: EarsMethod, options: EarsOptions = {}): Ears => {
  const { baseline = 7, alpha = method === 'C3' ? 0.025 : 0.001, leastSigma = 0 } = options;
  requireEars(counts, baseline, alpha, leastSigma);
  const guard = GUARD[method];
  const quantile = normalQuantile(1 - alpha);
  const at = (index: number) => standardise(counts, index, baseline, guard, leastSigma);
  const first = baseline + guard + (method === 'C3' ? LOOK_BACK : 0);
  const points = counts.slice(first).map((observed, offset): EarsPoint => {
    const index = first + offset;
    const { expected, sigma } = at(index);
    if (method !== 'C3') {
      const upper = expected + quantile * sigma;
      return { index, observed, expected, upper, alarm: observed > upper };
    }
    const carried = [1, 2].reduce((sum, lag) => sum + Math.max(0, at(index - lag).excess - 1), 0);
    return { index, observed, expected, alarm: sigma > 0 && carried > quantile };
  });
  return { method, alpha, baseline, points };
};
