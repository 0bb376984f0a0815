import { blauOf, entropyOf } from './diversity.js';
import { sum, type SideTable } from './side-counts.js';

/** Figures about all sides at once. Sources stand at each in {@link indicesOf}. */
export const MIXING_INDICES = ['blau', 'dissimilarity', 'theilH', 'mutualInformation', 'oneSidedGroups', 'loneMemberGroups', 'crossSidePairs'] as const;
/** Figures about one side (`isolation`, `etaSquared`: key `x`) or from one side to another (`interaction`: key `x>y`). */
export const SIDE_INDICES = ['isolation', 'etaSquared', 'interaction'] as const;
export type MixingIndexName = (typeof MIXING_INDICES)[number] | (typeof SIDE_INDICES)[number];

/** Every index is a sum over groups of a term that depends on that group alone, given how many of each side there are in all. */
export type AdditiveIndex = {
  readonly name: MixingIndexName;
  /** The side or `side>side` it is about; '' for all. */
  readonly about: string;
  /** @param row - the group's people by side, at least one */
  readonly term: (row: readonly number[]) => number;
  /** Whether a high value means that sides keep apart. */
  readonly apartIsHigh: boolean;
};

/** Whether a group of three or more holds somebody who is the only one of their side. */
export const hasLoneMember = (row: readonly number[]): boolean => sum(row) > 2 && row.some((count) => count === 1);
/** Whether a group of two or more is of one side only. */
export const isOneSided = (row: readonly number[]): boolean => sum(row) > 1 && row.filter((count) => count > 0).length === 1;
/** Pairs of people of different sides within one group: (t^2 - sum n^2) / 2. */
export const crossPairs = (row: readonly number[]): number => (sum(row) ** 2 - sum(row.map((count) => count * count))) / 2;

const ofAllSides = ({ rows, totals, people }: SideTable): readonly AdditiveIndex[] => {
  const whole = entropyOf(totals);
  const weight = (row: readonly number[]): number => sum(row) / people;
  const shares = totals.map((total) => total / people);
  const mostApart = 2 * people * sum(shares.map((share) => share * (1 - share)));
  const index = (name: MixingIndexName, apartIsHigh: boolean, term: AdditiveIndex['term']): AdditiveIndex => ({ name, about: '', apartIsHigh, term });
  return [
    // Mean over people of their group's Blau index.
    index('blau', false, (row) => weight(row) * blauOf(row)),
    // 0: every group is like the whole; 1: no two sides share a group. Duncan & Duncan 1955; several sides: Morgan 1975.
    index('dissimilarity', true, (row) => sum(row.map((count, side) => Math.abs(count - sum(row) * (shares[side] as number)))) / mostApart),
    // The share of the whole's entropy that lies between groups. Theil & Finizza 1971.
    index('theilH', true, (row) => (weight(row) * (whole - entropyOf(row))) / whole),
    // Of group and side, in nats.
    index('mutualInformation', true, (row) => weight(row) * (whole - entropyOf(row))),
    index('oneSidedGroups', true, (row) => (isOneSided(row) ? 1 / rows.length : 0)),
    index('loneMemberGroups', true, (row) => (hasLoneMember(row) ? 1 / rows.length : 0)),
    index('crossSidePairs', false, crossPairs),
  ];
};

/** Mean share of side `to` in the groups of people of side `from`, themselves included. Lieberson 1981. */
const exposure = ({ totals }: SideTable, from: number, to: number) => (row: readonly number[]): number =>
  ((row[from] as number) / (totals[from] as number)) * ((row[to] as number) / sum(row));

const ofOneSide = (table: SideTable): readonly AdditiveIndex[] =>
  table.sides.flatMap((name, side) => {
    const share = (table.totals[side] as number) / table.people;
    const isolation = exposure(table, side, side);
    const others = table.sides.flatMap((other, to): AdditiveIndex[] => (to === side ? [] : [{ name: 'interaction', about: `${name}>${other}`, apartIsHigh: false, term: exposure(table, side, to) }]));
    return [
      { name: 'isolation', about: name, apartIsHigh: true, term: isolation },
      // (isolation - P) / (1 - P), P the side's share of all people; spread over groups by their people.
      { name: 'etaSquared', about: name, apartIsHigh: true, term: (row) => (isolation(row) - (share * sum(row)) / table.people) / (1 - share) },
      ...others,
    ];
  });

/** All indices of a table that holds at least two sides. */
export const indicesOf = (table: SideTable): readonly AdditiveIndex[] => [...ofAllSides(table), ...ofOneSide(table)];

export const valueOf = (index: AdditiveIndex, { rows }: SideTable): number => sum(rows.map(index.term));
