import type { Highs } from 'highs';
import type { LpSolver } from './linear-program.js';

/**
 * HiGHS as a solver: an independent judge of what the library's own one found. The package loads WebAssembly, so the caller
 * loads it and passes it in; this library knows its type alone.
 *
 * One model a table; each question changes its objective and starts from where the one before ended.
 */
export const highsSolver =
  (highs: Highs): LpSolver =>
  ({ variables, least, equations }, asked) =>
    highs.withModel((model) => {
      model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex' });
      const all = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
      const terms = equations.map((equation) => [...added(equation.terms)]);
      const starts = terms.reduce<number[]>((sums, row) => [...sums, (sums.at(-1) as number) + row.length], [0]);
      const sides = equations.map(({ equals }) => equals);
      model.passModel({
        numCols: variables,
        numRows: equations.length,
        colCost: all(variables, 0),
        colLower: all(variables, least),
        colUpper: all(variables, highs.infinity),
        rowLower: sides,
        rowUpper: sides,
        matrix: { format: 'csr', numRows: equations.length, numCols: variables, starts, indices: terms.flat().map(([variable]) => variable), values: terms.flat().map(([, coefficient]) => coefficient) },
      });
      const { modelStatus, objectiveSense } = highs.constants;
      return asked.map(({ variable, direction }) => {
        model.changeColCost(variable, 1);
        model.changeObjectiveSense(direction === 'most' ? objectiveSense.maximize : objectiveSense.minimize);
        let status = model.run().modelStatus;
        // A question after one without an answer may find no way back from where that ended: it starts anew.
        if (status === modelStatus.unknown) {
          model.clearSolver();
          status = model.run().modelStatus;
        }
        const value = model.getObjectiveValue();
        model.changeColCost(variable, 0);
        if (status === modelStatus.optimal) return value;
        if (direction === 'most' && (status === modelStatus.unbounded || status === modelStatus.unboundedOrInfeasible)) return Infinity;
        throw new RangeError(`HiGHS ended with status ${status} on the equations of the table`);
      });
    });

/** A variable that an equation names twice counts with the sum of its coefficients. */
const added = (terms: readonly (readonly [number, number])[]): ReadonlyMap<number, number> => {
  const sums = new Map<number, number>();
  for (const [variable, coefficient] of terms) sums.set(variable, (sums.get(variable) ?? 0) + coefficient);
  return sums;
};
