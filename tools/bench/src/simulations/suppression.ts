import { auditTable, crossTable, seededRandom, suppressTable, type LpSolver, type Random } from '@common-ground/statistics';
import { runsOf, type Check, type Simulation } from './check.js';

/** Counts as missions have them: many small ones, some of nobody, a few large. */
const count = (random: Random): number => {
  const kind = random.uniform();
  if (kind < 0.15) return 0;
  return kind < 0.7 ? 1 + random.below(8) : 5 + random.below(60);
};

const between = (low: number, high: number, random: Random): number => low + random.below(high - low + 1);

type Outcome = { readonly solvable: number; readonly withheld: number; readonly small: number };

/** One random table, suppressed by the library and audited by another solver. */
const one = (random: Random, solver: LpSolver): Outcome => {
  const [rows, columns] = [between(2, 6, random), between(2, 6, random)];
  const cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => count(random)));
  const options = { threshold: between(3, 10, random), zerosTold: random.uniform() < 0.5 };
  const table = crossTable(cells);
  const { withheld, primary } = suppressTable(table, options);
  const known = auditTable(table, withheld, { ...options, solver });
  const told = primary.filter((entry) => !withheld[entry]).length;
  return { solvable: known.filter((entry) => entry.solvable).length + told, withheld: known.length, small: primary.length };
};

/** @param solver - an independent one: what the library's own found safe is judged by another */
export const suppressionBy = (solver: LpSolver): Simulation => ({
  name: 'suppression',
  title: 'withheld cells of random tables that can be worked out to within the threshold',
  run: (share): Check[] => {
    const runs = runsOf(10_000, share);
    const random = seededRandom(20_261_103);
    let [solvable, withheld, small] = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const found = one(random, solver);
      solvable += found.solvable;
      withheld += found.withheld;
      small += found.small;
    }
    return [
      { name: 'solvable cells, HiGHS', measured: solvable, least: 0, most: 0, runs },
      // The tables are hard ones: most have something to hide.
      { name: 'small cells a table', measured: small / runs, least: 1, most: 36, runs },
      { name: 'withheld cells a table', measured: withheld / runs, least: small / runs, most: 49, runs },
    ];
  },
});

