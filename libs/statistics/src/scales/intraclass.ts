import { fQuantile } from '../distributions/f.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';

export type OneWayIcc = {
  readonly estimable: true;
  readonly method: 'one-way anova, searle interval';
  /** Can be below 0: keep it, show 0. */
  readonly icc: number;
  readonly shown: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly f: number;
  readonly df: readonly [number, number];
  readonly betweenMeanSquare: number;
  readonly withinMeanSquare: number;
  /** Average group size for unequal groups. */
  readonly groupSize: number;
  readonly observations: number;
  readonly groups: number;
  readonly level: number;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = (values: readonly number[], centre: number): number =>
  values.reduce((sum, value) => sum + (value - centre) ** 2, 0);

/**
 * Intraclass correlation of groups from one-way analysis of variance, (MSB - MSW) / (MSB + (k0 - 1) MSW), with Searle's F
 * interval, exact for equal groups (Searle 1971; Donner 1986 for k0).
 *
 * @param values - n values
 * @param groups - n labels
 * @returns not estimable with one group (`too-few-clusters`), no group of two (`too-few-observations`) or equal values
 * throughout (`no-variation`)
 */
export const oneWayIcc = (
  values: readonly number[],
  groups: readonly string[],
  level = 0.95,
): OneWayIcc | NotEstimable => {
  requireFinite('values', values);
  requireSameLength('groups', groups, 'values', values);
  requireLevel(level);
  const byGroup = new Map<string, number[]>();
  values.forEach((value, at) => {
    const group = groups[at] ?? '';
    byGroup.set(group, [...(byGroup.get(group) ?? []), value]);
  });
  const all = [...byGroup.values()];
  const [n, j] = [values.length, all.length];
  if (j < 2) return notEstimable('too-few-clusters');
  if (n === j) return notEstimable('too-few-observations');
  const centre = mean(values);
  const between = all.reduce((sum, group) => sum + group.length * (mean(group) - centre) ** 2, 0) / (j - 1);
  const within = all.reduce((sum, group) => sum + squares(group, mean(group)), 0) / (n - j);
  const nothing = 1e-24 * Math.max(...values.map((value) => value ** 2));
  if (!(within > nothing)) return notEstimable('no-variation');
  const size = (n - all.reduce((sum, group) => sum + group.length ** 2, 0) / n) / (j - 1);
  const f = between / within;
  const share = (ratio: number): number => (ratio - 1) / (ratio + size - 1);
  const df = [j - 1, n - j] as const;
  const upper = (1 + level) / 2;
  return {
    estimable: true,
    method: 'one-way anova, searle interval',
    icc: share(f),
    shown: Math.max(0, share(f)),
    intervalLow: share(f / fQuantile(upper, df[0], df[1])),
    intervalHigh: share(f * fQuantile(upper, df[1], df[0])),
    f,
    df,
    betweenMeanSquare: between,
    withinMeanSquare: within,
    groupSize: size,
    observations: n,
    groups: j,
    level,
  };
};
