import { describe, expect, it } from '@jest/globals';
import { brokenRules, type FormedGroup } from '../forming/broken-rules.js';
import { feasibleCase } from '../forming/cases.fixture.js';
import { formGroups } from '../forming/form-groups.js';
import type { FormRequest, Person } from '../forming/request.js';
import { listRules } from '../forming/rule-list.js';
import { seededRandom } from '../random.js';
import { regroup, type RegroupRequest } from './regroup.js';

const person = (id: string, side: string): Person => ({ id, side });
const twelve = [...'abcdef'].map((id) => person(id, 'host')).concat([...'uvwxyz'].map((id) => person(id, 'migrant')));
const three = ['red', 'green', 'blue'].map((id) => ({ id, min: 2, max: 5 }));
const current: FormedGroup[] = [
  { id: 'red', people: ['a', 'b', 'u', 'v'] },
  { id: 'green', people: ['c', 'd', 'w', 'x'] },
  { id: 'blue', people: ['e', 'f', 'y', 'z'] },
];
const options = { seed: 1 };

describe('regrouping on the spot', () => {
  it('moves nobody when everybody is where they may be', () => {
    expect(regroup({ people: twelve, groups: three, current }, options)).toMatchObject({ outcome: 'regrouped', moves: [], missing: [], arrived: [], fewestProven: true });
  });

  it('moves one person to mend the group of somebody missing, and no more', () => {
    const result = regroup({ people: twelve.filter(({ id }) => id !== 'a'), groups: three, current }, options);
    // b would be the only host of red, so b leaves; nobody else has to.
    expect(result).toMatchObject({ outcome: 'regrouped', missing: ['a'], fewestProven: true });
    expect(result.outcome === 'regrouped' && result.moves).toHaveLength(1);
  });

  it('puts somebody who came unannounced where nobody has to move', () => {
    const result = regroup({ people: [...twelve, person('new', 'host')], groups: three, current }, options);
    expect(result).toMatchObject({ outcome: 'regrouped', moves: [], arrived: ['new'] });
  });

  it('moves the one person who is asked to move, and others only as far as rules need it', () => {
    const fixed = three.map((group) => ({ ...group, min: 4, max: 4 }));
    const result = regroup({ people: twelve, groups: fixed, current, rules: { placed: [{ person: 'a', group: 'blue' }] } }, options);
    expect(result).toMatchObject({ outcome: 'regrouped', fewestProven: true });
    if (result.outcome !== 'regrouped') return;
    expect(result.moves).toHaveLength(2);
    expect(result.moves).toContainEqual({ person: 'a', from: 'red', to: 'blue' });
    expect(result.groups.every(({ people }) => people.length === 4)).toBe(true);
  });

  it('names the rules when nobody can be placed', () => {
    const result = regroup({ people: [...twelve, ...[...'1234'].map((id) => person(id, 'host'))], groups: three, current }, options);
    expect(result).toMatchObject({ outcome: 'infeasible', proven: true, conflict: [{ code: 'CAPACITY' }] });
  });

  it('finds as few moves as trying everything does, and keeps every rule', async () => {
    let compared = 0;
    for (let seed = 1; compared < 12; seed += 1) {
      const before = feasibleCase(seed);
      if (before.groups.length ** before.people.length > 3_000) continue;
      const formed = await formGroups(before, { seed, steps: 0 });
      if (formed.outcome !== 'formed') throw new Error(`case ${seed} cannot be formed`);
      const request = disturbed(before, formed.groups, seed);
      const least = fewestByTrying(request);
      const result = regroup(request, { seed, steps: 2_000 });
      expect(result.outcome).toBe(least === Infinity ? 'infeasible' : 'regrouped');
      compared += 1;
      if (result.outcome !== 'regrouped') continue;
      expect({ seed, moves: result.moves.length }).toEqual({ seed, moves: least });
      expect(brokenRules(request, listRules(request), result.groups)).toEqual([]);
    }
  });
});

/** Somebody is missing, or came, and one group may hold one more. */
const disturbed = (before: FormRequest, current: readonly FormedGroup[], seed: number): RegroupRequest => {
  const random = seededRandom(seed);
  const gone = before.people[random.below(before.people.length)]!;
  const people = random.below(2) === 0 ? before.people.filter((one) => one !== gone) : [...before.people, { ...gone, id: 'newcomer' }];
  const here = new Set(people.map(({ id }) => id));
  const rules = {
    apart: before.rules?.apart?.map((rule) => ({ people: rule.people.filter((id) => here.has(id)) })) ?? [],
    together: before.rules?.together?.map((rule) => ({ people: rule.people.filter((id) => here.has(id)) })) ?? [],
  };
  return { ...before, people, rules, groups: before.groups.map((group) => ({ ...group, min: Math.max(0, group.min - 1), max: group.max + 1 })), current };
};

const fewestByTrying = (request: RegroupRequest): number => {
  const { people, groups, current } = request;
  const rules = listRules(request);
  const home = new Map(current.flatMap(({ id, people: members }) => members.map((one) => [one, id] as const)));
  let least = Infinity;
  const total = groups.length ** people.length;
  for (let code = 0; code < total; code += 1) {
    const formed = groups.map(({ id }) => ({ id, people: [] as string[] }));
    let rest = code;
    let moves = 0;
    for (const { id } of people) {
      const group = formed[rest % groups.length]!;
      rest = Math.floor(rest / groups.length);
      group.people.push(id);
      if (home.has(id) && home.get(id) !== group.id) moves += 1;
    }
    if (moves < least && brokenRules(request, rules, formed).length === 0) least = moves;
  }
  return least;
};
