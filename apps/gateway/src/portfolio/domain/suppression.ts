/** A table of counts of people, and the totals that would be shown with it. */
export type CountTable = {
  readonly cells: readonly number[];
  /** Each total as the cells that it sums; those to be kept rather than others come first. */
  readonly totals: readonly (readonly number[])[];
};

export type Withheld = { readonly cells: readonly boolean[]; readonly totals: readonly boolean[] };

const isSmall = (count: number, threshold: number): boolean => count >= 1 && count < threshold;

/**
 * Says what to withhold so that no count of 1 to `threshold` - 1 people can be read or worked out from what is shown.
 *
 * A shown total tells the sum of the withheld cells below it. It is shown only if that sum leaves every one of those
 * cells at least two possible values, and if those cells are in no other shown sum that would narrow them further.
 * So what is known about withheld cells is always a set of sums without common cells, each harmless by itself.
 *
 * @param threshold 3 or more; with 2 a withheld count can only be one
 */
export const suppress = ({ cells, totals }: CountTable, threshold: number): Withheld => {
  const small = cells.map((count) => isSmall(count, threshold));
  const shown: (ReadonlySet<number>)[] = [];
  const isShown = (cellsOfTotal: readonly number[]): boolean => {
    const total = cellsOfTotal.reduce((sum, cell) => sum + (cells[cell] ?? 0), 0);
    if (isSmall(total, threshold)) return false;
    const hidden = new Set(cellsOfTotal.filter((cell) => small[cell]));
    for (const set of shown) if (isWithin(set, hidden)) for (const cell of set) hidden.delete(cell);
    if (hidden.size === 0) return true;
    if (shown.some((set) => overlaps(set, hidden))) return false;
    const sum = [...hidden].reduce((value, cell) => value + (cells[cell] ?? 0), 0);
    if (hidden.size < 2 || sum <= hidden.size || sum >= hidden.size * (threshold - 1)) return false;
    shown.push(hidden);
    return true;
  };
  return { cells: small, totals: totals.map((cellsOfTotal) => !isShown(cellsOfTotal)) };
};

const isWithin = (inner: ReadonlySet<number>, outer: ReadonlySet<number>): boolean => [...inner].every((cell) => outer.has(cell));
const overlaps = (one: ReadonlySet<number>, other: ReadonlySet<number>): boolean => [...one].some((cell) => other.has(cell));
