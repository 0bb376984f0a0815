import { requireFinite, requireSameLength } from '../inputs.js';

export type CusumOptions = {
  readonly target: number;
  readonly sigma: number;
  /** Half the shift to be found, in sigma; 0.5 when left out. */
  readonly k?: number;
  /** Decision interval in sigma; 4.7738 (two-sided in-control run length 370 at k 0.5) when left out. */
  readonly h?: number;
  /** Where both sums start, in sigma; h / 2 finds a process that starts out of control sooner. 0 when left out. */
  readonly headStart?: number;
};

export type CusumPoint = {
  readonly index: number;
  readonly high: number;
  readonly low: number;
  /** A sum above h; both sums run on. */
  readonly signal: 'high' | 'low' | 'none';
};

export type CusumChart = {
  readonly method: 'cusum, normal, two-sided';
  readonly points: readonly CusumPoint[];
  readonly k: number;
  readonly h: number;
  readonly target: number;
  readonly sigma: number;
};

const requireAbove = (name: string, value: number, least = 0): void => {
  if (!(Number.isFinite(value) && value > least)) throw new RangeError(`${name} must be above ${least}, not ${value}`);
};

/**
 * Two-sided cumulative sum of normal values (Page 1954; Hawkins & Olwell 1998): quickest for a lasting shift of 2k sigma.
 *
 * @param values - in time order
 */
export const cusumChart = (values: readonly number[], options: CusumOptions): CusumChart => {
  const { target, sigma, k = 0.5, h = 4.7738, headStart = 0 } = options;
  requireFinite('values', values);
  requireFinite('target', [target]);
  requireAbove('sigma', sigma);
  requireAbove('h', h);
  if (!(k >= 0)) throw new RangeError(`k must not be negative, but is ${k}`);
  if (!(headStart >= 0 && headStart < h)) throw new RangeError(`headStart must be from 0 to below h, not ${headStart}`);
  let [high, low] = [headStart, headStart];
  const points = values.map((value, index): CusumPoint => {
    const z = (value - target) / sigma;
    high = Math.max(0, high + z - k);
    low = Math.max(0, low - z - k);
    return { index, high, low, signal: high > h ? 'high' : low > h ? 'low' : 'none' };
  });
  return { method: 'cusum, normal, two-sided', points, k, h, target, sigma };
};

/**
 * Reference value of a Poisson CUSUM tuned to a change of the mean from `expected` to `feared` (Lucas 1985):
 * (m1 - m0) / (ln m1 - ln m0). Below both when falling, between them always.
 */
export const poissonReference = (expected: number, feared: number): number => {
  requireAbove('expected', expected);
  requireAbove('feared', feared);
  if (expected === feared) throw new RangeError('expected and feared must differ');
  return (feared - expected) / Math.log(feared / expected);
};

/** Reference value of a Bernoulli CUSUM a trial, tuned to a change of the share (Reynolds & Stoumbos 1999). */
export const bernoulliReference = (expected: number, feared: number): number => {
  for (const [name, value] of Object.entries({ expected, feared }))
    if (!(value > 0 && value < 1)) throw new RangeError(`${name} must be between 0 and 1, not ${value}`);
  if (expected === feared) throw new RangeError('expected and feared must differ');
  const odds = (feared * (1 - expected)) / (expected * (1 - feared));
  return -Math.log((1 - feared) / (1 - expected)) / Math.log(odds);
};

export type CountCusumOptions = {
  /** Reference value for one unit of exposure: `poissonReference` or `bernoulliReference`. */
  readonly k: number;
  /** Signal when the sum reaches h or more. */
  readonly h: number;
  /** Exposure of each count: participant-sessions, trials; 1 each when left out. */
  readonly exposures?: readonly number[];
  /** `rising` when left out; a fall in complaints can mean fear or a broken channel. */
  readonly direction?: 'rising' | 'falling';
  /** What happens after a signal: the sum runs on (when left out) or starts again at 0. */
  readonly afterSignal?: 'continue' | 'restart';
};

export type CountCusumPoint = { readonly index: number; readonly sum: number; readonly signal: boolean };

export type CountCusum = {
  readonly method: 'cusum, counts, rising' | 'cusum, counts, falling';
  readonly points: readonly CountCusumPoint[];
  readonly k: number;
  readonly h: number;
};

/**
 * One-sided cumulative sum of counts: Poisson counts by exposure, or events of a number of yes/no trials (exposure the number of
 * trials; one by one it is the Bernoulli CUSUM). S = max(0, S + count - k exposure), signal at S >= h.
 *
 * @param counts - whole numbers of 0 or more, in time order; a time without a report is no 0: leave it out
 */
export const countCusum = (counts: readonly number[], options: CountCusumOptions): CountCusum => {
  const { k, h, exposures, direction = 'rising', afterSignal = 'continue' } = options;
  counts.forEach((count, at) => {
    if (!(Number.isInteger(count) && count >= 0))
      throw new RangeError(`counts[${at}] must be a whole number of 0 or more, not ${count}`);
  });
  requireAbove('k', k);
  requireAbove('h', h);
  if (exposures) {
    requireSameLength('exposures', exposures, 'counts', counts);
    exposures.forEach((exposure, at) => requireAbove(`exposures[${at}]`, exposure));
  }
  const sign = direction === 'rising' ? 1 : -1;
  let sum = 0;
  const points = counts.map((count, index): CountCusumPoint => {
    sum = Math.max(0, sum + sign * (count - k * (exposures?.[index] ?? 1)));
    const point = { index, sum, signal: sum >= h };
    if (point.signal && afterSignal === 'restart') sum = 0;
    return point;
  });
  return { method: `cusum, counts, ${direction}`, points, k, h };
};
