import { expectedValues } from './chance.js';
import { indicesOf, type MixingIndexName, valueOf } from './indices.js';
import { type SideCounts, sideTable } from './side-counts.js';

/** A count as it was, and its mean over the same people dealt at random into groups of the same sizes. */
export type CountAgainstChance = { readonly observed: number; readonly expected: number };

/** What adds up over activities: sums of observed and of expected stay comparable, whatever the sizes of groups. */
export type MixingTally = {
  readonly groups: number;
  readonly crossSidePairs: CountAgainstChance;
  readonly oneSidedGroups: CountAgainstChance;
  readonly loneMemberGroups: CountAgainstChance;
};

/**
 * The counts of {@link mixingOfGroups} alone, exactly and without probabilities, so that many activities can be added up.
 *
 * @returns undefined when nobody could have mixed: fewer than two sides were there, or one group held everybody
 * @throws RangeError naming the count that is not a whole number of people
 */
export const mixingTally = (groups: readonly SideCounts[]): MixingTally | undefined => {
  const table = sideTable(groups);
  if (table.sides.length < 2 || table.rows.length < 2) return undefined;
  const wanted: readonly MixingIndexName[] = ['crossSidePairs', 'oneSidedGroups', 'loneMemberGroups'];
  const indices = indicesOf(table).filter(({ name }) => wanted.includes(name));
  const expected = expectedValues(indices, table);
  if (!expected) return undefined;
  const count = (name: MixingIndexName, scale: number): CountAgainstChance => {
    const at = indices.findIndex((index) => index.name === name);
    const index = indices[at];
    return { observed: index ? Math.round(valueOf(index, table) * scale) : 0, expected: (expected[at] as number) * scale };
  };
  return { groups: table.rows.length, crossSidePairs: count('crossSidePairs', 1), oneSidedGroups: count('oneSidedGroups', table.rows.length), loneMemberGroups: count('loneMemberGroups', table.rows.length) };
};
