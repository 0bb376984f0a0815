import { type CountTable, suppressTable, twoReleases } from '@common-ground/statistics';
import { addPeople, type PeopleCount, told, withheld } from './people-count.js';

export type SideCount = { readonly side: string; readonly enrolled: number; readonly reached: number };
export type ToldSide = { readonly side: string; readonly enrolled: PeopleCount; readonly reached: PeopleCount };
export type ToldReach = { readonly bySide: readonly ToldSide[]; readonly enrolled: PeopleCount; readonly reached: PeopleCount };

/** What goes first where something more must be withheld: totals before sides, people reached before people enrolled. */
const COST = { enrolledSide: 1000, reachedSide: 100, enrolledTotal: 20, reachedTotal: 10, difference: 0 };

/** Sides, and their total last. */
const row = (counts: readonly number[]): CountTable => ({
  values: [...counts, counts.reduce((sum, count) => sum + count, 0)],
  sums: [{ total: counts.length, parts: counts.map((_, index) => index) }],
});

/**
 * One intervention's people, small numbers withheld and whatever would give one away. People enrolled and not reached are a
 * number of people too, though it is never shown: it can be worked out. Looks at this intervention alone, so what is told
 * of it is the same whatever a reader asks for beside it.
 *
 * @param threshold - counts of 1 to threshold - 1 are small
 */
export const tellReach = (sides: readonly SideCount[], threshold: number): ToldReach => {
  const n = sides.length;
  const both = twoReleases(row(sides.map(({ reached }) => reached)), row(sides.map(({ enrolled }) => enrolled)));
  const cost = (entry: number): number => {
    if (entry > 2 * n + 1) return COST.difference;
    if (entry > n) return entry === 2 * n + 1 ? COST.enrolledTotal : COST.enrolledSide;
    return entry === n ? COST.reachedTotal : COST.reachedSide;
  };
  const suppression = suppressTable(both, { threshold, cost });
  const count = (entry: number): PeopleCount => (suppression.withheld[entry] ? withheld() : told(both.values[entry] ?? 0));
  const bySide = sides.map(({ side }, index) => ({ side, enrolled: count(both.now(index)), reached: count(both.before(index)) }));
  const totalOf = (entry: number, below: readonly PeopleCount[]): PeopleCount => (suppression.withheld[entry] ? withheld(addPeople(below).atLeast) : told(both.values[entry] ?? 0));
  return {
    bySide,
    enrolled: totalOf(both.now(n), bySide.map(({ enrolled }) => enrolled)),
    reached: totalOf(both.before(n), bySide.map(({ reached }) => reached)),
  };
};

/**
 * Interventions added up, whichever a reader chose: what is told of each, and nothing else.
 *
 * @param sides - in the order in which they are shown; an intervention that lacks one has nobody there
 */
export const addReach = (rows: readonly ToldReach[], sides: readonly string[]): ToldReach => {
  const ofSide = (side: string, figure: 'enrolled' | 'reached'): PeopleCount => addPeople(rows.flatMap(({ bySide }) => bySide.filter((one) => one.side === side).map((one) => one[figure])));
  return {
    bySide: sides.map((side) => ({ side, enrolled: ofSide(side, 'enrolled'), reached: ofSide(side, 'reached') })),
    enrolled: addPeople(rows.map(({ enrolled }) => enrolled)),
    reached: addPeople(rows.map(({ reached }) => reached)),
  };
};
