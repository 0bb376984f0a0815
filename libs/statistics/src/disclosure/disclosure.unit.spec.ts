import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHighs } from './highs.fixture.js';
import { addTold, auditTable, crossTable, highsSolver, simplexSolver, suppressTable, tellMean, tellPercentage, twoReleases, type CountTable, type CrossTable } from './index.js';

const highs = highsSolver(await createHighs());
const threshold = 5;
const toldRows = ({ rows, columns, at }: CrossTable, withheld: readonly boolean[], values: readonly number[]): (number | string)[][] =>
  Array.from({ length: rows + 1 }, (_, row) => Array.from({ length: columns + 1 }, (__, column) => (withheld[at(row, column)] ? '.' : (values[at(row, column)] ?? '?'))));
const suppressed = (cells: readonly (readonly number[])[]) => {
  const table = crossTable(cells);
  const { withheld } = suppressTable(table, { threshold });
  return toldRows(table, withheld, table.values);
};

/** Small cells are likely, zeros and large ones happen. */
const count = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 6 }) }, { weight: 2, arbitrary: fc.integer({ min: 0, max: 40 }) });
const cells = (most: number) =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most })).chain(([rows, columns]) => fc.array(fc.array(count, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }));

describe('crossTable', () => {
  it('has the totals of rows, of columns and of everything', () => {
    const table = crossTable([[1, 2, 3], [4, 5, 6]]);
    expect(table.values).toEqual([1, 2, 3, 6, 4, 5, 6, 15, 5, 7, 9, 21]);
    expect(table.values[table.at(2, 3)]).toBe(21);
    expect(table.sums).toHaveLength(7);
  });

  it.each([
    ['cells must have a row and a column at least', []],
    ['cells[1] has 1 columns, the first row 2', [[1, 2], [3]]],
    ['values[0] must be a whole number of at least 0, not -1', [[-1, 2]]],
    ['values[1] must be a whole number of at least 0, not 0.5', [[1, 0.5]]],
  ])('refuses: %s', (message, broken) => expect(() => crossTable(broken)).toThrow(message));
});

describe('suppressTable', () => {
  it('withholds small cells and what would give them away', () => {
    expect(suppressed([[20, 3, 30], [15, 25, 18], [12, 40, 22]])).toEqual([
      ['.', '.', 30, 53],
      ['.', '.', 18, 58],
      [12, 40, 22, 74],
      [47, 68, 70, 185],
    ]);
  });

  it('tells nobody as nobody, and everything where nothing is small', () => {
    expect(suppressed([[20, 0], [30, 12]])).toEqual([[20, 0, 20], [30, 12, 42], [50, 12, 62]]);
  });

  it('withholds a total where one small cell is all that it adds', () => {
    expect(suppressed([[9, 3]])).toEqual([['.', '.', 12], ['.', '.', 12]]);
  });

  it('withholds nobody too where that is asked', () => {
    const table = crossTable([[20, 0, 15], [30, 12, 11], [18, 19, 30]]);
    const { primary, withheld } = suppressTable(table, { threshold, zerosTold: false });
    expect(primary).toContain(table.at(0, 1));
    expect(auditTable(table, withheld, { threshold, zerosTold: false, solver: highs }).filter(({ solvable }) => solvable)).toEqual([]);
  });

  it('withholds what costs least', () => {
    const table = crossTable([[20, 3, 30], [15, 25, 18], [12, 40, 22]]);
    const costly = new Set([table.at(0, 0), table.at(1, 0)]);
    const { complementary } = suppressTable(table, { threshold, cost: (entry) => (costly.has(entry) ? 1e6 : (table.values[entry] ?? 0)) });
    expect(complementary.some((entry) => costly.has(entry))).toBe(false);
  });

  it('leaves no withheld cell of any table solvable to within the threshold, as HiGHS judges', () => {
    fc.assert(
      fc.property(cells(5), fc.constantFrom(3, 5, 10), fc.boolean(), (rows, limit, zerosTold) => {
        const table = crossTable(rows);
        const { withheld, lost } = suppressTable(table, { threshold: limit, zerosTold });
        expect(lost).toEqual([]);
        for (const [entry, value] of table.values.entries()) if ((value > 0 || !zerosTold) && value < limit) expect(withheld[entry]).toBe(true);
        expect(auditTable(table, withheld, { threshold: limit, zerosTold, solver: highs }).filter(({ solvable }) => solvable)).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });

  it('leaves none solvable where totals have totals', () => {
    const grouped = fc.array(fc.array(count, { minLength: 2, maxLength: 3 }), { minLength: 2, maxLength: 4 }).map((groups): CountTable => {
      const flat = groups.flat();
      const sums = groups.map((group) => group.reduce((sum, value) => sum + value, 0));
      const starts = groups.map((_, index) => groups.slice(0, index).flat().length);
      const total = sums.reduce((sum, value) => sum + value, 0);
      return {
        values: [...flat, ...sums, total],
        sums: [
          ...groups.map((group, index) => ({ total: flat.length + index, parts: group.map((__, at) => (starts[index] ?? 0) + at) })),
          { total: flat.length + groups.length, parts: groups.map((__, index) => flat.length + index) },
        ],
      };
    });
    fc.assert(
      fc.property(grouped, (table) => {
        const { withheld } = suppressTable(table, { threshold });
        expect(auditTable(table, withheld, { threshold, solver: highs }).filter(({ solvable }) => solvable)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['sums[0] does not hold: its parts add up to 3, its total is 4', { values: [1, 2, 4], sums: [{ total: 2, parts: [0, 1] }] }, 5],
    ['sums[0] names entry 7, but there are 1 values', { values: [1], sums: [{ total: 0, parts: [7] }] }, 5],
    ['threshold must be a whole number of at least 2, not 1', { values: [1], sums: [] }, 1],
  ])('refuses: %s', (message, table, limit) => expect(() => suppressTable(table, { threshold: limit })).toThrow(message));
});

describe('two releases', () => {
  const before = crossTable([[20, 30], [15, 25]]);

  it('do not tell, by their difference, how few came in between', () => {
    const now = crossTable([[23, 30], [15, 25]]);
    const both = twoReleases(before, now);
    const toldBefore = both.values.map((_, entry) => entry < before.values.length);
    const { withheld, lost } = suppressTable(both, { threshold, toldBefore });
    expect(lost).toEqual([]);
    expect(withheld[both.difference(before.at(0, 0))]).toBe(true);
    expect(withheld[both.now(before.at(0, 0))]).toBe(true);
    expect(withheld[both.before(before.at(0, 0))]).toBe(false);
    expect(auditTable(both, withheld, { threshold, solver: highs }).filter(({ solvable }) => solvable)).toEqual([]);
  });

  it('are told where enough came, or nobody', () => {
    const now = crossTable([[27, 30], [15, 31]]);
    const both = twoReleases(before, now);
    expect(suppressTable(both, { threshold, toldBefore: both.values.map((_, entry) => entry < before.values.length) }).withheld).not.toContain(true);
  });

  it('hide those who left as well', () => {
    const both = twoReleases(before, crossTable([[20, 28], [15, 25]]));
    expect(suppressTable(both, { threshold }).primary).toContain(both.difference(before.at(0, 1)));
  });

  it('say so when what was told before gives a count away whatever is withheld now', () => {
    const table: CountTable = { values: [9, 3, 12], sums: [{ total: 2, parts: [0, 1] }] };
    expect(suppressTable(table, { threshold, toldBefore: [true, false, true] }).lost).toEqual([1]);
  });

  it('must be shaped alike', () => {
    expect(() => twoReleases(before, crossTable([[1, 2, 3]]))).toThrow('now must be shaped like before');
  });

  it('leave nothing solvable, whatever grew and shrank', () => {
    const pairs = cells(3).chain((rows) => fc.tuple(fc.constant(rows), fc.array(fc.array(count, { minLength: rows[0]!.length, maxLength: rows[0]!.length }), { minLength: rows.length, maxLength: rows.length })));
    fc.assert(
      fc.property(pairs, ([old, fresh]) => {
        const both = twoReleases(crossTable(old), crossTable(fresh));
        const { withheld } = suppressTable(both, { threshold });
        expect(auditTable(both, withheld, { threshold, solver: highs }).filter(({ solvable }) => solvable)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe('auditTable', () => {
  it('works out what naive suppression leaves open to a subtraction', () => {
    const table = crossTable([[20, 3], [15, 25]]);
    const naive = table.values.map((value) => value > 0 && value < threshold);
    for (const solver of [simplexSolver, highs])
      expect(auditTable(table, naive, { threshold, solver })).toEqual([{ entry: table.at(0, 1), low: expect.closeTo(3, 6), high: expect.closeTo(3, 6), solvable: true }]);
  });

  it('finds what sits close, though no single subtraction tells it', () => {
    const table = crossTable([[3, 2, 30], [4, 1, 25], [20, 21, 22]]);
    const naive = table.values.map((value) => value > 0 && value < threshold);
    const found = auditTable(table, naive, { threshold, solver: highs });
    expect(found.every(({ low, high }) => high > low)).toBe(true);
    expect(found.every(({ solvable }) => solvable)).toBe(true);
  });

  it('agrees between the two solvers on every range of every table', () => {
    fc.assert(
      fc.property(cells(4), fc.infiniteStream(fc.boolean()), (rows, coins) => {
        const table = crossTable(rows);
        const withheld = table.values.map((value) => value > 0 && coins.next().value === true);
        const [own, judge] = [simplexSolver, highs].map((solver) => auditTable(table, withheld, { threshold, solver }));
        for (const [index, { low, high }] of (own ?? []).entries()) {
          expect(low).toBeCloseTo(judge![index]!.low, 6);
          if (Number.isFinite(high)) expect(high).toBeCloseTo(judge![index]!.high, 6);
          else expect(judge![index]!.high).toBe(Infinity);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('contains the truth', () => {
    fc.assert(
      fc.property(cells(4), (rows) => {
        const table = crossTable(rows);
        const { withheld } = suppressTable(table, { threshold });
        for (const { entry, low, high } of auditTable(table, withheld, { threshold })) {
          expect(table.values[entry]).toBeGreaterThanOrEqual(low - 1e-6);
          expect(table.values[entry]).toBeLessThanOrEqual(high + 1e-6);
        }
      }),
    );
  });

  it('refuses flags of another length, and equations that contradict each other', () => {
    expect(() => auditTable(crossTable([[1]]), [true], { threshold })).toThrow('withheld has 1 entries and values 4');
    expect(() => simplexSolver({ variables: 1, least: 0, equations: [{ terms: [[0, 1]], equals: 1 }, { terms: [[0, 1]], equals: 2 }] }, [])).toThrow('contradict each other');
  });
});

describe('means and percentages', () => {
  it('go with their counts', () => {
    expect(tellMean(3.2, { n: 5, withheld: false }, { threshold })).toEqual({ told: true, value: 3.2 });
    expect(tellMean(3.2, { n: 4, withheld: false }, { threshold })).toEqual({ told: false, because: 'too-few-people' });
    expect(tellMean(3.2, { n: 50, withheld: true }, { threshold })).toEqual({ told: false, because: 'gives-others-away' });
  });

  it.each([
    [10, 40, { told: true, value: 25 }],
    [0, 40, { told: true, value: 0 }],
    [40, 40, { told: true, value: 100 }],
    [3, 40, { told: false, because: 'too-few-people' }],
    [37, 40, { told: false, because: 'too-few-people' }],
    [2, 4, { told: false, because: 'too-few-people' }],
    [0, 0, { told: false, because: 'too-few-people' }],
  ])('tell %d of %d: %o', (are, of, told) => expect(tellPercentage(are, of, { threshold })).toEqual(told));

  it('may hide that all are alike', () => {
    expect(tellPercentage(40, 40, { threshold, withholdUnanimous: true })).toEqual({ told: false, because: 'all-alike' });
    expect(tellPercentage(10, 40, { threshold }, true)).toEqual({ told: false, because: 'gives-others-away' });
    expect(() => tellPercentage(5, 4, { threshold })).toThrow('are must be at most of');
    expect(() => tellMean(1, { n: -1, withheld: false }, { threshold })).toThrow('n must be a whole number');
  });
});

describe('addTold', () => {
  it('adds up what is told and says whether that is all', () => {
    expect(addTold([5, 12, undefined])).toEqual({ value: undefined, atLeast: 17 });
    expect(addTold([5, 12])).toEqual({ value: 17, atLeast: 17 });
    expect(addTold([])).toEqual({ value: 0, atLeast: 0 });
  });

  it('gives the same answers whatever is withheld, so that no difference tells it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }), fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (people, others, chosen) => {
        const small = (value: number): boolean => value > 0 && value < threshold;
        const asTold = (values: readonly number[]) => addTold(values.filter((_, index) => chosen[index]).map((value) => (small(value) ? undefined : value)));
        expect(asTold(people)).toEqual(asTold(people.map((value, index) => (small(value) ? (others[index] ?? 1) : value))));
      }),
    );
  });
});
