import { suppress } from './suppression.js';

/** A number of people that may be told, or not. Zero is told: a side that is missing must be seen. */
export type PeopleCount = { readonly value: number | null; readonly withheld: boolean };

export const DEFAULT_THRESHOLD = 5;

export type PeopleTable = {
  readonly cells: readonly (readonly PeopleCount[])[];
  readonly rowTotals: readonly PeopleCount[];
  readonly columnTotals: readonly PeopleCount[];
  readonly total: PeopleCount;
};

const count = (value: number, withheld: boolean | undefined): PeopleCount => (withheld ? { value: null, withheld: true } : { value, withheld: false });

/**
 * A table of people with the totals of its rows, of its columns and of everything; small numbers, and whatever
 * would give one away, withheld. Rows come first where not every total can be told.
 *
 * @param cells rows by columns, whole numbers of people; every row as long as the first
 * @param threshold counts of 1 to threshold - 1 are withheld
 */
export const peopleTable = (cells: readonly (readonly number[])[], threshold: number): PeopleTable => {
  const width = cells[0]?.length ?? 0;
  const flat = cells.flat();
  const indexes = (pick: (row: number, column: number) => boolean): number[] => flat.flatMap((_, index) => (pick(Math.floor(index / Math.max(width, 1)), index % Math.max(width, 1)) ? [index] : []));
  const rows = cells.map((_, row) => indexes((at) => at === row));
  const columns = Array.from({ length: width }, (_, column) => indexes((_at, where) => where === column));
  const totals = [...rows, ...columns, flat.map((_, index) => index)];
  const withheld = suppress({ cells: flat, totals }, threshold);
  const sums = totals.map((below, index) => count(below.reduce((sum, cell) => sum + (flat[cell] ?? 0), 0), withheld.totals[index]));
  return {
    cells: rows.map((below) => below.map((cell) => count(flat[cell] ?? 0, withheld.cells[cell]))),
    rowTotals: sums.slice(0, rows.length),
    columnTotals: sums.slice(rows.length, rows.length + width),
    total: sums.at(-1) ?? count(0, false),
  };
};
