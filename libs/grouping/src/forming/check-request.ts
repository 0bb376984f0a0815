import { throwIfRefused, type Refusal } from '@common-ground/kernel';
import type { FormRequest, PeopleRule } from './request.js';

export const PEOPLE_AT_MOST = 5000;
export const GROUPS_AT_MOST = 1000;

type Refuse = (path: readonly (string | number)[], code: string, message: string) => void;

/** @throws DomainError of kind `invalid` that carries everything wrong with the request, each by its path */
export const checkRequest = (request: FormRequest): void => {
  const refusals: Refusal[] = [];
  const refuse: Refuse = (path, code, message) => refusals.push({ code, message, path: path.map(String) });
  checkPeople(request, refuse);
  checkGroups(request, refuse);
  checkAttributes(request, refuse);
  checkRules(request, refuse);
  checkWeights(request, refuse);
  throwIfRefused(refusals);
};

const repeated = (ids: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  return ids.find((id) => seen.size === seen.add(id).size);
};

const checkPeople = ({ people }: FormRequest, refuse: Refuse): void => {
  if (people.length === 0) refuse(['people'], 'PEOPLE_MISSING', 'people is empty; give at least one person.');
  if (people.length > PEOPLE_AT_MOST) refuse(['people'], 'PEOPLE_TOO_MANY', `people has ${people.length} entries; at most ${PEOPLE_AT_MOST} fit.`);
  const twice = repeated(people.map(({ id }) => id));
  if (twice !== undefined) refuse(['people'], 'PERSON_TWICE', `people names ${twice} twice; each person once.`);
  const byId = new Map(people.map((person) => [person.id, person]));
  people.forEach(({ id, side, weight, reportsTo }, index) => {
    if (!id) refuse(['people', index, 'id'], 'PERSON_ID_MISSING', 'id is empty; give each person a code.');
    if (!side) refuse(['people', index, 'side'], 'SIDE_MISSING', 'side is empty; say which side the person belongs to.');
    if (weight !== undefined && !(weight >= 0 && weight <= 1000)) refuse(['people', index, 'weight'], 'WEIGHT_INVALID', `weight must be from 0 to 1000, not ${weight}.`);
    const seen = new Set([id]);
    for (let next = reportsTo; next !== undefined; next = byId.get(next)?.reportsTo) {
      if (seen.has(next)) return refuse(['people', index, 'reportsTo'], 'SUPERIORS_CIRCULAR', `reportsTo leads from ${id} back to ${next}; nobody can be their own superior.`);
      seen.add(next);
    }
  });
};

const checkGroups = ({ groups }: FormRequest, refuse: Refuse): void => {
  if (groups.length === 0) refuse(['groups'], 'GROUPS_MISSING', 'groups is empty; give at least one group.');
  if (groups.length > GROUPS_AT_MOST) refuse(['groups'], 'GROUPS_TOO_MANY', `groups has ${groups.length} entries; at most ${GROUPS_AT_MOST} fit.`);
  const twice = repeated(groups.map(({ id }) => id));
  if (twice !== undefined) refuse(['groups'], 'GROUP_TWICE', `groups names ${twice} twice; each group once.`);
  groups.forEach(({ min, max }, index) => {
    if (!Number.isInteger(min) || min < 0) refuse(['groups', index, 'min'], 'GROUP_SIZE_INVALID', `min must be a whole number from 0, not ${min}.`);
    if (!Number.isInteger(max) || max < 1 || max < min) refuse(['groups', index, 'max'], 'GROUP_SIZE_INVALID', `max must be a whole number from 1 and not below min (${min}), not ${max}.`);
  });
};

const checkAttributes = ({ people, attributes = [] }: FormRequest, refuse: Refuse): void => {
  const twice = repeated(attributes.map(({ name }) => name));
  if (twice !== undefined) refuse(['attributes'], 'ATTRIBUTE_TWICE', `attributes names ${twice} twice; each once.`);
  attributes.forEach(({ name, kind, weight = 1 }, index) => {
    if (!(weight >= 0 && weight <= 1000)) refuse(['attributes', index, 'weight'], 'WEIGHT_INVALID', `weight must be from 0 to 1000, not ${weight}.`);
    if (kind !== 'numeric') return;
    people.forEach((person, at) => {
      const value = person.attributes?.[name];
      if (value === undefined) return;
      if (typeof value !== 'number' || !(Math.abs(value) <= 1e9)) refuse(['people', at, 'attributes', name], 'ATTRIBUTE_NOT_NUMERIC', `${name} is numeric, so it must be a number within ±1e9 or left out.`);
    });
  });
};

const checkRules = ({ people, groups, attributes = [], rules = {}, met = [] }: FormRequest, refuse: Refuse): void => {
  const ids = new Set(people.map(({ id }) => id));
  const check = (name: 'apart' | 'together', list: readonly PeopleRule[] = []): void =>
    list.forEach(({ people: named }, index) => {
      for (const id of named) if (!ids.has(id)) refuse(['rules', name, index, 'people'], 'PERSON_UNKNOWN', `${id} is in a rule but not in people; take them out or add them.`);
    });
  check('apart', rules.apart);
  check('together', rules.together);
  rules.placed?.forEach(({ person, group }, index) => {
    if (!ids.has(person)) refuse(['rules', 'placed', index, 'person'], 'PERSON_UNKNOWN', `${person} is in a rule but not in people; take them out or add them.`);
    if (!groups.some(({ id }) => id === group)) refuse(['rules', 'placed', index, 'group'], 'GROUP_UNKNOWN', `${group} is in a rule but not in groups; take it out or add it.`);
  });
  const known = new Set(['side', ...attributes.filter(({ kind }) => kind === 'categorical').map(({ name }) => name)]);
  for (const by of rules.lone?.by ?? []) if (!known.has(by)) refuse(['rules', 'lone', 'by'], 'ATTRIBUTE_UNKNOWN', `${by} is neither side nor a categorical attribute of this request.`);
  met.forEach(({ one, other, times }, index) => {
    if (one === other) refuse(['met', index], 'MET_THEMSELVES', `${one} cannot have met themselves; name two people.`);
    if (!Number.isInteger(times) || times < 0 || times > 10_000) refuse(['met', index, 'times'], 'TIMES_INVALID', `times must be a whole number from 0 to 10000, not ${times}.`);
  });
};

const checkWeights = ({ weights = {}, acrossSides = 1 }: FormRequest, refuse: Refuse): void => {
  for (const [name, weight] of Object.entries(weights)) {
    if (!(weight >= 0 && weight <= 1000)) refuse(['weights', name], 'WEIGHT_INVALID', `${name} must be from 0 to 1000, not ${weight}.`);
  }
  if (!(acrossSides > 0 && acrossSides <= 1000)) refuse(['acrossSides'], 'WEIGHT_INVALID', `acrossSides must be above 0 and at most 1000, not ${acrossSides}.`);
};
