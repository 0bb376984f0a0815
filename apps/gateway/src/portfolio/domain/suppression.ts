/** A number of people that may be told, or not. Zero is told: a side that is missing must be seen. */
export type PeopleCount = { readonly value: number | null; readonly withheld: boolean };

export const DEFAULT_THRESHOLD = 5;

const told = (value: number): PeopleCount => ({ value, withheld: false });
const kept: PeopleCount = { value: null, withheld: true };

/** Small: more than nobody and fewer than the threshold. */
const isSmall = (value: number, threshold: number): boolean => value > 0 && value < threshold;

/**
 * Withholds small counts of a table whose rows and columns are summed, and whatever else would give them away:
 * a total over one withheld cell, or over withheld cells that together are still small, is withheld too.
 *
 * @param cells rows by columns, whole numbers of people
 * @param threshold counts of 1 to threshold - 1 are withheld
 * @returns the same shape, with the totals of rows, of columns and of everything
 */
export const suppressTable = (cells: readonly (readonly number[])[], threshold: number): SuppressedTable => {
  const width = Math.max(0, ...cells.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, index) => cells.map((row) => row[index] ?? 0));
  const shown = cells.map((row) => row.map((value) => (isSmall(value, threshold) ? kept : told(value))));
  const rowTotals = cells.map((row) => totalOf(row, threshold));
  const columnTotals = columns.map((column) => totalOf(column, threshold));
  return { cells: shown, rowTotals, columnTotals, total: grandTotal(cells, rowTotals, columnTotals, threshold) };
};

export type SuppressedTable = {
  readonly cells: readonly (readonly PeopleCount[])[];
  readonly rowTotals: readonly PeopleCount[];
  readonly columnTotals: readonly PeopleCount[];
  readonly total: PeopleCount;
};

/** A sum is told when nothing in it is hidden, or enough is: two cells at least, and together not small. */
const totalOf = (values: readonly number[], threshold: number): PeopleCount => {
  const sum = values.reduce((total, value) => total + value, 0);
  const hidden = values.filter((value) => isSmall(value, threshold));
  const hiddenSum = hidden.reduce((total, value) => total + value, 0);
  return isSmall(sum, threshold) || (hidden.length > 0 && (hidden.length === 1 || hiddenSum < threshold)) ? kept : told(sum);
};

/** The grand total would give back a withheld row or column total if it were the only one. */
const grandTotal = (cells: readonly (readonly number[])[], rowTotals: readonly PeopleCount[], columnTotals: readonly PeopleCount[], threshold: number): PeopleCount => {
  const alone = (totals: readonly PeopleCount[]): boolean => totals.filter(({ withheld }) => withheld).length === 1;
  const whole = totalOf(cells.flat(), threshold);
  return alone(rowTotals) || alone(columnTotals) ? kept : whole;
};
