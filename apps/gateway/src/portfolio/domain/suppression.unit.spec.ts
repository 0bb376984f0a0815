import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { suppress } from './suppression.js';

const THRESHOLD = 5;

/** Every way to fill in the withheld cells that agrees with what is shown. */
const possibleFillings = (cells: readonly number[], totals: readonly (readonly number[])[]): number[][] => {
  const withheld = suppress({ cells, totals }, THRESHOLD);
  const open = cells.flatMap((_, index) => (withheld.cells[index] ? [index] : []));
  const sumOf = (values: readonly number[], total: readonly number[]): number => total.reduce((sum, cell) => sum + (values[cell] ?? 0), 0);
  const fits = (filling: readonly number[]): boolean => totals.every((total, index) => withheld.totals[index] || sumOf(filling, total) === sumOf(cells, total));
  const fillings: number[][] = [];
  const fill = (at: number, filling: number[]): void => {
    const cell = open[at];
    if (cell === undefined) {
      if (fits(filling)) fillings.push([...filling]);
      return;
    }
    for (let value = 1; value < THRESHOLD; value += 1) fill(at + 1, Object.assign([...filling], { [cell]: value }));
  };
  fill(0, [...cells]);
  return fillings;
};

describe('small counts of people', () => {
  it('withholds 1 to 4 and shows 0 and 5', () => {
    expect(suppress({ cells: [0, 1, 4, 5, 123], totals: [] }, THRESHOLD).cells).toEqual([false, true, true, false, false]);
  });

  it('withholds a total with exactly one withheld cell below it', () => {
    expect(suppress({ cells: [20, 3], totals: [[0, 1]] }, THRESHOLD).totals).toEqual([true]);
  });

  it('shows a total in which two withheld cells hide each other', () => {
    expect(suppress({ cells: [3, 4, 20], totals: [[0, 1, 2]] }, THRESHOLD).totals).toEqual([false]);
  });

  it('withholds a total whose withheld cells can only be the smallest or the largest', () => {
    expect(suppress({ cells: [1, 1, 20], totals: [[0, 1, 2]] }, THRESHOLD).totals).toEqual([true]);
    expect(suppress({ cells: [4, 4, 20], totals: [[0, 1, 2]] }, THRESHOLD).totals).toEqual([true]);
  });

  it('shows the trial’s 123 of one side and none of the other', () => {
    expect(suppress({ cells: [123, 0], totals: [[0, 1], [0], [1]] }, THRESHOLD)).toEqual({ cells: [false, false], totals: [false, false, false] });
  });

  it('leaves every withheld count at least two possible values, whatever rows, columns and grand totals are shown', () => {
    const table = fc.record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 1, max: 2 }) }).chain(({ rows, columns }) =>
      fc.array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 40 })), { minLength: rows * columns, maxLength: rows * columns }).map((cells) => ({ cells, rows, columns })),
    );
    fc.assert(
      fc.property(table, ({ cells, rows, columns }) => {
        const row = (index: number) => Array.from({ length: columns }, (_, column) => index * columns + column);
        const column = (index: number) => Array.from({ length: rows }, (_, line) => line * columns + index);
        const pair = rows > 1 ? [[...row(0), ...row(1)]] : [];
        const totals = [...Array.from({ length: rows }, (_, index) => row(index)), ...pair, ...Array.from({ length: columns }, (_, index) => column(index)), cells.map((_, index) => index)];
        const fillings = possibleFillings(cells, totals);
        const withheld = suppress({ cells, totals }, THRESHOLD);
        cells.forEach((_, index) => {
          const values = new Set(fillings.map((filling) => filling[index]));
          expect(values.size).toBeGreaterThanOrEqual(withheld.cells[index] ? 2 : 1);
        });
      }),
      { numRuns: 300 },
    );
  });
});
