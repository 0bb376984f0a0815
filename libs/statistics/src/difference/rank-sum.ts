import { normalCdf } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { midRanks } from '../ranks.js';

export type RankSum = {
  readonly estimable: true;
  readonly method: 'rank-sum';
  /** `exact` without ties and below 50 in each group; else normal with the variance corrected for ties. */
  readonly distribution: 'exact' | 'normal';
  /** Pairs in which the treated value is the larger, ties counting half (Mann and Whitney's U, R's W). */
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
  readonly nComparison: number;
  readonly nTreatment: number;
  /** Chance that a treated person's value is the larger, ties counting half. */
  readonly probabilityOfSuperiority: number;
  /** 2 x that chance - 1, from -1 to 1. */
  readonly rankBiserial: number;
};

const EXACT_BELOW = 50;

/**
 * Wilcoxon's rank-sum test of two independent groups (Mann and Whitney 1947, Annals of Mathematical Statistics 18), a
 * sensitivity beside the difference of means. Ties share mid-ranks and shrink the variance; exact by counting otherwise.
 *
 * @returns not estimable: `arm-missing`, or `no-variation` when all values are equal
 * @throws RangeError naming a value that is not finite
 */
export const rankSum = (
  comparison: readonly number[],
  treatment: readonly number[],
  { continuity = true }: { readonly continuity?: boolean } = {},
): RankSum | NotEstimable => {
  requireFinite('comparison', comparison);
  requireFinite('treatment', treatment);
  const [m, n] = [comparison.length, treatment.length];
  if (m === 0 || n === 0) return notEstimable('arm-missing');
  const { ranks, ties } = midRanks([...treatment, ...comparison]);
  if (ties[0] === m + n) return notEstimable('no-variation');
  const statistic = ranks.slice(0, n).reduce((sum, rank) => sum + rank, 0) - (n * (n + 1)) / 2;
  const exact = ties.length === 0 && m < EXACT_BELOW && n < EXACT_BELOW;
  return {
    estimable: true,
    method: 'rank-sum',
    distribution: exact ? 'exact' : 'normal',
    statistic,
    pValue: exact ? exactP(statistic, m, n) : normalP(statistic, m, n, ties, continuity),
    nComparison: m,
    nTreatment: n,
    probabilityOfSuperiority: statistic / (m * n),
    rankBiserial: (2 * statistic) / (m * n) - 1,
  };
};

/** Coefficients of the Gaussian binomial (m + n choose n): how many orders give each U. */
const exactP = (statistic: number, m: number, n: number): number => {
  const counts = new Float64Array(m * n + 1);
  counts[0] = 1;
  for (let i = 1; i <= n; i++) {
    for (let u = counts.length - 1; u >= m + i; u--) counts[u] = (counts[u] ?? 0) - (counts[u - m - i] ?? 0);
    for (let u = i; u < counts.length; u++) counts[u] = (counts[u] ?? 0) + (counts[u - i] ?? 0);
  }
  const tail = Math.min(statistic, m * n - statistic);
  const sum = (to: number): number => counts.slice(0, to + 1).reduce((total, count) => total + count, 0);
  return Math.min(1, (2 * sum(tail)) / sum(m * n));
};

const normalP = (
  statistic: number,
  m: number,
  n: number,
  ties: readonly number[],
  continuity: boolean,
): number => {
  const total = m + n;
  const tied = ties.reduce((sum, size) => sum + (size ** 3 - size), 0) / (total * (total - 1));
  const variance = ((m * n) / 12) * (total + 1 - tied);
  const distance = Math.max(0, Math.abs(statistic - (m * n) / 2) - (continuity ? 0.5 : 0));
  return Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
};
