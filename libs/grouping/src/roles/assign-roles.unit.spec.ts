import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { seededRandom } from '../random.js';
import { assignRoles, type RoleGroup, type RoleHistory } from './assign-roles.js';

const member = (id: string) => ({ id, side: id.startsWith('h') ? 'host' : 'migrant' });
const group = (id: string, ...people: string[]): RoleGroup => ({ id, people: people.map(member) });
const three = [group('1', 'h1', 'h2', 'm1', 'm2'), group('2', 'h3', 'h4', 'm3', 'm4')];

/** A season of random groups, roles handed on from activity to activity. */
const season = (seed: number, activities: number, people: readonly string[], size: number) => {
  const random = seededRandom(seed);
  const history: RoleHistory[] = [];
  return Array.from({ length: activities }, (_, activity) => {
    const dealt = random.shuffle([...people]);
    const groups = Array.from({ length: Math.ceil(dealt.length / size) }, (__, at) => group(String(at), ...dealt.slice(at * size, (at + 1) * size)));
    const before = [...history];
    const result = assignRoles({ groups, roles: ['leader', 'notetaker'], history: before, seed: activity });
    history.push(...result.assignments.map(({ person, role }) => ({ person, role, times: 1 })));
    return { groups, before, result };
  });
};
const ledBefore = (history: readonly RoleHistory[], person: string, role = 'leader'): number => history.filter((one) => one.person === person && one.role === role).reduce((times, one) => times + one.times, 0);

describe('roles in groups', () => {
  it('go once to each group, to different people, balanced by side over the groups', () => {
    const { assignments, unfilled, balance } = assignRoles({ groups: three, roles: ['leader', 'notetaker', 'timekeeper'], seed: 3 });
    expect(assignments).toHaveLength(6);
    expect(new Set(assignments.map(({ person }) => person)).size).toBe(6);
    expect(unfilled).toEqual([]);
    for (const { count, share } of balance) expect([count, share]).toEqual([1, 1]);
  });

  it('let nobody lead twice while somebody in the same group has not led, whatever the season', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 3, max: 6 }), (seed, size) => {
        const people = Array.from({ length: 17 }, (_, at) => `${at % 2 === 0 ? 'h' : 'm'}${at}`);
        for (const { groups, before, result } of season(seed, 8, people, size))
          for (const { group: id, person } of result.assignments.filter(({ role }) => role === 'leader')) {
            const others = groups.find((one) => one.id === id)?.people ?? [];
            for (const other of others) expect(ledBefore(before, person)).toBeLessThanOrEqual(ledBefore(before, other.id));
          }
      }),
      { numRuns: 60, seed: 5 },
    );
  });

  it('keep sides within one place of their share at every activity while everybody’s turn is open', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 2, max: 9 }), (seed, hosts) => {
        const people = [...Array.from({ length: hosts * 2 }, (_, at) => `h${at}`), ...Array.from({ length: 12 }, (_, at) => `m${at}`)];
        const [first] = season(seed, 1, people, 6);
        for (const { role, count, share } of first?.result.balance ?? []) {
          // A group of one side leaves no choice; the rest can make up for it only while there are groups with both.
          const free = first?.groups.filter(({ people: members }) => new Set(members.map(({ side }) => side)).size > 1).length ?? 0;
          if (role === 'leader' && free === first?.groups.length) expect(Math.abs(count - share)).toBeLessThan(1);
        }
      }),
      { numRuns: 200, seed: 6 },
    );
  });

  it('honour wishes among those whose turn it is, and exclusions always', () => {
    const request = { groups: [group('1', 'h1', 'h2', 'm1')], roles: ['leader'], seed: 1 };
    const leader = (more: object) => assignRoles({ ...request, ...more }).assignments[0]?.person;
    expect(leader({ wishes: [{ person: 'h2', role: 'leader' }] })).toBe('h2');
    expect(leader({ wishes: [{ person: 'h2', role: 'leader' }], history: [{ person: 'h2', role: 'leader', times: 1 }] })).not.toBe('h2');
    expect(leader({ exclusions: [{ person: 'h1', role: 'leader' }, { person: 'h2', role: 'leader' }] })).toBe('m1');
    // Having kept time does not count as having led.
    expect(leader({ history: [{ person: 'h1', role: 'timekeeper', times: 1 }, { person: 'h2', role: 'leader', times: 1 }, { person: 'm1', role: 'leader', times: 1 }] })).toBe('h1');
  });

  it('say which role nobody could have, and why', () => {
    const pair = [group('1', 'h1', 'm1')];
    expect(assignRoles({ groups: pair, roles: ['leader', 'notetaker', 'timekeeper'], seed: 1 }).unfilled).toEqual([{ group: '1', role: 'timekeeper', because: 'nobody-left' }]);
    expect(assignRoles({ groups: pair, roles: ['leader'], exclusions: ['h1', 'm1'].map((person) => ({ person, role: 'leader' })), seed: 1 }).unfilled).toEqual([{ group: '1', role: 'leader', because: 'all-excluded' }]);
  });

  it('are the same for the same seed, and names what is wrong', () => {
    expect(assignRoles({ groups: three, roles: ['leader'], seed: 9 })).toEqual(assignRoles({ groups: three, roles: ['leader'], seed: 9 }));
    expect(() => assignRoles({ groups: [group('1', 'h1'), group('2', 'h1')], roles: ['leader'], seed: 1 })).toThrow('h1 is in two groups, the second of them 2');
    expect(() => assignRoles({ groups: three, roles: ['leader', 'leader'], seed: 1 })).toThrow('roles[1]: leader is given twice');
    expect(() => assignRoles({ groups: three, roles: [''], seed: 1 })).toThrow('roles[0] is empty');
  });
});
