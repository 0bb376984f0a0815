import { simplexSolver, type LinearProgram, type LpSolver } from './linear-program.js';
import { requireTable, requireThreshold, type CountTable } from './table.js';

export type AuditOptions = {
  /** Counts of 1 to threshold - 1 are small. */
  readonly threshold: number;
  /** Whether a count of nobody is told, so that whoever sees a gap knows of 1 person at least. True unless said. */
  readonly zerosTold?: boolean;
  /** This library's simplex unless said; HiGHS for an independent answer. */
  readonly solver?: LpSolver;
};

export type Known = {
  readonly entry: number;
  /** All that what is told leaves possible. */
  readonly low: number;
  readonly high: number;
  /** Fewer than threshold + 1 whole numbers are left: the count is known to within the threshold. */
  readonly solvable: boolean;
};

/** Linear programs leave rounding on whole numbers. */
const ROUNDING = 1e-6;

/**
 * What somebody with patience can work out of each withheld entry, from all that is told and the sums that hold: the range
 * between its least and its largest possible value.
 *
 * @param withheld - one flag an entry
 * Source: Fischetti and Salazar (2000), Management Science 46, for the protection intervals.
 */
export const auditTable = (table: CountTable, withheld: readonly boolean[], options: AuditOptions): readonly Known[] => {
  requireTable(table);
  requireThreshold(options.threshold);
  if (withheld.length !== table.values.length) throw new RangeError(`withheld has ${withheld.length} entries and values ${table.values.length}: they must match`);
  return rangesOf(table, withheld, options);
};

export const rangesOf = (table: CountTable, withheld: readonly boolean[], { threshold, zerosTold = true, solver = simplexSolver }: AuditOptions): Known[] => {
  const entries = withheld.flatMap((is, entry) => (is ? [entry] : []));
  const program = programOf(table, entries, zerosTold ? 1 : 0);
  const asked = entries.flatMap((_, variable) => [{ variable, direction: 'least' as const }, { variable, direction: 'most' as const }]);
  const found = solver(program, asked);
  return entries.map((entry, variable) => {
    const [low, high] = [found[2 * variable] as number, found[2 * variable + 1] as number];
    const left = Math.floor(high + ROUNDING) - Math.ceil(low - ROUNDING) + 1;
    return { entry, low, high, solvable: left < threshold + 1 };
  });
};

/** Only what is withheld is unknown; what is told moves to the right side. Sums that are told whole say nothing. */
const programOf = ({ values, sums }: CountTable, entries: readonly number[], least: number): LinearProgram => {
  const variableOf = new Map(entries.map((entry, variable) => [entry, variable]));
  // A withheld nobody would contradict a lower bound of 1, so its own bound decides.
  const bound = entries.some((entry) => values[entry] === 0) ? 0 : least;
  const equations = sums.flatMap(({ total, parts }) => {
    const signed = [...parts.map((entry) => [entry, 1] as const), [total, -1] as const];
    const terms = signed.flatMap(([entry, sign]) => (variableOf.has(entry) ? [[variableOf.get(entry) as number, sign] as const] : []));
    const told = signed.reduce((sum, [entry, sign]) => sum + (variableOf.has(entry) ? 0 : sign * (values[entry] as number)), 0);
    return terms.length === 0 ? [] : [{ terms, equals: -told }];
  });
  return { variables: entries.length, least: bound, equations };
};
