/** Over variables that are `least` at least: rows of equations, and one variable to make small or large. */
export type LinearProgram = {
  readonly variables: number;
  /** Lower bound of every variable. */
  readonly least: number;
  readonly equations: readonly { readonly terms: readonly (readonly [variable: number, coefficient: number])[]; readonly equals: number }[];
};

export type Extreme = { readonly variable: number; readonly direction: 'least' | 'most' };

/** Answers how far each variable can go, in the order asked; Infinity where nothing stops it. */
export type LpSolver = (program: LinearProgram, asked: readonly Extreme[]) => readonly number[];

const ZERO = 1e-9;

/**
 * A solver of this library's own: one tableau, its feasible corner found once, then each question by the primal simplex with
 * Bland's rule, so that it always ends. Meant for the small programs of suppression; coefficients there are 1 and -1.
 *
 * @throws RangeError when no values satisfy the equations: what was published contradicts itself
 */
export const simplexSolver: LpSolver = ({ variables, least, equations }, asked) => {
  const tableau = feasibleTableau(variables, least, equations);
  return asked.map(({ variable, direction }) => {
    const sign = direction === 'most' ? 1 : -1;
    const reached = maximise(tableau, variable, sign);
    return reached === undefined ? Infinity : least + valueOf(tableau, variable);
  });
};

/** Rows of coefficients with the right side last; `basis[row]` is the variable that the row gives. */
type Tableau = { readonly rows: Float64Array[]; readonly basis: number[]; readonly variables: number };

const valueOf = ({ rows, basis, variables }: Tableau, variable: number): number => {
  const row = basis.indexOf(variable);
  return row < 0 ? 0 : (rows[row] as Float64Array)[variables] as number;
};

const pivot = ({ rows, basis }: Tableau, row: number, column: number): void => {
  const own = rows[row] as Float64Array;
  const by = own[column] as number;
  for (let j = 0; j < own.length; j++) own[j] = (own[j] as number) / by;
  rows.forEach((other, index) => {
    const factor = other[column] as number;
    if (index === row || factor === 0) return;
    for (let j = 0; j < own.length; j++) other[j] = (other[j] as number) - factor * (own[j] as number);
  });
  basis[row] = column;
};

/** Row that stops a growing variable first; of equals the one with the earliest basic variable. */
const leavingRow = ({ rows, basis, variables }: Tableau, column: number): number | undefined => {
  let best: number | undefined;
  let ratio = Infinity;
  rows.forEach((row, index) => {
    const slope = row[column] as number;
    if (slope <= ZERO) return;
    const here = (row[variables] as number) / slope;
    const earlier = best !== undefined && (basis[index] as number) < (basis[best] as number);
    if (here < ratio - ZERO || (here <= ratio + ZERO && earlier)) [best, ratio] = [index, here];
  });
  return best;
};

/** @returns undefined when the variable can grow without end (sign 1) */
const maximise = (tableau: Tableau, variable: number, sign: 1 | -1): true | undefined => {
  for (;;) {
    const entering = improving(tableau, variable, sign);
    if (entering === undefined) return true;
    const row = leavingRow(tableau, entering);
    if (row === undefined) return undefined;
    pivot(tableau, row, entering);
  }
};

/** The first variable whose growth makes the one asked for better. */
const improving = ({ rows, basis, variables }: Tableau, variable: number, sign: 1 | -1): number | undefined => {
  const row = basis.indexOf(variable);
  // Outside the basis it lies at its lower bound: only growing it can change it.
  if (row < 0) return sign === 1 ? variable : undefined;
  const own = rows[row] as Float64Array;
  for (let j = 0; j < variables; j++) if (!basis.includes(j) && -sign * (own[j] as number) > ZERO) return j;
  return undefined;
};

/** Phase one: artificial variables are driven out; rows that say nothing new are dropped. */
const feasibleTableau = (variables: number, least: number, equations: LinearProgram['equations']): Tableau => {
  const width = variables + equations.length;
  const rows = equations.map(({ terms, equals }, index) => {
    const row = new Float64Array(width + 1);
    for (const [variable, coefficient] of terms) {
      row[variable] = (row[variable] as number) + coefficient;
      equals -= coefficient * least;
    }
    row[width] = equals;
    if (equals < 0) for (let j = 0; j <= width; j++) row[j] = -(row[j] as number);
    row[variables + index] = 1;
    return row;
  });
  const tableau: Tableau = { rows, basis: equations.map((_, index) => variables + index), variables: width };
  driveOut(tableau, variables);
  const kept = tableau.basis.flatMap((basic, row) => (basic < variables ? [row] : []));
  return {
    rows: kept.map((row) => {
      const full = rows[row] as Float64Array;
      const short = new Float64Array(variables + 1);
      short.set(full.subarray(0, variables));
      short[variables] = full[width] as number;
      return short;
    }),
    basis: kept.map((row) => tableau.basis[row] as number),
    variables,
  };
};

const driveOut = (tableau: Tableau, variables: number): void => {
  const { rows, basis, variables: width } = tableau;
  const artificial = (): number[] => basis.flatMap((basic, row) => (basic >= variables ? [row] : []));
  for (;;) {
    const open = artificial();
    const entering = Array.from({ length: variables }, (_, j) => j).find((j) => !basis.includes(j) && open.reduce((sum, row) => sum + ((rows[row] as Float64Array)[j] as number), 0) > ZERO);
    if (entering === undefined) break;
    const row = leavingRow(tableau, entering);
    if (row === undefined) break;
    pivot(tableau, row, entering);
  }
  const left = artificial().reduce((sum, row) => sum + ((rows[row] as Float64Array)[width] as number), 0);
  if (left > 1e-6) throw new RangeError('the equations contradict each other: no values satisfy them');
  for (const row of artificial()) {
    const column = Array.from({ length: variables }, (_, j) => j).find((j) => !basis.includes(j) && Math.abs((rows[row] as Float64Array)[j] as number) > ZERO);
    if (column !== undefined) pivot(tableau, row, column);
  }
};
