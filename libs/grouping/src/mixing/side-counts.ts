/**
 * Where knowledge of who was together comes from. The three are different measures and are never added up:
 * - `planned`: groups or seating as they were drawn up
 * - `attended`: groups or seating as they were on the day
 * - `reported`: contact that people themselves told of
 */
export const CONTACT_BASES = ['planned', 'attended', 'reported'] as const;
export type ContactBasis = (typeof CONTACT_BASES)[number];

/** How many people of each side are in one group, e.g. `{ migrant: 2, host: 3 }`. */
export type SideCounts = Readonly<Record<string, number>>;

/** Whole numbers in one row a group and one column a side; sides in order of name. */
export type SideTable = {
  readonly sides: readonly string[];
  /** `rows[group][side]`, aligned with `sides`. */
  readonly rows: readonly (readonly number[])[];
  /** People of each side over all groups. */
  readonly totals: readonly number[];
  /** People in each group; empty groups are left out. */
  readonly sizes: readonly number[];
  readonly people: number;
};

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * The table of groups by sides. Empty groups carry no people and sides without people no one to meet: both are left out.
 * @throws RangeError naming the group and side whose count is not a whole number of people
 */
export const sideTable = (groups: readonly SideCounts[]): SideTable => {
  groups.forEach((group, index) => {
    for (const [side, count] of Object.entries(group))
      if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`groups[${index}].${side} must be a whole number of people, not ${count}`);
  });
  const sides = [...new Set(groups.flatMap((group) => Object.keys(group).filter((side) => (group[side] ?? 0) > 0)))].sort();
  const rows = groups.map((group) => sides.map((side) => group[side] ?? 0)).filter((row) => sum(row) > 0);
  const totals = sides.map((_, side) => sum(rows.map((row) => row[side] as number)));
  const sizes = rows.map(sum);
  return { sides, rows, totals, sizes, people: sum(sizes) };
};

/**
 * Counts sides in groups of people.
 * @param groups - codes of the people in each group
 * @param sideOf - the side of every person, by code
 * @throws RangeError naming a person whose side is not known, or who is in two groups
 */
export const countSides = (groups: readonly (readonly string[])[], sideOf: ReadonlyMap<string, string>): readonly SideCounts[] => {
  const placed = new Set<string>();
  return groups.map((group) => {
    const counts: Record<string, number> = {};
    for (const person of group) {
      const side = sideOf.get(person);
      if (side === undefined) throw new RangeError(`${person} is in a group but has no side: give one in sideOf`);
      if (placed.has(person)) throw new RangeError(`${person} is in two groups of the same activity`);
      placed.add(person);
      counts[side] = (counts[side] ?? 0) + 1;
    }
    return counts;
  });
};
