import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PeopleCount, peopleTable } from './people-table.js';

const values = (counts: readonly PeopleCount[] = []) => counts.map(({ value }) => value);

describe('a table of people', () => {
  it('tells zero and large numbers with their totals', () => {
    const { cells, rowTotals, columnTotals, total } = peopleTable([[123, 0]], 5);
    expect([values(cells[0]), values(rowTotals), values(columnTotals), total.value]).toEqual([[123, 0], [123], [123, 0], 123]);
  });

  it('withholds a small number and every total that would give it away', () => {
    const { cells, rowTotals, columnTotals, total } = peopleTable([[40, 3]], 5);
    expect([values(cells[0]), values(rowTotals), values(columnTotals), total.value]).toEqual([[40, null], [null], [40, null], null]);
  });

  it('is empty without people', () => {
    expect(peopleTable([], 5).total).toEqual({ value: 0, withheld: false });
  });

  it('adds rows up by group, without giving a row away by the group', () => {
    const { groups } = peopleTable([[40, 3], [20, 30], [10, 6]], 5, [[0], [1, 2]]);
    expect(groups.map(({ columns, total }) => [values(columns), total.value])).toEqual([[[40, null], null], [[30, 36], 66]]);
  });

  it('never tells a small number', () => {
    const table = fc.integer({ min: 1, max: 4 }).chain((width) => fc.array(fc.array(fc.nat({ max: 30 }), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }));
    fc.assert(fc.property(table, (cells) => {
      const shown = peopleTable(cells, 5);
      const all = [...shown.cells.flat(), ...shown.rowTotals, ...shown.columnTotals, shown.total];
      expect(all.every(({ value }) => value === null || value === 0 || value >= 5)).toBe(true);
    }));
  });
});
