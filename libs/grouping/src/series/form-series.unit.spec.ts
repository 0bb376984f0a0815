import { describe, expect, it } from '@jest/globals';
import { brokenRules } from '../forming/broken-rules.js';
import type { Person } from '../forming/request.js';
import { listRules } from '../forming/rule-list.js';
import { exactRounds } from './constructions.js';
import { formSeries, type SeriesFormed, type SeriesResult } from './form-series.js';
import { requestOf, type SeriesActivity, type SeriesRequest } from './series-request.js';

const people = (count: number, sides: readonly string[] = ['host', 'migrant']): Person[] =>
  Array.from({ length: count }, (_, index) => ({ id: `p${index}`, side: sides[index % sides.length]! }));

const activities = (count: number, groups: number, size: number): SeriesActivity[] =>
  Array.from({ length: count }, (_, index) => ({ id: `week-${index + 1}`, groups: Array.from({ length: groups }, (__, group) => ({ id: `group-${group + 1}`, min: size, max: size })) }));

/** The social golfer problem: nothing counts but new encounters. */
const golfers = (groups: number, size: number, weeks: number): SeriesRequest => ({
  people: people(groups * size, ['all']),
  activities: activities(weeks, groups, size),
  rules: { lone: { strength: 'off' } },
  weights: { variety: 0 },
});

const formed = (result: SeriesResult): SeriesFormed => {
  if (result.outcome !== 'formed') throw new Error(result.message.sentence);
  return result;
};

describe('exact schedules', () => {
  it.each([
    [3, 3, 4],
    [5, 5, 6],
    [7, 7, 8],
    [4, 4, 5],
    [8, 8, 9],
    [9, 9, 10],
    [8, 4, 9],
    [5, 4, 5],
    [5, 3, 7],
    [8, 5, 8],
    [12, 2, 23],
    [35, 5, 35],
  ])('hold %i groups of %i for %i rounds in which no two people meet twice', (groups, size, rounds) => {
    const schedule = exactRounds(groups, size)!;
    expect(schedule).toHaveLength(rounds + (groups % size === 0 && groups > size && size > 2 && rounds === groups ? 1 : 0));
    const met = new Set<string>();
    for (const round of schedule) {
      expect(round.map((group) => group.length)).toEqual(new Array(groups).fill(size));
      expect(new Set(round.flat()).size).toBe(groups * size);
      for (const group of round) for (const one of group) for (const other of group) if (one < other) met.add(`${one}-${other}`);
    }
    expect(met.size).toBe(schedule.length * groups * ((size * (size - 1)) / 2));
  });

  it('are not claimed where none is known here', () => {
    expect(exactRounds(6, 4)).toBeUndefined();
    expect(exactRounds(3, 4)).toBeUndefined();
  });
});

describe('a series of activities', () => {
  /** Floors: what a simple greedy search reaches; 97 % of the bound where a schedule is loose, 95 % where it is within a week of the most that any has; all where a construction is known. */
  it.each([
    [4, 4, 5, 112, 1],
    [5, 3, 7, 99, 1],
    [5, 4, 5, 148, 1],
    [6, 4, 6, 212, 0.95],
    [10, 4, 8, 466, 0.97],
    [8, 4, 8, 376, 1],
    [6, 5, 6, 348, 0.95],
    [8, 5, 8, 613, 1],
  ])('brings together in %i groups of %i over %i weeks at least %i pairs and a share of %f of the bound', async (groups, size, weeks, greedy, share) => {
    const { encounters } = formed(await formSeries(golfers(groups, size, weeks), { seed: 1, steps: share === 1 ? 100_000 : 12_000_000 }));
    expect(encounters.distinct).toBeGreaterThanOrEqual(greedy);
    expect(encounters.distinct / encounters.upperBound).toBeGreaterThanOrEqual(share);
    expect(encounters.repeats).toBe(weeks * groups * ((size * (size - 1)) / 2) - encounters.distinct);
  });

  const request: SeriesRequest = { people: people(24), activities: activities(10, 6, 4) };

  it('is the same for the same seed and steps, and keeps both sides in every group', async () => {
    const first = formed(await formSeries(request, { seed: 5, steps: 300_000 }));
    expect(formed(await formSeries(request, { seed: 5, steps: 300_000 }))).toEqual(first);
    for (const { groups } of first.activities) {
      for (const group of groups) expect(group.people.filter((id) => Number(id.slice(1)) % 2 === 0)).toHaveLength(2);
    }
  });

  it('stays within the rules with people away, late and gone', async () => {
    const away: SeriesRequest = {
      ...request,
      activities: request.activities.map((activity, week) => ({
        ...activity,
        groups: activity.groups.map((group) => ({ ...group, min: 2, max: 5 })),
        expected: request.people.map(({ id }) => id).filter((_, index) => (week < 4 ? index !== 0 : true) && (index !== 5 || week < 6) && (index + week) % 11 !== 0),
      })),
      rules: { apart: [{ people: ['p1', 'p2'] }], together: [{ people: ['p3', 'p4'] }] },
    };
    const result = formed(await formSeries(away, { seed: 2, steps: 200_000 }));
    result.activities.forEach(({ groups }, week) => {
      const own = requestOf(away, away.activities[week]!);
      expect(groups.flatMap((group) => group.people).sort()).toEqual([...away.activities[week]!.expected!].sort());
      expect(brokenRules(own, listRules(own), groups)).toEqual([]);
    });
  });

  it('keeps what was held, and of the plan all that attendance allows', async () => {
    const before = formed(await formSeries(request, { seed: 3, steps: 200_000 }));
    const again: SeriesRequest = {
      ...request,
      activities: request.activities.map((activity, week) => ({
        ...activity,
        groups: activity.groups.map((group) => ({ ...group, min: 2, max: 5 })),
        ...(week < 3 ? { held: before.activities[week]!.groups } : { planned: before.activities[week]!.groups }),
        ...(week >= 5 ? { expected: request.people.map(({ id }) => id).filter((id) => id !== 'p7') } : {}),
      })),
    };
    const after = formed(await formSeries(again, { seed: 3, steps: 200_000 }));
    expect(after.activities.slice(0, 5).map(({ groups }) => groups.map((group) => [...group.people].sort()))).toEqual(before.activities.slice(0, 5).map(({ groups }) => groups.map((group) => [...group.people].sort())));
    expect(after.activities.map(({ how }) => how).slice(0, 5)).toEqual(['held', 'held', 'held', 'kept', 'kept']);
    for (const { moved } of after.activities.slice(5)) expect(moved.length).toBeLessThanOrEqual(1);
  });

  it('does not put the same people into the large group again and again', async () => {
    const uneven: SeriesRequest = {
      people: people(14),
      activities: activities(8, 4, 3).map((activity) => ({ ...activity, groups: activity.groups.map((group, index) => ({ ...group, min: index < 2 ? 4 : 3, max: index < 2 ? 4 : 3 })) })),
      rules: { lone: { strength: 'off' } },
    };
    const { encounters } = formed(await formSeries(uneven, { seed: 1, steps: 400_000 }));
    // 8 people of 14 are in a group of 4 each time: 64 times in all, between 4 and 5 a person.
    expect(encounters.inLargeGroups.least).toBeGreaterThanOrEqual(3);
    expect(encounters.inLargeGroups.most).toBeLessThanOrEqual(6);
  });

  it('ends by itself where there is one group and so nothing to choose', async () => {
    const result = formed(await formSeries({ people: people(4), activities: activities(3, 1, 4) }, { seed: 1, steps: 1_000 }));
    expect(result.encounters).toMatchObject({ distinct: 6, repeats: 12 });
    expect(result.run.endedBy).toBe('nothing-left');
  });

  it('names the activity whose rules cannot hold', async () => {
    const [first, second, ...others] = request.activities;
    const cramped = { ...second!, groups: second!.groups.slice(1) };
    expect(await formSeries({ ...request, activities: [first!, cramped, ...others] }, { seed: 1, steps: 0 })).toMatchObject({ outcome: 'infeasible', activity: 'week-2', conflict: [{ code: 'CAPACITY' }], proven: true });
  });

  it('names every fault of the request by its path', async () => {
    const wrong: SeriesRequest = { ...request, activities: [{ ...request.activities[0]!, expected: ['nobody-known'] }, { ...request.activities[0]! }] };
    await expect(formSeries(wrong, { seed: 1 })).rejects.toMatchObject({ kind: 'invalid', refusals: [{ code: 'PERSON_UNKNOWN', path: ['activities', '0'] }, { code: 'ACTIVITY_TWICE', path: ['activities', '1', 'id'] }] });
  });
});
