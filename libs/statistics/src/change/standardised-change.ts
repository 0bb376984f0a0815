import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireLevel, requireSameLength } from '../inputs.js';
import { isNoSpread, momentsOf } from '../moments.js';
import { asymptoticEffect, exactEffect, hedgesCorrection, type StandardisedEffect } from '../standardised.js';
import { differences } from './paired-t.js';

export type ChangeMeasure =
  | 'd-z'
  | 'd-av-rms'
  | 'd-av-mean'
  | 'd-rm'
  | 'glass-before'
  | 'smcr'
  | 'smcc'
  | 'g-av';

/** What the standardised change of one group rests on. */
export type ChangeSummary = {
  /** Pairs. */
  readonly n: number;
  /** Mean of after minus before. */
  readonly meanChange: number;
  readonly sdBefore: number;
  readonly sdAfter: number;
  readonly sdChange: number;
  /** Correlation of before and after, -1 to 1. */
  readonly correlation: number;
};

/**
 * A mean change of the same people in standard deviations. For a headline take `smcr` or `d-av-rms`, which compare with
 * effects between groups; `d-z` grows with the correlation of the waves and is for power alone.
 *
 * `d-z` and `smcc` come with the exact noncentral-t interval, `d-rm` with d-z's scaled (correlation taken as known), the others with
 * the asymptotic one. Variances: 1/n + d^2/2n for `d-z`, `smcc`; 2(1-r)/n + d^2/2n for `glass-before`, `smcr`, `d-rm` (Becker 1988);
 * `d-av-*` by the delta method with dependent SDs (Bonett 2008, Psychological Methods 13).
 *
 * @returns not estimable: `too-few-observations` below three pairs, `zero-variance` where the SD divided by is zero
 * @throws RangeError naming a value that is not finite, or lists of unequal length
 */
export const standardisedChange = (
  before: readonly number[],
  after: readonly number[],
  measure: ChangeMeasure,
  level = 0.95,
): StandardisedEffect | NotEstimable => {
  const summary = summariseChange(before, after);
  if (summary.n < 3) return notEstimable('too-few-observations');
  return standardisedChangeOf(summary, measure, level);
};

/** @throws RangeError naming a value that is not finite, or lists of unequal length */
export const summariseChange = (before: readonly number[], after: readonly number[]): ChangeSummary => {
  requireSameLength('before', before, 'after', after);
  const [first, last] = [momentsOf('before', before), momentsOf('after', after)];
  const change = momentsOf('change', differences(before, after));
  const product = before.reduce(
    (sum, value, index) => sum + (value - first.mean) * ((after[index] ?? 0) - last.mean),
    0,
  );
  const spread = first.sd * last.sd * (first.n - 1);
  const noSpread = isNoSpread(first.sd, first.mean) || isNoSpread(last.sd, last.mean);
  return {
    n: change.n,
    meanChange: change.mean,
    sdBefore: isNoSpread(first.sd, first.mean) ? 0 : first.sd,
    sdAfter: isNoSpread(last.sd, last.mean) ? 0 : last.sd,
    sdChange: isNoSpread(change.sd, Math.abs(first.mean) + Math.abs(last.mean)) ? 0 : change.sd,
    correlation: noSpread ? 0 : Math.min(1, Math.max(-1, product / spread)),
  };
};

/** The same from published means and SDs. */
export const standardisedChangeOf = (
  summary: ChangeSummary,
  measure: ChangeMeasure,
  level = 0.95,
): StandardisedEffect | NotEstimable => {
  requireLevel(level);
  if (summary.n < 3) return notEstimable('too-few-observations');
  const { n, meanChange, sdChange, correlation: r } = summary;
  const divisor = divisorOf(summary, measure);
  if (!(divisor > 0)) return notEstimable('zero-variance');
  const df = n - 1;
  const factor = measure === 'smcr' || measure === 'smcc' || measure === 'g-av' ? hedgesCorrection(df) : 1;
  const estimate = (factor * meanChange) / divisor;
  const parts = { measure, estimate, variance: varianceOf(summary, measure, estimate, divisor), df, n };
  if (measure !== 'd-z' && measure !== 'smcc' && measure !== 'd-rm') return asymptoticEffect(parts, level);
  const scale = measure === 'd-rm' ? Math.sqrt(2 * (1 - r)) : 1;
  return exactEffect(parts, {
    statistic: (meanChange / sdChange) * Math.sqrt(n),
    unit: (factor * scale) / Math.sqrt(n),
    level,
  });
};

const divisorOf = (
  { sdBefore, sdAfter, sdChange, correlation }: ChangeSummary,
  measure: ChangeMeasure,
): number => {
  switch (measure) {
    case 'd-z':
    case 'smcc':
      return sdChange;
    case 'd-rm':
      return correlation < 1 ? sdChange / Math.sqrt(2 * (1 - correlation)) : 0;
    case 'd-av-rms':
    case 'g-av':
      return Math.sqrt((sdBefore ** 2 + sdAfter ** 2) / 2);
    case 'd-av-mean':
      return (sdBefore + sdAfter) / 2;
    case 'glass-before':
    case 'smcr':
      return sdBefore;
  }
};

const varianceOf = (summary: ChangeSummary, measure: ChangeMeasure, d: number, divisor: number): number => {
  const { n, sdBefore: s1, sdAfter: s2, sdChange, correlation: r } = summary;
  switch (measure) {
    case 'd-z':
    case 'smcc':
      return 1 / n + (d * d) / (2 * n);
    case 'd-rm':
    case 'glass-before':
    case 'smcr':
      return (2 * (1 - r)) / n + (d * d) / (2 * n);
    case 'd-av-rms':
    case 'g-av': {
      const [q1, q2] = [(s1 / divisor) ** 2, (s2 / divisor) ** 2];
      return ((d * d * (q1 * q1 + q2 * q2 + 2 * r * r * q1 * q2)) / 8 + (sdChange / divisor) ** 2) / (n - 1);
    }
    case 'd-av-mean': {
      const spread = (s1 * s1 + s2 * s2 + 2 * r * r * s1 * s2) / (8 * divisor * divisor);
      return (d * d * spread + (sdChange / divisor) ** 2) / (n - 1);
    }
  }
};
