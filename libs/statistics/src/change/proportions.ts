import { binomialAtLeast, binomialCdf } from '../distributions/binomial.js';
import { requireCount } from '../distributions/arguments.js';
import { normalQuantile } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireLevel } from '../inputs.js';

export type ProportionInterval = {
  readonly estimable: true;
  readonly method: 'wilson' | 'newcombe-independent' | 'newcombe-paired';
  /** A share, or a difference of two shares. */
  readonly estimate: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  /** People. */
  readonly n: number;
};

/** `events` of `total` people. */
export type Share = { readonly events: number; readonly total: number };

const requireShare = (name: string, { events, total }: Share): void => {
  requireCount(`${name}.events`, events);
  requireCount(`${name}.total`, total);
  if (events > total) throw new RangeError(`${name}.events must be at most its total (${total}), not ${events}`);
};

/**
 * A share with Wilson's score interval, which stays within 0 and 1 and is sound for a handful of people, unlike Wald's.
 * Source: Wilson (1927), JASA 22.
 *
 * @returns not estimable, `zero-total`, when there is nobody
 * @throws RangeError unless events and total are whole and events <= total
 */
export const wilsonInterval = (share: Share, level = 0.95): ProportionInterval | NotEstimable => {
  requireLevel(level);
  requireShare('share', share);
  const { events, total: n } = share;
  if (n === 0) return notEstimable('zero-total');
  const z2 = normalQuantile((1 + level) / 2) ** 2;
  const p = events / n;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = Math.sqrt(z2 * ((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return {
    estimable: true,
    method: 'wilson',
    estimate: p,
    intervalLow: events === 0 ? 0 : Math.max(0, middle - half),
    intervalHigh: events === n ? 1 : Math.min(1, middle + half),
    n,
  };
};

/**
 * Difference of two independent shares, treatment minus comparison, from their Wilson intervals.
 * Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10.
 */
export const newcombeInterval = (
  comparison: Share,
  treatment: Share,
  level = 0.95,
): ProportionInterval | NotEstimable => {
  requireShare('comparison', comparison);
  requireShare('treatment', treatment);
  const [one, other] = [wilsonInterval(comparison, level), wilsonInterval(treatment, level)];
  if (!one.estimable || !other.estimable) return notEstimable('arm-missing');
  const estimate = other.estimate - one.estimate;
  return {
    estimable: true,
    method: 'newcombe-independent',
    estimate,
    intervalLow: estimate - Math.hypot(other.estimate - other.intervalLow, one.intervalHigh - one.estimate),
    intervalHigh: estimate + Math.hypot(other.intervalHigh - other.estimate, one.estimate - one.intervalLow),
    n: comparison.total + treatment.total,
  };
};

/** The same people asked twice whether or not: how many said yes both times, only first, only last, never. */
export type PairedAnswers = {
  readonly both: number;
  readonly onlyBefore: number;
  readonly onlyAfter: number;
  readonly neither: number;
};

const requirePairs = (answers: PairedAnswers): void => {
  for (const name of ['both', 'onlyBefore', 'onlyAfter', 'neither'] as const) requireCount(name, answers[name]);
};

/**
 * Change of a share among the same people, after minus before, from the two Wilson intervals and the correlation phi of the
 * answers (with its continuity correction). Source: Newcombe (1998), Statistics in Medicine 17:2635-2650, method 10.
 */
export const newcombePairedInterval = (answers: PairedAnswers, level = 0.95): ProportionInterval | NotEstimable => {
  requirePairs(answers);
  const { both, onlyBefore, onlyAfter, neither } = answers;
  const n = both + onlyBefore + onlyAfter + neither;
  const before = wilsonInterval({ events: both + onlyBefore, total: n }, level);
  const after = wilsonInterval({ events: both + onlyAfter, total: n }, level);
  if (!before.estimable || !after.estimable) return notEstimable('zero-total');
  const phi = phiOf(answers, n);
  const reach = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  const estimate = (onlyAfter - onlyBefore) / n;
  return {
    estimable: true,
    method: 'newcombe-paired',
    estimate,
    intervalLow: estimate - reach(after.estimate - after.intervalLow, before.intervalHigh - before.estimate),
    intervalHigh: estimate + reach(after.intervalHigh - after.estimate, before.estimate - before.intervalLow),
    n,
  };
};

const phiOf = ({ both, onlyBefore, onlyAfter, neither }: PairedAnswers, n: number): number => {
  const margins = (both + onlyBefore) * (onlyAfter + neither) * (both + onlyAfter) * (onlyBefore + neither);
  if (margins === 0) return 0;
  const cross = both * neither - onlyBefore * onlyAfter;
  const corrected = cross > n / 2 ? cross - n / 2 : Math.min(cross, 0);
  return corrected / Math.sqrt(margins);
};

export type McNemar = {
  readonly estimable: true;
  readonly method: 'mcnemar-exact';
  /** Two-sided. */
  readonly pValue: number;
  /** People. */
  readonly n: number;
  /** People whose answer changed: only they say anything. */
  readonly changed: number;
};

/**
 * Whether as many turned to yes as to no, exactly: of those who changed, the number who turned to yes is binomial with
 * chance one half. Source: McNemar (1947), Psychometrika 12.
 *
 * @returns not estimable, `no-variation`, when nobody changed
 */
export const mcnemarExact = (answers: PairedAnswers): McNemar | NotEstimable => {
  requirePairs(answers);
  const changed = answers.onlyBefore + answers.onlyAfter;
  if (changed === 0) return notEstimable('no-variation');
  const [fewer, more] = [answers.onlyBefore, answers.onlyAfter].sort((a, b) => a - b) as [number, number];
  const pValue = Math.min(1, binomialCdf(fewer, changed, 0.5) + binomialAtLeast(more, changed, 0.5));
  return { estimable: true, method: 'mcnemar-exact', pValue, n: answers.both + answers.neither + changed, changed };
};
