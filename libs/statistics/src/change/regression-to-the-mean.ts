import { studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireSameLength } from '../inputs.js';
import { isNoSpread, meanOf, momentsOf, sizeOf } from '../moments.js';
import { differences } from './paired-t.js';

export type RegressionToTheMean = {
  readonly estimable: true;
  readonly method: 'oldham';
  /** Correlation of change with the mean of both waves: free of the artefact. */
  readonly withMiddle: number;
  /** Two-sided p-value of `withMiddle`, t with n - 2 df; 0 where the correlation is complete. */
  readonly pValue: number;
  readonly df: number;
  /** Correlation of change with the first wave: negative by noise alone, not to be read as "who had least gained most". */
  readonly withBefore: number;
  /** Pairs. */
  readonly n: number;
};

/**
 * Whether those who started low really gained most, or only seem to because a low answer is partly chance. To be printed
 * whenever a low subgroup "gains most" without a comparison group.
 * Source: Oldham (1962), Journal of Chronic Diseases 15.
 *
 * @returns not estimable: `too-few-observations` below three pairs, `zero-variance` where change or middle do not vary
 */
export const regressionToTheMean = (
  before: readonly number[],
  after: readonly number[],
): RegressionToTheMean | NotEstimable => {
  requireSameLength('before', before, 'after', after);
  const change = differences(before, after);
  if (change.length < 3) return notEstimable('too-few-observations');
  const middle = before.map((value, index) => (value + (after[index] ?? 0)) / 2);
  const [withMiddle, withBefore] = [correlation(change, middle), correlation(change, before)];
  if (withMiddle === undefined || withBefore === undefined) return notEstimable('zero-variance');
  const df = change.length - 2;
  const rest = 1 - withMiddle ** 2;
  const pValue = rest > 0 ? studentTTwoSidedP(withMiddle * Math.sqrt(df / rest), df) : 0;
  return { estimable: true, method: 'oldham', withMiddle, pValue, df, withBefore, n: change.length };
};

const correlation = (one: readonly number[], other: readonly number[]): number | undefined => {
  const [a, b] = [momentsOf('before', one), momentsOf('after', other)];
  const size = Math.max(sizeOf(one), sizeOf(other));
  if (isNoSpread(a.sd, size) || isNoSpread(b.sd, size)) return undefined;
  const product = meanOf(one.map((value, index) => (value - a.mean) * ((other[index] ?? 0) - b.mean)));
  const r = (product * a.n) / (a.n - 1) / (a.sd * b.sd);
  return Math.min(1, Math.max(-1, r));
};
