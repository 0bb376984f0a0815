import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LinearProgram, simplexSolver } from '@common-ground/statistics';
import type { PeopleCount } from './domain/people-count.js';
import type { InterventionRow, ReachRow } from './portfolio.repository.js';
import type { PortfolioReach } from './portfolio.types.js';
import { rowOf, sumsOf } from './portfolio.view.js';

const THRESHOLD = 5;
const SIDES = ['host', 'migrant'];
const intervention = (id: string, mission = 'PE'): InterventionRow => ({
  intervention_id: id, mission, mission_name: mission, code: id, title: id, kind: 'discover', modalities: [], design: 'none', sides: SIDES, starts_on: '2026-01-01', ends_on: '2026-12-31',
  planned: 0, held: 0, unrecorded: 0, did_not_happen: 0, cancelled: 0, first_held_at: null, last_held_at: null,
  equal_status_sum: 0, equal_status_n: 0, common_goal_sum: 0, common_goal_n: 0, cooperation_sum: 0, cooperation_n: 0, support_sum: 0, support_n: 0, reached: 0, flags_open: 0,
});
const reach = (id: string, side: string, enrolled: number, reached: number): ReachRow => ({ intervention_id: id, side, enrolled, reached });
const answer = (rows: readonly InterventionRow[], people: readonly ReachRow[]) => ({
  rows: rows.map((row) => rowOf(row, { reach: people, waves: [], estimates: [], flags: [], months: [], mixing: { figures: [], sides: [] } }, THRESHOLD)),
  ...sumsOf(rows, people, [], THRESHOLD),
});
const values = (counts: readonly PeopleCount[]) => counts.map(({ value }) => value);

describe('people in the portfolio', () => {
  it('are told with their totals where nobody is few', () => {
    const { totals } = answer([intervention('a'), intervention('b')], [reach('a', 'migrant', 50, 40), reach('b', 'migrant', 30, 10), reach('b', 'host', 20, 20)]);
    expect(totals.reach).toMatchObject({ enrolled: { value: 100, withheld: false, atLeast: 100 }, reached: { value: 70 }, bySide: [{ reached: { value: 20 } }, { reached: { value: 50 } }] });
  });

  it('are withheld where few, with the total that would tell them, and the sum says what it holds at least', () => {
    const { rows, totals } = answer([intervention('a'), intervention('b')], [reach('a', 'host', 40, 40), reach('a', 'migrant', 3, 3), reach('b', 'host', 20, 20)]);
    expect(rows[0]?.reach).toMatchObject({ bySide: [{ enrolled: { value: 40 } }, { enrolled: { value: null, withheld: true } }], enrolled: { value: null, withheld: true, atLeast: 40 } });
    expect(totals.reach).toMatchObject({ bySide: [{ enrolled: { value: 60 } }, { enrolled: { value: null, atLeast: 0 } }], enrolled: { value: null, withheld: true, atLeast: 60 } });
  });

  it('do not tell by subtraction that two of fifty never came', () => {
    const { rows, totals, missions } = answer([intervention('a'), intervention('b')], [reach('a', 'migrant', 50, 48), reach('b', 'migrant', 30, 10)]);
    expect(rows.map((row) => row.reach.bySide[1]?.reached.value)).toEqual([null, 10]);
    for (const { reach: all } of [totals, ...missions]) expect([all.bySide[1]?.reached, all.reached.value, all.enrolled.value]).toEqual([{ value: null, withheld: true, atLeast: 10 }, null, 80]);
  });

  it('are told of a whole intervention where its sides hide each other', () => {
    const { rows } = answer([intervention('a')], [reach('a', 'host', 4, 4), reach('a', 'migrant', 3, 3)]);
    expect(values(rows.flatMap((row) => [...row.reach.bySide.map(({ enrolled }) => enrolled), row.reach.enrolled]))).toEqual([null, null, 7]);
  });

  it('are told as none where there are none', () => {
    expect(answer([intervention('a')], []).totals.reach).toMatchObject({ enrolled: { value: 0 }, bySide: [{ side: 'host', enrolled: { value: 0 } }, { side: 'migrant', reached: { value: 0 } }] });
    expect(answer([], []).totals.reach).toEqual({ bySide: [], enrolled: { value: 0, withheld: false, atLeast: 0 }, reached: { value: 0, withheld: false, atLeast: 0 } });
  });

  it('stay as they are when more were reached than enrolled', () => {
    const { rows } = answer([intervention('a')], [reach('a', 'host', 20, 22), reach('a', 'migrant', 30, 10)]);
    expect(rows[0]?.reach.bySide.map(({ reached }) => reached.value)).toEqual([null, 10]);
  });
});

type Cell = { readonly enrolled: number; readonly reached: number };
type Portfolio = { readonly rows: readonly InterventionRow[]; readonly people: readonly ReachRow[] };
type Terms = readonly (readonly [variable: number, coefficient: number])[];

/** Small numbers are likely; so are people who never came, one or a few. */
const cell = fc.oneof(
  fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 })).map(([one, other]): Cell => ({ enrolled: Math.max(one, other), reached: Math.min(one, other) })),
  fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 6 })).map(([enrolled, missed]): Cell => ({ enrolled, reached: Math.max(0, enrolled - missed) })),
);
const portfolio = fc.array(fc.record({ cells: fc.tuple(cell, cell), mission: fc.constantFrom('PE', 'TR') }), { minLength: 1, maxLength: 4 }).map((list): Portfolio => ({
  rows: list.map(({ mission }, index) => intervention(`i${index}`, mission)),
  people: list.flatMap(({ cells }, index) => cells.map(({ enrolled, reached }, side) => reach(`i${index}`, SIDES[side] ?? '', enrolled, reached))),
}));

/** Every answer that any filter gives, as sums over unknown cells: variable 3c is enrolled, 3c + 1 reached, 3c + 2 the difference. */
const allAnswers = ({ rows, people }: Portfolio): { terms: Terms; count: PeopleCount }[] => {
  const at = (row: InterventionRow, side: string): number => 3 * people.findIndex((one) => one.intervention_id === row.intervention_id && one.side === side);
  const of = (members: readonly InterventionRow[], shown: PortfolioReach): { terms: Terms; count: PeopleCount }[] => {
    const sum = (sides: readonly string[], offset: number): Terms => members.flatMap((row) => sides.map((side) => [at(row, side) + offset, 1] as const));
    return [
      ...shown.bySide.flatMap(({ side, enrolled, reached }) => [{ terms: sum([side], 0), count: enrolled }, { terms: sum([side], 1), count: reached }]),
      { terms: sum(SIDES, 0), count: shown.enrolled },
      { terms: sum(SIDES, 1), count: shown.reached },
    ];
  };
  const subsets = Array.from({ length: 2 ** rows.length - 1 }, (_, index) => rows.filter((__, row) => ((index + 1) >> row) & 1));
  return subsets.flatMap((members) => {
    const seen = answer(members, people);
    return [
      ...members.flatMap((row, index) => of([row], seen.rows[index]!.reach)),
      ...seen.missions.flatMap((mission) => of(members.filter((row) => row.mission === mission.mission), mission.reach)),
      ...of(members, seen.totals.reach),
    ];
  });
};

/** What somebody learns who asks with every filter there is and solves for the people. */
const attack = (all: Portfolio): { low: number; high: number; truth: number }[] => {
  const answers = allAnswers(all).filter(({ count }) => count.value !== null);
  const unknown = all.people.flatMap((_, index) => [3 * index, 3 * index + 1, 3 * index + 2]);
  const told = answers.map(({ terms, count }) => ({ terms, equals: count.value ?? 0 }));
  const differences = all.people.map((_, index) => ({ terms: [[3 * index, 1], [3 * index + 1, -1], [3 * index + 2, -1]] as Terms, equals: 0 }));
  const distinct = [...new Map([...told, ...differences].map((one) => [JSON.stringify(one), one])).values()];
  const program: LinearProgram = { variables: unknown.length, least: 0, equations: distinct };
  const found = simplexSolver(program, unknown.flatMap((variable) => [{ variable, direction: 'least' as const }, { variable, direction: 'most' as const }]));
  return unknown.map((variable) => {
    const { enrolled, reached } = all.people[Math.floor(variable / 3)]!;
    return { low: found[2 * variable]!, high: found[2 * variable + 1]!, truth: [enrolled, reached, enrolled - reached][variable % 3]! };
  });
};

describe('filters', () => {
  it('that leave one intervention out give nothing away when answers are subtracted', () => {
    const [a, b, c] = [intervention('a'), intervention('b'), intervention('c', 'TR')];
    const people = [reach('a', 'host', 40, 40), reach('a', 'migrant', 3, 3), reach('b', 'host', 30, 30), reach('b', 'migrant', 4, 4), reach('c', 'host', 20, 20), reach('c', 'migrant', 12, 12)];
    const migrants = (...rows: InterventionRow[]) => answer(rows, people).totals.reach.bySide[1]?.enrolled;
    expect(migrants(a, b, c)).toEqual({ value: null, withheld: true, atLeast: 12 });
    expect(migrants(b, c)).toEqual({ value: null, withheld: true, atLeast: 12 });
    expect(migrants(a, c)).toEqual({ value: null, withheld: true, atLeast: 12 });
    expect(migrants(c)).toEqual({ value: 12, withheld: false, atLeast: 12 });
  });

  it('leave every small number of people at least six possible values, however they are combined', () => {
    fc.assert(
      fc.property(portfolio, (all) => {
        for (const { low, high, truth } of attack(all)) if (truth > 0 && truth < THRESHOLD) expect(Math.floor(high + 1e-6) - Math.ceil(low - 1e-6) + 1).toBeGreaterThanOrEqual(THRESHOLD + 1);
      }),
      { numRuns: 150 },
    );
  });

  it('are a sound attack: it finds what plain subtraction would give away', () => {
    const all: Portfolio = { rows: [intervention('i0')], people: [reach('i0', 'host', 40, 40), reach('i0', 'migrant', 20, 10)] };
    expect(attack(all).map(({ low, high, truth }) => [low, high].every((end) => Math.abs(end - truth) < 1e-6))).not.toContain(false);
  });

  it('change nothing of what is told of an intervention', () => {
    fc.assert(
      fc.property(portfolio, (all) => {
        const whole = answer(all.rows, all.people).rows;
        for (const [index, row] of all.rows.entries()) expect(answer([row], all.people).rows[0]?.reach).toEqual(whole[index]?.reach);
      }),
      { numRuns: 50 },
    );
  });

  it('give the same sums whatever the withheld numbers are', () => {
    const { rows, people } = { rows: [intervention('a'), intervention('b')], people: [reach('a', 'host', 40, 40), reach('b', 'host', 30, 30)] };
    const shown = [1, 2, 3, 4].map((few) => JSON.stringify(answer(rows, [...people, reach('a', 'migrant', few, few), reach('b', 'migrant', few, few)])));
    expect(new Set(shown).size).toBe(1);
  });
});
