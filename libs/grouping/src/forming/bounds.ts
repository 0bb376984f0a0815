/** @param sizes people by group. @returns pairs that share a group */
export const pairsWithin = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);

/**
 * No grouping has less than this sum over groups of squared deviations in a category from its share: whole people cannot be
 * divided. The sum is convex in each group's count, so handing out one person at a time where it helps most is exact.
 */
export const leastDeviation = (inCategory: number, sizes: readonly number[]): number => {
  const people = sizes.reduce((sum, size) => sum + size, 0);
  const share = people === 0 ? 0 : inCategory / people;
  const counts = sizes.map((size) => Math.min(size, Math.floor(size * share)));
  const given = counts.reduce((sum, count) => sum + count, 0);
  // From the rounded-down counts a step up changes a group's cost by 1 - 2 x remainder; the largest remainders gain most.
  const remainders = sizes.map((size, group) => size * share - (counts[group] as number)).sort((a, b) => b - a);
  const up = Math.round(inCategory - given);
  return remainders.reduce((sum, remainder, rank) => sum + (rank < up ? (1 - remainder) ** 2 : remainder ** 2), 0);
};

/**
 * No grouping within these sizes has more than this sum of gains within groups: each person has at most so many partners, and
 * their t-th best partner is worth no more than the t-th largest gain of their row.
 *
 * @param gains people x people, symmetric, diagonal unused
 * @param sizes the final sizes, or the largest allowed when sizes are free (then gains below zero are taken as zero)
 */
export const rowBound = (gains: Float64Array, count: number, sizes: readonly number[], free = false): number => {
  const largest = Math.min(Math.max(0, ...sizes), count);
  const rows = Array.from({ length: count }, (_, row) => gains.slice(row * count, (row + 1) * count).map((gain, column) => (column === row ? -Infinity : gain)).sort().reverse());
  let twice = 0;
  for (let partner = 1; partner < largest; partner += 1) {
    const places = sizes.reduce((sum, size) => sum + (size > partner ? size : 0), 0);
    const best = Float64Array.from(rows, (row) => (row[partner - 1] as number)).sort().reverse();
    for (let rank = 0; rank < Math.min(places, count); rank += 1) {
      const gain = best[rank] as number;
      twice += free ? Math.max(0, gain) : gain;
    }
  }
  return twice / 2;
};
