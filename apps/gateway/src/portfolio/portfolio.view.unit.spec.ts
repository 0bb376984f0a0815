import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InterventionRow, ReachRow } from './portfolio.repository.js';
import { rowOf, sumsOf } from './portfolio.view.js';

const intervention = (id: string, mission = 'PE'): InterventionRow => ({
  intervention_id: id, mission, mission_name: mission, code: id, title: id, kind: 'discover', modalities: [], design: 'none', sides: ['host', 'migrant'], starts_on: '2026-01-01', ends_on: '2026-12-31',
  planned: 0, held: 0, unrecorded: 0, did_not_happen: 0, cancelled: 0, first_held_at: null, last_held_at: null,
  equal_status_sum: 0, equal_status_n: 0, common_goal_sum: 0, common_goal_n: 0, cooperation_sum: 0, cooperation_n: 0, support_sum: 0, support_n: 0, reached: 0, flags_open: 0,
});
const reach = (id: string, side: string, enrolled: number, reached: number): ReachRow => ({ intervention_id: id, side, enrolled, reached });
const shown = (rows: readonly InterventionRow[], people: readonly ReachRow[]) => ({
  rows: rows.map((row) => rowOf(row, { reach: people, waves: [], estimates: [], flags: [], months: [], mixing: { figures: [], sides: [] } }, 5)),
  ...sumsOf(rows, people, [], 5),
});

describe('sums of people reached', () => {
  it('do not tell by subtraction that two of fifty never came', () => {
    const { rows, totals, missions } = shown([intervention('a'), intervention('b')], [reach('a', 'migrant', 50, 48), reach('b', 'migrant', 30, 10)]);
    expect(rows.map(({ reach: { bySide } }) => bySide[1]?.reached.value)).toEqual([null, 10]);
    for (const { reach: { bySide, reached, enrolled } } of [totals, ...missions]) expect([bySide[1]?.reached.value, reached.value, enrolled.value]).toEqual([null, null, 80]);
  });

  it('are told where nobody is few', () => {
    const { totals } = shown([intervention('a'), intervention('b')], [reach('a', 'migrant', 50, 40), reach('b', 'migrant', 30, 10), reach('b', 'host', 20, 20)]);
    expect([totals.reach.reached.value, totals.reach.bySide.map(({ reached }) => reached.value)]).toEqual([70, [20, 50]]);
  });

  it('are told where what is withheld stays unknown', () => {
    const { totals } = shown([intervention('a'), intervention('b')], [reach('a', 'migrant', 50, 48), reach('b', 'migrant', 30, 27)]);
    expect(totals.reach.bySide[1]?.reached.value).toBe(75);
  });

  it('leave a withheld row unknown, whatever the others are', () => {
    const other = fc.record({ enrolled: fc.nat(40), share: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(other, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 4 }), (others, missed) => {
        const people = [reach('i0', 'migrant', 60, 60 - missed), ...others.map(({ enrolled, share }, index) => reach(`i${index + 1}`, 'migrant', enrolled, Math.floor(enrolled * share)))];
        const { rows, totals } = shown(people.map(({ intervention_id: id }) => intervention(id)), people);
        const known = rows.slice(1).map(({ reach: { bySide } }) => bySide[1]?.reached.value ?? null);
        const alone = known.every((value) => value !== null);
        expect([rows[0]?.reach.bySide[1]?.reached.value, alone && totals.reach.bySide[1]?.reached.value !== null]).toEqual([null, false]);
      }),
    );
  });
});
