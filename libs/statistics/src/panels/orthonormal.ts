/** X = Q R with the columns of Q orthonormal: the fixed effects are worked on in Q, where digits are not lost. */
export type Orthonormal = {
  /** p columns of n. */
  readonly columns: readonly Float64Array[];
  /** Upper triangle of R, p x p, diagonal above zero. */
  readonly upper: readonly (readonly number[])[];
};

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** Takes from `column` what lies along the earlier ones; twice, after which it is orthogonal to rounding. */
const project = (column: Float64Array, earlier: readonly Float64Array[], into: number[]): void => {
  for (let pass = 0; pass < 2; pass++)
    earlier.forEach((unit, at) => {
      const along = dot(unit, column);
      into[at] = (into[at] ?? 0) + along;
      for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) - along * (unit[i] ?? 0);
    });
};

/**
 * Gram-Schmidt with reorthogonalisation (Giraud, Langou & Rozloznik 2005: twice is enough).
 *
 * @param design - n rows of p columns
 * @returns undefined when the columns are linearly dependent
 */
export const orthonormalise = (design: readonly (readonly number[])[]): Orthonormal | undefined => {
  const width = design[0]?.length ?? 0;
  const columns: Float64Array[] = [];
  const along: number[][] = [];
  for (let j = 0; j < width; j++) {
    const column = Float64Array.from(design, (row) => row[j] ?? 0);
    const size = Math.sqrt(dot(column, column));
    const coefficients: number[] = Array.from({ length: width }, () => 0);
    project(column, columns, coefficients);
    const left = Math.sqrt(dot(column, column));
    if (!(left > 1e-9 * size)) return undefined;
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) / left;
    coefficients[j] = left;
    columns.push(column);
    along.push(coefficients);
  }
  return { columns, upper: along.map((_, i) => along.map((coefficients) => coefficients[i] ?? 0)) };
};

/** Solves R x = b for upper triangular R. */
export const solveUpper = (upper: readonly (readonly number[])[], b: readonly number[]): number[] => {
  const x = [...b];
  for (let i = x.length - 1; i >= 0; i--) {
    let left = x[i] ?? 0;
    for (let j = i + 1; j < x.length; j++) left -= (upper[i]?.[j] ?? 0) * (x[j] ?? 0);
    x[i] = left / (upper[i]?.[i] ?? 1);
  }
  return x;
};

/** Solves R' x = b for upper triangular R. */
export const solveUpperTransposed = (upper: readonly (readonly number[])[], b: readonly number[]): number[] => {
  const x = [...b];
  for (let i = 0; i < x.length; i++) {
    let left = x[i] ?? 0;
    for (let j = 0; j < i; j++) left -= (upper[j]?.[i] ?? 0) * (x[j] ?? 0);
    x[i] = left / (upper[i]?.[i] ?? 1);
  }
  return x;
};
