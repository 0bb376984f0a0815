import { interval } from '../cluster-robust/linear-contrast.js';
import { notEstimable, type IntervalEstimate, type NotEstimable } from '../estimate.js';
import { requireLevel, requireSameLength } from '../inputs.js';
import { isNoSpread, momentsOf } from '../moments.js';

export type PairedT = Omit<IntervalEstimate, 'clusters'> & {
  readonly method: 'paired-t';
  /** Pairs. */
  readonly n: number;
  /** The estimate over its standard error. */
  readonly statistic: number;
  readonly meanBefore: number;
  readonly meanAfter: number;
};

/**
 * Mean change of the same people, after minus before, by Student's paired t (Student 1908): df n - 1.
 * Units are those of the values.
 *
 * @param before - n values
 * @param after - n values of the same people in the same order
 * @returns not estimable: `too-few-observations` below two pairs, `no-variation` when all change alike
 * @throws RangeError naming a value that is not finite, lists of unequal length or a level out of range
 */
export const pairedT = (
  before: readonly number[],
  after: readonly number[],
  level = 0.95,
): PairedT | NotEstimable => {
  requireLevel(level);
  requireSameLength('before', before, 'after', after);
  const [first, last] = [momentsOf('before', before), momentsOf('after', after)];
  const change = momentsOf('change', differences(before, after));
  if (change.n < 2) return notEstimable('too-few-observations');
  if (isNoSpread(change.sd, Math.max(Math.abs(first.mean), Math.abs(last.mean), first.sd)))
    return notEstimable('no-variation');
  const standardError = change.sd / Math.sqrt(change.n);
  return {
    method: 'paired-t',
    ...interval({ estimate: change.mean, standardError, df: change.n - 1, level }),
    observations: change.n,
    n: change.n,
    statistic: change.mean / standardError,
    meanBefore: first.mean,
    meanAfter: last.mean,
  };
};

/** after[i] - before[i]. */
export const differences = (before: readonly number[], after: readonly number[]): number[] =>
  after.map((value, index) => value - (before[index] ?? Number.NaN));
