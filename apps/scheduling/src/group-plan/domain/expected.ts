import { type Refusal, refusalsAmong, refuseOneOf } from '@common-ground/kernel';
import { groupRefusals } from './group-plan.errors.js';
import { EXPECTED_AT_MOST, type ForActivity, GROUP_SIZE, type GroupingRules, type KnownPeople, type KnownPerson, LONE_MEMBER_POLICIES, RULES_AT_MOST, SEED_AT_MOST } from './group-plan.js';

export const NO_RULES: GroupingRules = { sizeMin: 0, sizeMax: 0, keepApart: [], keepTogether: [], loneMember: '', sharedLanguage: false, superiors: [] };

/** Sizes as they count: what is not said is usual, and one that is said pulls the other along. */
export const sizesOf = ({ sizeMin, sizeMax }: GroupingRules): { readonly min: number; readonly max: number } => {
  const { min, max } = GROUP_SIZE.usual;
  if (sizeMin === 0) return { min: sizeMax === 0 ? min : Math.min(min, sizeMax), max: sizeMax || max };
  return { min: sizeMin, max: sizeMax || Math.max(max, sizeMin) };
};

/** Whoever is enrolled when the activity starts and not known to be absent, in order of id. */
export const expectedAt = ({ startsAt }: ForActivity, people: KnownPeople, absentIds: readonly string[]): readonly KnownPerson[] => {
  const absent = new Set(absentIds);
  return [...people.values()].filter(({ id, withdrawnAt }) => !absent.has(id) && (withdrawnAt === null || withdrawnAt > startsAt)).sort((left, right) => (left.id < right.id ? -1 : 1));
};

export const refuseExpected = (expected: readonly KnownPerson[]): Refusal[] =>
  refusalsAmong(expected.length === 0 && groupRefusals.nobodyExpected(), expected.length > EXPECTED_AT_MOST && groupRefusals.tooMany(expected.length, EXPECTED_AT_MOST));

export const refuseSeed = (seed: number | undefined): Refusal | false =>
  seed !== undefined && !(Number.isSafeInteger(seed) && seed >= 0 && seed <= SEED_AT_MOST) && groupRefusals.seed(seed, SEED_AT_MOST);

/** Everyone named is enrolled in the intervention, and named once. */
export const refuseUnknown = (ids: readonly string[], interventionId: string, people: KnownPeople, ...path: string[]): Refusal[] =>
  ids.flatMap((id, index) => {
    const at = [...path, String(index)];
    if (people.get(id)?.interventionId !== interventionId) return [groupRefusals.participantUnknown(...at)];
    return ids.indexOf(id) < index ? [groupRefusals.twice(...at)] : [];
  });

export const refuseRules = (rules: GroupingRules, interventionId: string, people: KnownPeople): Refusal[] => {
  const { most } = GROUP_SIZE;
  const size = (field: 'sizeMin' | 'sizeMax', least: number): Refusal | false => {
    const value = rules[field];
    return value !== 0 && !(Number.isSafeInteger(value) && value >= least && value <= most) && groupRefusals.size(field, value, least, most);
  };
  const wrongSizes = refusalsAmong(size('sizeMin', 2), size('sizeMax', Math.max(2, rules.sizeMin)));
  const aboutPeople = (['keepApart', 'keepTogether', 'superiors'] as const).flatMap((name) => refusePeopleRules(name, rules, interventionId, people));
  return [...wrongSizes, ...refusalsAmong(rules.loneMember !== '' && refuseOneOf(['rules', 'loneMember'], rules.loneMember, LONE_MEMBER_POLICIES)), ...aboutPeople];
};

const refusePeopleRules = (name: 'keepApart' | 'keepTogether' | 'superiors', rules: GroupingRules, interventionId: string, people: KnownPeople): Refusal[] => {
  const list = rules[name];
  if (list.length > RULES_AT_MOST) return [groupRefusals.rulesTooMany(name, list.length, RULES_AT_MOST)];
  return list.flatMap(({ participantIds }, index) => {
    if (name === 'superiors' && participantIds.length !== 2) return [groupRefusals.superiorsOfTwo(index)];
    if (participantIds.length < 2) return [groupRefusals.ruleTooSmall(name, index)];
    return refuseUnknown(participantIds, interventionId, people, 'rules', name, String(index), 'participantIds');
  });
};
