import { fQuantile } from '../distributions/f.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';

/**
 * Shrout & Fleiss's names: 1 raters differ from target to target, 2 the same raters drawn from many, 3 these raters only;
 * then 1 for a single rating and k for the mean of all k.
 */
export const RATER_FORMS = ['ICC(1,1)', 'ICC(2,1)', 'ICC(3,1)', 'ICC(1,k)', 'ICC(2,k)', 'ICC(3,k)'] as const;
export type RaterForm = (typeof RATER_FORMS)[number];

export type RaterIcc = {
  readonly form: RaterForm;
  /** Can be below 0: keep it, show 0. */
  readonly icc: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly f: number;
  readonly df: readonly [number, number];
};

export type RaterAgreement = {
  readonly estimable: true;
  readonly method: 'shrout-fleiss';
  readonly forms: readonly RaterIcc[];
  readonly targets: number;
  readonly raters: number;
  readonly level: number;
};

type MeanSquares = {
  readonly n: number;
  readonly k: number;
  readonly targets: number;
  readonly raters: number;
  readonly within: number;
  readonly error: number;
};

const meanSquares = (ratings: readonly (readonly number[])[]): MeanSquares => {
  const [n, k] = [ratings.length, ratings[0]?.length ?? 0];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const grand = mean(ratings.flat());
  const around = (values: readonly number[], centre: number) =>
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const targets = k * around(ratings.map(mean), grand);
  const byRater = Array.from({ length: k }, (_, j) => mean(ratings.map((row) => row[j] ?? 0)));
  const raters = n * around(byRater, grand);
  const within = ratings.reduce((sum, row) => sum + around(row, mean(row)), 0);
  return {
    n,
    k,
    targets: targets / (n - 1),
    raters: raters / (k - 1),
    within: within / (n * (k - 1)),
    error: (within - raters) / ((n - 1) * (k - 1)),
  };
};

/** A single rating's coefficient turned into that of the mean of k (Spearman-Brown). */
const stepped = (icc: number, k: number): number => (k * icc) / (1 + (k - 1) * icc);

type Single = Omit<RaterIcc, 'form'>;

const fromRatio = (f: number, k: number, df: readonly [number, number], level: number): Single => {
  const share = (ratio: number): number => (ratio - 1) / (ratio + k - 1);
  const upper = (1 + level) / 2;
  return {
    icc: share(f),
    intervalLow: share(f / fQuantile(upper, df[0], df[1])),
    intervalHigh: share(f * fQuantile(upper, df[1], df[0])),
    f,
    df,
  };
};

/** Two-way random: interval with Satterthwaite df, Shrout & Fleiss (1979), p. 424; McGraw & Wong (1996), Table 7. */
const twoWayRandom = (ms: MeanSquares, level: number): Single => {
  const { n, k, targets, raters, error } = ms;
  const icc = (targets - error) / (targets + (k - 1) * error + (k * (raters - error)) / n);
  const ratio = raters / error;
  const top = (k - 1) * (n - 1) * (k * icc * ratio + n * (1 + (k - 1) * icc) - k * icc) ** 2;
  const bottom = (n - 1) * k ** 2 * icc ** 2 * ratio ** 2 + (n * (1 + (k - 1) * icc) - k * icc) ** 2;
  const v = top / bottom;
  const upper = (1 + level) / 2;
  const [low, high] = [fQuantile(upper, n - 1, v), fQuantile(upper, v, n - 1)];
  const rest = k * raters + (k * n - k - n) * error;
  return {
    icc,
    intervalLow: (n * (targets - low * error)) / (low * rest + n * targets),
    intervalHigh: (n * (high * targets - error)) / (rest + n * high * targets),
    f: targets / error,
    df: [n - 1, (n - 1) * (k - 1)],
  };
};

/**
 * Agreement of raters who each rated every target, in Shrout & Fleiss's (1979) six forms with intervals.
 *
 * @param ratings - one row a target, one column a rater, no gaps
 * @returns not estimable with fewer than two targets or raters (`too-few-observations`), or when ratings never differ or raters
 * differ by a constant only (`no-variation`)
 */
export const raterAgreement = (
  ratings: readonly (readonly number[])[],
  level = 0.95,
): RaterAgreement | NotEstimable => {
  requireLevel(level);
  const first = ratings[0] ?? [];
  ratings.forEach((row, target) => {
    requireSameLength(`ratings[${target}]`, row, 'ratings[0]', first);
    requireFinite(`ratings[${target}]`, row);
  });
  if (ratings.length < 2 || first.length < 2) return notEstimable('too-few-observations');
  const ms = meanSquares(ratings);
  const { n, k } = ms;
  if (!(ms.error > 1e-20 * Math.max(ms.within, ms.targets)) || !(ms.targets > 0)) return notEstimable('no-variation');
  const one = fromRatio(ms.targets / ms.within, k, [n - 1, n * (k - 1)], level);
  const two = twoWayRandom(ms, level);
  const three = fromRatio(ms.targets / ms.error, k, [n - 1, (n - 1) * (k - 1)], level);
  const ofMean = (single: Single): Single => ({
    ...single,
    icc: stepped(single.icc, k),
    intervalLow: stepped(single.intervalLow, k),
    intervalHigh: stepped(single.intervalHigh, k),
  });
  const values = [one, two, three, ofMean(one), ofMean(two), ofMean(three)];
  return {
    estimable: true,
    method: 'shrout-fleiss',
    forms: RATER_FORMS.flatMap((form, at) => {
      const single = values[at];
      return single ? [{ form, ...single }] : [];
    }),
    targets: n,
    raters: k,
    level,
  };
};
