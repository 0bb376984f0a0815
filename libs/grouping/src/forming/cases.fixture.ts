import { seededRandom, type Random } from '../random.js';
import type { FormRequest, GroupSpec, PeopleRule, Person } from './request.js';

const SIDES = ['host', 'migrant'];
const LANGUAGES = ['es', 'en', 'ar', 'tr'];
const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)]!;

/**
 * A request that can be kept, and how: groups are made up first, and only rules that they keep are asked.
 * 6 to 30 people, all kinds of rules.
 */
export const feasibleCase = (seed: number): FormRequest => {
  const random = seededRandom(seed);
  const count = 2 + random.below(5);
  const hidden: Person[][] = Array.from({ length: count }, (_, group) => hiddenGroup(random, group));
  const groups = hidden.map((members, group) => specOf(random, members, group));
  const people = random.shuffle(hidden.flat());
  return {
    people,
    groups: random.shuffle(groups),
    attributes: [
      { name: 'gender', kind: 'categorical' },
      { name: 'age', kind: 'numeric' },
    ],
    rules: { apart: apartIn(random, hidden), together: togetherIn(random, hidden) },
  };
};

/** Two or more of each side that is there; all speak one language, or one of them interprets. */
const hiddenGroup = (random: Random, group: number): Person[] => {
  const sides = random.below(4) === 0 ? [pick(random, SIDES)] : SIDES;
  const language = pick(random, LANGUAGES);
  const second = pick(random, LANGUAGES);
  const interpreted = random.below(3) === 0;
  const members = sides.flatMap((side, at) =>
    Array.from({ length: 2 + random.below(2) }, (_, index): Person => {
      const spoken = interpreted && random.below(2) === 0 ? second : language;
      return {
        id: `g${group}${side}${at}${index}`,
        side,
        attributes: { gender: pick(random, ['f', 'm']), age: 15 + random.below(50) },
        languages: random.below(3) === 0 ? [spoken, pick(random, LANGUAGES)] : [spoken],
        needs: random.below(12) === 0 ? ['step-free'] : [],
      };
    }),
  );
  if (interpreted && random.below(2) === 0) members[0] = { ...members[0]!, interprets: [language, second] };
  else if (interpreted) return members.map((person) => ({ ...person, languages: [...(person.languages ?? []), language] }));
  if (random.below(5) === 0) {
    const foreign = seededRandom(random.below(1000)).below(members.length);
    return members.map((person, at) => (at === foreign ? { ...person, languages: [language] } : person));
  }
  return members;
};

const specOf = (random: Random, members: readonly Person[], group: number): GroupSpec => ({
  id: `group-${group}`,
  min: Math.max(0, members.length - random.below(2)),
  max: members.length + random.below(2),
  offers: members.some(({ needs }) => needs && needs.length > 0) || random.below(3) === 0 ? ['step-free'] : [],
  ...(random.below(4) === 0 ? { interpreterLanguages: ['es', 'ar'] } : {}),
});

const apartIn = (random: Random, hidden: readonly (readonly Person[])[]): PeopleRule[] =>
  Array.from({ length: random.below(5) }, () => {
    const groups = random.shuffle([...hidden]).slice(0, 2 + random.below(2));
    return { people: groups.map((members) => pick(random, members).id) };
  });

const togetherIn = (random: Random, hidden: readonly (readonly Person[])[]): PeopleRule[] =>
  Array.from({ length: random.below(3) }, () => {
    const members = random.shuffle([...pick(random, hidden)]);
    return { people: members.slice(0, 2 + random.below(2)).map(({ id }) => id) };
  });

/** The same, with one demand too many: mostly more than the groups can hold, but whether it can hold is for others to tell. */
export const crampedCase = (seed: number): FormRequest => {
  const request = feasibleCase(seed);
  const random = seededRandom(seed + 1);
  const ids = request.people.map(({ id }) => id);
  const some = (count: number): string[] => random.shuffle([...ids]).slice(0, count);
  switch (random.below(5)) {
    case 0:
      return { ...request, rules: { ...request.rules, apart: [...(request.rules?.apart ?? []), { people: some(request.groups.length + 1) }] } };
    case 1:
      return { ...request, people: [...request.people, { id: 'alone', side: 'guest', languages: ['es'] }] };
    case 2:
      return { ...request, groups: request.groups.map((group) => ({ ...group, offers: [] })), people: request.people.map((person, at) => (at === 0 ? { ...person, needs: ['step-free'] } : person)) };
    case 3:
      return { ...request, rules: { ...request.rules, together: [...(request.rules?.together ?? []), { people: some(3) }], apart: [...(request.rules?.apart ?? []), { people: some(3) }] } };
    default:
      return { ...request, people: request.people.map((person, at) => (at < 2 ? { ...person, languages: [`only-${at}`] } : person)), groups: request.groups.map(({ id, min, max }) => ({ id, min, max })) };
  }
};
