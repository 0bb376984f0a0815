import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PeopleCount, suppressTable } from './suppression.js';

const T = 5;
const values = (counts: readonly PeopleCount[]) => counts.map(({ value }) => value);

describe('withholding small counts', () => {
  it('tells zero and large numbers', () => {
    const { cells, rowTotals, columnTotals, total } = suppressTable([[123, 0]], T);
    expect([values(cells[0] ?? []), values(rowTotals), values(columnTotals), total.value]).toEqual([[123, 0], [123], [123, 0], 123]);
  });

  it('withholds a small cell and the total that would give it away', () => {
    const { cells, rowTotals } = suppressTable([[40, 3]], T);
    expect([values(cells[0] ?? []), values(rowTotals)]).toEqual([[40, null], [null]]);
  });

  it('tells a total over several withheld cells that together are not small', () => {
    expect(suppressTable([[3, 4, 20]], T).rowTotals).toEqual([{ value: 27, withheld: false }]);
    expect(suppressTable([[1, 2, 20]], T).rowTotals).toEqual([{ value: null, withheld: true }]);
  });

  const table = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(fc.nat({ max: 30 }), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));

  it('never tells a small number of people', () => {
    fc.assert(fc.property(table, (cells) => {
      const shown = suppressTable(cells, T);
      const all = [...shown.cells.flat(), ...shown.rowTotals, ...shown.columnTotals, shown.total];
      expect(all.every(({ value }) => value === null || value === 0 || value >= T)).toBe(true);
    }));
  });

  it('never lets a withheld cell be had by subtracting within its row or its column', () => {
    fc.assert(fc.property(table, (cells) => {
      const shown = suppressTable(cells, T);
      const lines = [...shown.cells.map((row, index) => ({ line: row, sum: shown.rowTotals[index] })), ...(shown.cells[0] ?? []).map((_, column) => ({ line: shown.cells.map((row) => row[column] as PeopleCount), sum: shown.columnTotals[column] }))];
      for (const { line, sum } of lines) {
        if (sum?.value === null || sum === undefined) continue;
        expect(line.filter(({ withheld }) => withheld).length).not.toBe(1);
      }
    }), { numRuns: 500 });
  });
});
