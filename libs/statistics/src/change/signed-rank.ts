import { normalCdf } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { midRanks } from '../ranks.js';

/**
 * What becomes of people who did not change. `drop`: they are left out and n shrinks (Wilcoxon 1945, R's wilcox.test);
 * `pratt`: they take part in the ranking, then their ranks are left out, so n tells how many moved (Pratt 1959).
 */
export type ZeroPolicy = 'drop' | 'pratt';

export type SignedRankOptions = {
  readonly zeros: ZeroPolicy;
  /** Half a rank towards the middle in the normal approximation; true unless said. */
  readonly continuity?: boolean;
};

export type SignedRank = {
  readonly estimable: true;
  readonly method: 'signed-rank';
  /** `exact` when nobody ties or stayed and at most 50 changed; else normal with the variance corrected for ties. */
  readonly distribution: 'exact' | 'normal';
  readonly zeros: ZeroPolicy;
  /** Sum of the ranks of those whose value rose (R's V). */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  /** People with a change other than zero. */
  readonly n: number;
  /** People without. */
  readonly unchanged: number;
  /** (ranks up - ranks down) / all ranks counted, -1 to 1 (Kerby 2014). */
  readonly rankBiserial: number;
};

const EXACT_UP_TO = 50;

/**
 * Wilcoxon's signed-rank test of changes: a sensitivity beside the mean change, not a second primary result.
 * Exact by counting subsets of ranks where feasible. Sources: Wilcoxon (1945), Biometrics Bulletin 1; Pratt (1959), JASA 54.
 *
 * @param changes - after minus before, one a person
 * @returns not estimable: `all-missing` for an empty list, `no-variation` when nobody changed
 * @throws RangeError naming a change that is not finite
 */
export const signedRank = (
  changes: readonly number[],
  { zeros, continuity = true }: SignedRankOptions,
): SignedRank | NotEstimable => {
  requireFinite('changes', changes);
  if (changes.length === 0) return notEstimable('all-missing');
  const moved = changes.filter((change) => change !== 0);
  if (moved.length === 0) return notEstimable('no-variation');
  const ranked = zeros === 'drop' ? moved : changes;
  const { ranks, ties } = midRanks(ranked.map(Math.abs));
  const counted = ranked.flatMap((change, index) => (change === 0 ? [] : [{ change, rank: ranks[index] ?? 0 }]));
  const total = counted.reduce((sum, { rank }) => sum + rank, 0);
  const statistic = counted.reduce((sum, { change, rank }) => sum + (change > 0 ? rank : 0), 0);
  const unchanged = changes.length - moved.length;
  const exact = ties.length === 0 && unchanged === 0 && moved.length <= EXACT_UP_TO;
  return {
    estimable: true,
    method: 'signed-rank',
    distribution: exact ? 'exact' : 'normal',
    zeros,
    statistic,
    pValue: exact ? exactP(statistic, moved.length) : normalP(statistic, counted, continuity),
    n: moved.length,
    unchanged,
    rankBiserial: (2 * statistic - total) / total,
  };
};

/** Each of the n ranks is up or down with chance one half: counts of subsets of 1..n by their sum. */
const exactP = (statistic: number, n: number): number => {
  const most = (n * (n + 1)) / 2;
  const chance = new Float64Array(most + 1);
  chance[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum--)
      chance[sum] = ((chance[sum] ?? 0) + (sum >= rank ? (chance[sum - rank] ?? 0) : 0)) / 2;
  const tail = Math.min(statistic, most - statistic);
  return Math.min(1, 2 * chance.slice(0, tail + 1).reduce((sum, value) => sum + value, 0));
};

/** Variance sum of squared ranks / 4, which is n(n+1)(2n+1)/24 less the correction for ties, and Pratt's where zeros ranked. */
const normalP = (statistic: number, counted: readonly { rank: number }[], continuity: boolean): number => {
  const total = counted.reduce((sum, { rank }) => sum + rank, 0);
  const variance = counted.reduce((sum, { rank }) => sum + rank * rank, 0) / 4;
  const distance = Math.max(0, Math.abs(statistic - total / 2) - (continuity ? 0.5 : 0));
  return Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
};
