import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';

/** Mean moving range of two normal values, in standard deviations (d2). */
export const MOVING_RANGE_OF_TWO = 1.128;
/** Upper limit of a moving range, in mean moving ranges (D4). */
const MOVING_RANGE_LIMIT = 3.267;
/** Limits from fewer points than this move about more than what they are to detect. */
export const FEWEST_POINTS = 8;

export type XmrRule = 'beyond-limits' | 'run' | 'trend' | 'two-of-three';

export type XmrSignal = {
  /** Position in the values, from 0. */
  readonly index: number;
  readonly rules: readonly XmrRule[];
  readonly side: 'high' | 'low';
};

export type XmrOptions = {
  /** Limits come from the first so many values, and hold for all; all values when left out. Freeze it once it is known. */
  readonly baseline?: number;
  /** Points on one side of the mean that make a run, and rising or falling in a row that make a trend; 7 when left out. */
  readonly run?: number;
  /** Leave moving ranges beyond their own limit out of the mean range, once; true when left out. */
  readonly screen?: boolean;
};

export type XmrLimits = {
  readonly centre: number;
  /** Mean moving range over 1.128. */
  readonly sigma: number;
  readonly meanMovingRange: number;
  readonly lower: number;
  readonly upper: number;
  readonly movingRangeUpper: number;
};

export type XmrChart = XmrLimits & {
  readonly estimable: true;
  readonly method: 'xmr';
  readonly signals: readonly XmrSignal[];
  readonly baseline: number;
  readonly n: number;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Limits of an individuals chart: mean -+ 3 mean moving ranges / 1.128. */
export const xmrLimits = (values: readonly number[], screen = true): XmrLimits | NotEstimable => {
  if (values.length < FEWEST_POINTS) return notEstimable('too-few-observations');
  const ranges = values.slice(1).map((value, at) => Math.abs(value - (values[at] ?? 0)));
  const first = mean(ranges);
  const kept = screen ? ranges.filter((range) => range <= MOVING_RANGE_LIMIT * first) : ranges;
  const meanMovingRange = mean(kept);
  const centre = mean(values);
  if (!(meanMovingRange > 1e-12 * Math.max(...values.map(Math.abs)))) return notEstimable('no-variation');
  const sigma = meanMovingRange / MOVING_RANGE_OF_TWO;
  return {
    centre,
    sigma,
    meanMovingRange,
    lower: centre - 3 * sigma,
    upper: centre + 3 * sigma,
    movingRangeUpper: MOVING_RANGE_LIMIT * meanMovingRange,
  };
};

type Sided = { readonly rule: XmrRule; readonly side: 'high' | 'low' };

/** Rules that hold at one point, looking back only: what was known then. */
const rulesAt = (values: readonly number[], at: number, limits: XmrLimits, run: number): Sided[] => {
  const { centre, sigma } = limits;
  const last = (count: number) => (at + 1 >= count ? values.slice(at + 1 - count, at + 1) : undefined);
  const found: Sided[] = [];
  for (const [side, sign] of [['high', 1], ['low', -1]] as const) {
    const out = (value: number) => sign * (value - centre);
    const now = out(values[at] ?? 0);
    if (now > 3 * sigma) found.push({ rule: 'beyond-limits', side });
    if (last(run)?.every((value) => out(value) > 0)) found.push({ rule: 'run', side });
    const rising = last(run)?.every((value, i, list) => i === 0 || sign * (value - (list[i - 1] ?? 0)) > 0);
    if (rising) found.push({ rule: 'trend', side });
    const near = last(3)?.filter((value) => out(value) > 2 * sigma).length ?? 0;
    if (near >= 2 && now > 2 * sigma) found.push({ rule: 'two-of-three', side });
  }
  return found;
};

const signalsOf = (values: readonly number[], limits: XmrLimits, run: number): XmrSignal[] =>
  values.flatMap((_, index) => {
    const found = rulesAt(values, index, limits, run);
    return (['high', 'low'] as const).flatMap((side) => {
      const rules = found.filter((one) => one.side === side).map((one) => one.rule);
      return rules.length > 0 ? [{ index, rules, side }] : [];
    });
  });

/**
 * Individuals chart (XmR; Wheeler 1993) with the four rules of NHS "Making data count": beyond the limits; `run` points on
 * one side of the mean; `run` points rising or falling one after the other; two of three beyond two sigma on one side.
 * For means of pulses, counts that are large, durations; for small counts take `pChart`, `countCusum` or `gChart`.
 *
 * @param values - in time order
 * @returns not estimable with fewer than 8 baseline points (`too-few-observations`) or values that never move (`no-variation`)
 */
export const xmrChart = (values: readonly number[], options: XmrOptions = {}): XmrChart | NotEstimable => {
  const { baseline = values.length, run = 7, screen = true } = options;
  requireFinite('values', values);
  if (!(Number.isInteger(baseline) && baseline >= 0 && baseline <= values.length))
    throw new RangeError(`baseline must be a whole number up to the ${values.length} values, not ${baseline}`);
  if (!(Number.isInteger(run) && run >= 3)) throw new RangeError(`run must be a whole number from 3, not ${run}`);
  const limits = xmrLimits(values.slice(0, baseline), screen);
  if ('estimable' in limits) return limits;
  return {
    estimable: true,
    method: 'xmr',
    ...limits,
    signals: signalsOf(values, limits, run),
    baseline,
    n: values.length,
  };
};
