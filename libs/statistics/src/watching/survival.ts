import { Matrix } from 'ml-matrix';
import { chiSquareUpperTail } from '../distributions/chi-square.js';
import { normalQuantile } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';
import { positiveDefinite } from '../linear/positive-definite.js';

/** Somebody watched until `time`; `event` is true when they left then, false when the watching ended. */
export type Spell = { readonly time: number; readonly event: boolean };

export type SurvivalStep = {
  readonly time: number;
  /** Still there just before. */
  readonly atRisk: number;
  readonly events: number;
  /** Share still there just after. */
  readonly survival: number;
  /** Greenwood. */
  readonly standardError: number;
  /** By the log of the share; undefined once nobody is left. */
  readonly interval?: readonly [number, number];
};

export type SurvivalCurve = {
  readonly estimable: true;
  readonly method: 'kaplan-meier, greenwood';
  /** One step a time at which somebody left. */
  readonly steps: readonly SurvivalStep[];
  /** First time at which half or fewer are left; undefined when more than half stay. */
  readonly median: number | undefined;
  readonly n: number;
  readonly events: number;
  readonly level: number;
};

/** @throws RangeError that names the first time which is negative or not finite */
export const requireSpells = (spells: readonly Spell[]): void => {
  requireFinite(
    'time',
    spells.map((one) => one.time),
  );
  spells.forEach(({ time }, at) => {
    if (time < 0) throw new RangeError(`spells[${at}].time must not be negative, but is ${time}`);
  });
};

/** Distinct times at which somebody left, rising. */
export const eventTimes = (spells: readonly Spell[]): number[] =>
  [...new Set(spells.filter((one) => one.event).map((one) => one.time))].sort((a, b) => a - b);

/** A share this close to one half is one half: products of fractions carry rounding. */
const HALF = 0.5 + 1e-10;

/**
 * How long people stay, with those still there when watching ended (Kaplan & Meier 1958): drop-off of a series.
 *
 * @returns not estimable without anybody (`too-few-observations`) or without anybody who left (`no-events`)
 */
export const survivalCurve = (spells: readonly Spell[], level = 0.95): SurvivalCurve | NotEstimable => {
  requireSpells(spells);
  requireLevel(level);
  if (spells.length === 0) return notEstimable('too-few-observations');
  const times = eventTimes(spells);
  if (times.length === 0) return notEstimable('no-events');
  const z = normalQuantile((1 + level) / 2);
  let [survival, sum] = [1, 0];
  const steps = times.map((time): SurvivalStep => {
    const atRisk = spells.filter((one) => one.time >= time).length;
    const events = spells.filter((one) => one.event && one.time === time).length;
    survival *= 1 - events / atRisk;
    if (events === atRisk) return { time, atRisk, events, survival: 0, standardError: 0 };
    sum += events / (atRisk * (atRisk - events));
    const root = Math.sqrt(sum);
    const interval = [survival * Math.exp(-z * root), Math.min(1, survival * Math.exp(z * root))] as const;
    return { time, atRisk, events, survival, standardError: survival * root, interval };
  });
  return {
    estimable: true,
    method: 'kaplan-meier, greenwood',
    steps,
    median: steps.find((step) => step.survival <= HALF)?.time,
    n: spells.length,
    events: spells.filter((one) => one.event).length,
    level,
  };
};

export type LogRank = {
  readonly estimable: true;
  readonly method: 'log-rank';
  readonly chiSquare: number;
  readonly df: number;
  readonly pValue: number;
  readonly groups: readonly { readonly group: string; readonly n: number; readonly observed: number; readonly expected: number }[];
};

/** Observed minus expected of each group and their covariance, summed over the times at which somebody left. */
const logRankSums = (spells: readonly Spell[], groups: readonly string[], names: readonly string[]) => {
  const expected = names.map(() => 0);
  const observed = names.map(() => 0);
  const covariance = Matrix.zeros(names.length, names.length);
  for (const time of eventTimes(spells)) {
    const risk = names.map((name) => spells.filter((one, at) => groups[at] === name && one.time >= time).length);
    const left = names.map((name) => spells.filter((one, at) => groups[at] === name && one.event && one.time === time).length);
    const [n, d] = [risk.reduce((a, b) => a + b, 0), left.reduce((a, b) => a + b, 0)];
    const scale = n > 1 ? (d * (n - d)) / (n * n * (n - 1)) : 0;
    risk.forEach((r, i) => {
      expected[i] = (expected[i] ?? 0) + (d * r) / n;
      observed[i] = (observed[i] ?? 0) + (left[i] ?? 0);
      risk.forEach((other, j) => {
        const variance = scale * r * ((i === j ? n : 0) - other);
        covariance.set(i, j, covariance.get(i, j) + variance);
      });
    });
  }
  return { expected, observed, covariance };
};

/**
 * Do groups leave at different rates? Log-rank test (Mantel 1966; Peto & Peto 1972).
 *
 * @param groups - one label a spell
 * @returns not estimable with one group (`arm-missing`), nobody who left (`no-events`), or groups that were never there at the
 * same time (`not-identified`)
 */
export const logRankTest = (spells: readonly Spell[], groups: readonly string[]): LogRank | NotEstimable => {
  requireSpells(spells);
  requireSameLength('groups', groups, 'spells', spells);
  const names = [...new Set(groups)];
  if (names.length < 2) return notEstimable('arm-missing');
  if (!spells.some((one) => one.event)) return notEstimable('no-events');
  const { expected, observed, covariance } = logRankSums(spells, groups, names);
  const df = names.length - 1;
  const inverse = positiveDefinite(covariance.subMatrix(0, df - 1, 0, df - 1))?.inverse();
  if (!inverse) return notEstimable('not-identified');
  const apart = Matrix.rowVector(observed.slice(0, df).map((value, at) => value - (expected[at] ?? 0)));
  const statistic = apart.mmul(inverse).dot(apart);
  return {
    estimable: true,
    method: 'log-rank',
    chiSquare: statistic,
    df,
    pValue: chiSquareUpperTail(statistic, df),
    groups: names.map((group, at) => ({
      group,
      n: groups.filter((one) => one === group).length,
      observed: observed[at] ?? 0,
      expected: expected[at] ?? 0,
    })),
  };
};
