import { requireFinite } from '../inputs.js';

export type EwmaOptions = {
  /** Mean when nothing is wrong, and where the average starts. */
  readonly target: number;
  /** Standard deviation of one value when nothing is wrong. */
  readonly sigma: number;
  /** Weight of the newest value, above 0 to 1; 0.2 when left out. */
  readonly lambda?: number;
  /** Limits in standard deviations of the average; 2.859 (in-control run length 370 at lambda 0.2) when left out. */
  readonly width?: number;
  /**
   * `steady`: the limits of the long run from the start, what run-length tables assume. `exact`: narrower for the first values,
   * so that an early shift is seen sooner, at a run length about one per cent shorter. Steady when left out.
   */
  readonly limits?: 'steady' | 'exact';
};

export type EwmaPoint = {
  readonly index: number;
  readonly average: number;
  readonly lower: number;
  readonly upper: number;
  readonly signal: 'high' | 'low' | 'none';
};

export type EwmaChart = {
  readonly method: 'ewma, steady limits' | 'ewma, exact limits';
  readonly points: readonly EwmaPoint[];
  readonly lambda: number;
  readonly width: number;
  readonly target: number;
  readonly sigma: number;
};

/** @throws RangeError unless lambda is above 0 and at most 1, and the width above 0 */
export const requireEwma = (lambda: number, width: number): void => {
  if (!(lambda > 0 && lambda <= 1)) throw new RangeError(`lambda must be above 0 and at most 1, not ${lambda}`);
  if (!(Number.isFinite(width) && width > 0)) throw new RangeError(`width must be above 0, not ${width}`);
};

/** Standard deviation of the average of unit-variance values after `count` of them; in the long run without `count`. */
export const ewmaSpread = (lambda: number, count = Infinity): number =>
  Math.sqrt((lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * count)));

/**
 * Exponentially weighted moving average (Roberts 1959; Lucas & Saccucci 1990): small lasting shifts are seen sooner than by
 * single points. Target and sigma come from a baseline, e.g. `xmrLimits`.
 *
 * @param values - in time order
 * @throws RangeError naming the option that is out of range
 */
export const ewmaChart = (values: readonly number[], options: EwmaOptions): EwmaChart => {
  const { target, sigma, lambda = 0.2, width = 2.859, limits = 'steady' } = options;
  requireFinite('values', values);
  requireFinite('target', [target]);
  requireEwma(lambda, width);
  if (!(Number.isFinite(sigma) && sigma > 0)) throw new RangeError(`sigma must be above 0, not ${sigma}`);
  let average = target;
  const points = values.map((value, index): EwmaPoint => {
    average = lambda * value + (1 - lambda) * average;
    const margin = width * sigma * (limits === 'steady' ? ewmaSpread(lambda) : ewmaSpread(lambda, index + 1));
    const [lower, upper] = [target - margin, target + margin];
    const signal = average > upper ? 'high' : average < lower ? 'low' : 'none';
    return { index, average, lower, upper, signal };
  });
  return { method: limits === 'steady' ? 'ewma, steady limits' : 'ewma, exact limits', points, lambda, width, target, sigma };
};
