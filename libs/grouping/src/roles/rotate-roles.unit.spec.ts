import { describe, expect, it } from '@jest/globals';
import type { FormedGroup } from '../forming/broken-rules.js';
import { seededRandom } from '../random.js';
import { rotateRoles, type RotaPerson, type Rota } from './rotate-roles.js';

const people: RotaPerson[] = Array.from({ length: 24 }, (_, index) => ({ id: `p${index}`, side: index % 2 === 0 ? 'host' : 'migrant' }));

/** Six groups of two hosts and two migrants each, by chance. */
const groupsOf = (seed: number): FormedGroup[] => {
  const random = seededRandom(seed);
  const hosts = random.shuffle(people.filter(({ side }) => side === 'host').map(({ id }) => id));
  const migrants = random.shuffle(people.filter(({ side }) => side === 'migrant').map(({ id }) => id));
  return Array.from({ length: 6 }, (_, group) => ({ id: `g${group}`, people: [...hosts.slice(2 * group, 2 * group + 2), ...migrants.slice(2 * group, 2 * group + 2)] }));
};

const season = (weeks: number, seed = 1) => Array.from({ length: weeks }, (_, week) => ({ id: `week-${week + 1}`, groups: groupsOf(100 * seed + week) }));

const leadersOf = ({ activities }: Rota, role = 'leader'): (string | null)[][] =>
  activities.map(({ holders }) => holders.filter((holder) => holder.role === role).map(({ person }) => person));

describe('a rota over many activities', () => {
  it.each([1, 2, 3, 4, 5])('gives each person one turn in four weeks of six groups (season %i)', (seed) => {
    const result = rotateRoles({ people, roles: ['leader'], activities: season(4, seed), seed });
    expect(result.counts.map(({ times }) => times)).toEqual(new Array(24).fill(1));
    expect(result.bent).toEqual([]);
  });

  it('begins second turns only when all have had a first', () => {
    const leaders = leadersOf(rotateRoles({ people, roles: ['leader'], activities: season(10), seed: 1 }));
    const led = new Map<string, number>();
    for (const week of leaders) {
      for (const person of week) led.set(person!, (led.get(person!) ?? 0) + 1);
      const times = people.map(({ id }) => led.get(id) ?? 0);
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
    }
  });

  it('lets both sides hold the role in every activity', () => {
    const sideOf = new Map(people.map(({ id, side }) => [id, side]));
    for (const week of leadersOf(rotateRoles({ people, roles: ['leader'], activities: season(8), seed: 2 }))) {
      const hosts = week.filter((person) => sideOf.get(person!) === 'host').length;
      expect({ hosts, balanced: hosts >= 2 && hosts <= 4 }).toEqual({ hosts, balanced: true });
    }
  });

  it('gives nobody two roles in one activity, nobody a role that they are kept from, and the role only to members of the group', () => {
    const some = people.map((person, index) => (index < 3 ? { ...person, excludedFrom: ['leader'] } : person));
    const activities = season(6);
    const result = rotateRoles({ people: some, roles: ['leader', 'notetaker', 'timekeeper'], activities, seed: 3 });
    result.activities.forEach(({ holders }, week) => {
      expect(new Set(holders.map(({ person }) => person)).size).toBe(18);
      for (const { group, person } of holders) expect(activities[week]!.groups.find(({ id }) => id === group)!.people).toContain(person);
      expect(holders.filter(({ role, person }) => role === 'leader' && ['p0', 'p1', 'p2'].includes(person!))).toEqual([]);
    });
  });

  it('gives a wished role first where turns allow', () => {
    const wishing = people.map((person) => (['p4', 'p9', 'p14'].includes(person.id) ? { ...person, wishes: ['leader'] } : person));
    const [first] = leadersOf(rotateRoles({ people: wishing, roles: ['leader'], activities: season(1, 7), seed: 1 }));
    const groupsWithWish = groupsOf(700).filter(({ people: members }) => members.some((id) => ['p4', 'p9', 'p14'].includes(id))).length;
    expect(first!.filter((person) => ['p4', 'p9', 'p14'].includes(person!))).toHaveLength(groupsWithWish);
  });

  it('counts turns that were held and leaves them as they were', () => {
    const activities = season(4);
    const held = activities[0]!.groups.map(({ id, people: members }) => ({ group: id, role: 'leader', person: members[0]! }));
    const result = rotateRoles({ people, roles: ['leader'], activities: [{ ...activities[0]!, held }, ...activities.slice(1)], seed: 1 });
    expect(result.activities[0]!.holders).toEqual(held);
    expect(Math.max(...result.counts.map(({ times }) => times))).toBe(1);
  });

  it('says who holds a role again while others never do, and where nobody may', () => {
    const same = groupsOf(1);
    const activities = ['week-1', 'week-2'].map((id) => ({ id, groups: [{ id: 'g0', people: ['p0'] }, { id: 'g1', people: same.flatMap((group) => group.people).filter((person) => person !== 'p0') }] }));
    const again = rotateRoles({ people, roles: ['leader'], activities, seed: 1 });
    expect(again.bent).toMatchObject([{ code: 'ROLE_TWICE_BEFORE_ALL', parameters: { again: ['p0'] } }]);
    const nobody = rotateRoles({ people: [{ id: 'p0', side: 'host', excludedFrom: ['leader'] }], roles: ['leader'], activities: [{ id: 'week-1', groups: [{ id: 'g0', people: ['p0'] }] }], seed: 1 });
    expect(nobody.bent).toMatchObject([{ code: 'ROLE_OPEN', sentence: 'Nobody in group g0 of week-1 may be leader: all are excluded or hold another role.' }]);
  });
});
