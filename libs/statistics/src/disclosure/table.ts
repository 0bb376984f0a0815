/** A sum that everybody knows to hold: one entry is the total of others. */
export type KnownSum = { readonly total: number; readonly parts: readonly number[] };

/**
 * Counts of people, and how they hang together. Entries are cells and totals alike, known by their index. Two releases of one
 * table are one table too: what is new is what was there before and the difference.
 */
export type CountTable = {
  /** Whole numbers of at least 0. */
  readonly values: readonly number[];
  readonly sums: readonly KnownSum[];
};

/** @throws RangeError naming the entry or the sum that is wrong */
export const requireTable = ({ values, sums }: CountTable): void => {
  values.forEach((value, index) => {
    if (!(Number.isSafeInteger(value) && value >= 0)) throw new RangeError(`values[${index}] must be a whole number of at least 0, not ${value}`);
  });
  sums.forEach(({ total, parts }, index) => {
    for (const entry of [total, ...parts])
      if (values[entry] === undefined) throw new RangeError(`sums[${index}] names entry ${entry}, but there are ${values.length} values`);
    const added = parts.reduce((sum, entry) => sum + (values[entry] as number), 0);
    if (added !== values[total]) throw new RangeError(`sums[${index}] does not hold: its parts add up to ${added}, its total is ${values[total]}`);
  });
};

/** @throws RangeError unless the threshold is a whole number of at least 2 */
export const requireThreshold = (threshold: number): void => {
  if (!(Number.isInteger(threshold) && threshold >= 2)) throw new RangeError(`threshold must be a whole number of at least 2, not ${threshold}`);
};

export type CrossTable = CountTable & {
  readonly rows: number;
  readonly columns: number;
  /** Index of a cell; with `rows` as row or `columns` as column, of a total. */
  readonly at: (row: number, column: number) => number;
};

/**
 * A table of rows by columns with the totals of its rows, of its columns, and of everything.
 *
 * @param cells - rows of equal length, at least one of each
 * @throws RangeError naming the row that is shorter or longer
 */
export const crossTable = (cells: readonly (readonly number[])[]): CrossTable => {
  const rows = cells.length;
  const columns = cells[0]?.length ?? 0;
  if (rows === 0 || columns === 0) throw new RangeError('cells must have a row and a column at least');
  cells.forEach((row, index) => {
    if (row.length !== columns) throw new RangeError(`cells[${index}] has ${row.length} columns, the first row ${columns}`);
  });
  const at = (row: number, column: number): number => row * (columns + 1) + column;
  const across = Array.from({ length: columns }, (_, column) => column);
  const down = Array.from({ length: rows }, (_, row) => row);
  const withTotals = [...cells, across.map((column) => cells.reduce((sum, row) => sum + (row[column] as number), 0))].map((row) => [...row, row.reduce((sum, value) => sum + value, 0)]);
  const table: CountTable = {
    values: withTotals.flat(),
    sums: [
      ...[...down, rows].map((row) => ({ total: at(row, columns), parts: across.map((column) => at(row, column)) })),
      ...[...across, columns].map((column) => ({ total: at(rows, column), parts: down.map((row) => at(row, column)) })),
    ],
  };
  requireTable(table);
  return { ...table, rows, columns, at };
};

export type TwoReleases = CountTable & {
  /** Index of an entry of the release before, of the one now, and of their difference without its sign. */
  readonly before: (entry: number) => number;
  readonly now: (entry: number) => number;
  readonly difference: (entry: number) => number;
};

/**
 * Two releases of one table with the difference of each entry, so that nobody can subtract one from the other.
 * Differences are entries like others: one of 1 to threshold - 1 people is small.
 *
 * @throws RangeError when the two are not shaped alike
 */
export const twoReleases = (before: CountTable, now: CountTable): TwoReleases => {
  requireTable(before);
  requireTable(now);
  const n = before.values.length;
  if (now.values.length !== n || JSON.stringify(now.sums) !== JSON.stringify(before.sums))
    throw new RangeError('now must be shaped like before: the same entries and the same sums');
  const shift = (by: number) => ({ total, parts }: KnownSum): KnownSum => ({ total: total + by, parts: parts.map((part) => part + by) });
  const differences = before.values.map((value, index) => Math.abs((now.values[index] as number) - value));
  const grown = before.values.map((value, index) => (now.values[index] as number) >= value);
  return {
    values: [...before.values, ...now.values, ...differences],
    sums: [
      ...before.sums,
      ...now.sums.map(shift(n)),
      ...before.values.map((_, index) => (grown[index] ? { total: n + index, parts: [index, 2 * n + index] } : { total: index, parts: [n + index, 2 * n + index] })),
    ],
    before: (entry) => entry,
    now: (entry) => n + entry,
    difference: (entry) => 2 * n + entry,
  };
};
