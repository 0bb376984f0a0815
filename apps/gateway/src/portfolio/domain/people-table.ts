import { suppress } from './suppression.js';

/** A number of people that may be told, or not. Zero is told: a side that is missing must be seen. */
export type PeopleCount = { readonly value: number | null; readonly withheld: boolean };

export const DEFAULT_THRESHOLD = 5;

export type PeopleTable = {
  readonly cells: readonly (readonly PeopleCount[])[];
  readonly rowTotals: readonly PeopleCount[];
  /** Of each group of rows: its columns, and all of it. */
  readonly groups: readonly { readonly columns: readonly PeopleCount[]; readonly total: PeopleCount }[];
  readonly columnTotals: readonly PeopleCount[];
  readonly total: PeopleCount;
};

const count = (value: number, withheld: boolean | undefined): PeopleCount => (withheld ? { value: null, withheld: true } : { value, withheld: false });

/**
 * A table of people with the totals of its rows, of groups of rows, of its columns and of everything; small numbers,
 * and whatever would give one away, withheld. Rows come first where not every total can be told, then groups.
 *
 * @param cells rows by columns, whole numbers of people; every row as long as the first
 * @param groups the rows of each group, by index; a row belongs to one group at most
 * @param threshold counts of 1 to threshold - 1 are withheld
 */
export const peopleTable = (cells: readonly (readonly number[])[], threshold: number, groups: readonly (readonly number[])[] = []): PeopleTable => {
  const width = cells[0]?.length ?? 0;
  const flat = cells.flat();
  const indexes = (pick: (row: number, column: number) => boolean): number[] => flat.flatMap((_, index) => (pick(Math.floor(index / Math.max(width, 1)), index % Math.max(width, 1)) ? [index] : []));
  const rows = cells.map((_, row) => indexes((at) => at === row));
  const columns = Array.from({ length: width }, (_, column) => indexes((_at, where) => where === column));
  const grouped = groups.flatMap((members) => [...columns.map((_, column) => indexes((at, where) => members.includes(at) && where === column)), indexes((at) => members.includes(at))]);
  const totals = [...rows, ...grouped, ...columns, flat.map((_, index) => index)];
  const withheld = suppress({ cells: flat, totals }, threshold);
  const sums = totals.map((below, index) => count(below.reduce((sum, cell) => sum + (flat[cell] ?? 0), 0), withheld.totals[index]));
  return {
    cells: rows.map((below) => below.map((cell) => count(flat[cell] ?? 0, withheld.cells[cell]))),
    rowTotals: sums.slice(0, rows.length),
    groups: groups.map((_, index) => {
      const first = rows.length + index * (width + 1);
      return { columns: sums.slice(first, first + width), total: sums[first + width] as PeopleCount };
    }),
    columnTotals: sums.slice(rows.length + grouped.length, rows.length + grouped.length + width),
    total: sums.at(-1) ?? count(0, false),
  };
};
