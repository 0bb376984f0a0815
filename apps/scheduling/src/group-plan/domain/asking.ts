import type { Attribute, BentRule as LibraryBentRule, FormedGroup, FormRequest, GroupSpec, Objective, Person, Rules } from '@common-ground/grouping';
import { type BentRule, type GroupingRules, type KnownPeople, type KnownPerson, type Measure, type PlannedGroup, sidesOf } from './group-plan.js';
import { sizesOf } from './expected.js';
import type { Met } from './history.js';

const AGE_BANDS = ['0-4', '5-12', '13-17', '18-24', '25-34', '35-49', '50-64', '65+'];

/** What the library needs to know of somebody; ages by the place of their band. */
export const personOf = ({ id, side, languages, ageBand, gender, priorContact }: KnownPerson, { superiors }: GroupingRules): Person => {
  const above = superiors.find(({ participantIds }) => participantIds[1] === id)?.participantIds[0];
  const age = AGE_BANDS.indexOf(ageBand);
  return {
    id,
    side,
    attributes: { ...(age < 0 ? {} : { age }), ...(gender === '' ? {} : { gender }), ...(priorContact === '' ? {} : { priorContact }) },
    ...(languages.length === 0 ? {} : { languages }),
    ...(above === undefined ? {} : { reportsTo: above }),
  };
};

export const ATTRIBUTES: readonly Attribute[] = [
  { name: 'age', kind: 'numeric' },
  { name: 'gender', kind: 'categorical' },
  { name: 'priorContact', kind: 'categorical' },
];

/** As few groups as keep within the largest size, in numbers that people call them by. @returns undefined when no number of groups fits */
export const groupsFor = (people: number, rules: GroupingRules): readonly GroupSpec[] | undefined => {
  const { min, max } = sizesOf(rules);
  const count = Math.ceil(people / max);
  if (count * Math.min(min, people) > people) return undefined;
  return Array.from({ length: count }, (_, group) => ({ id: String(group + 1), min: Math.min(min, people), max }));
};

/** A person answers to one superior in the library's words; whoever has more is kept apart from the others. */
const furtherSuperiors = ({ superiors }: GroupingRules): GroupingRules['superiors'] => superiors.filter(({ participantIds }, index) => superiors.findIndex((one) => one.participantIds[1] === participantIds[1]) < index);

/** Whether there are people enough for two of every side in every group; then no group is to be of one side. */
const isEnoughForAll = (expected: readonly KnownPerson[], groups: number): boolean => {
  const counts = new Map<string, number>();
  for (const { side } of expected) counts.set(side, (counts.get(side) ?? 0) + 1);
  return counts.size > 1 && [...counts.values()].every((count) => count >= 2 * groups);
};

/** Rules as the library reads them, as far as they are about people who are there. */
export const rulesFor = (rules: GroupingRules, expected: readonly KnownPerson[], groups: number, there: ReadonlySet<string> = new Set(expected.map(({ id }) => id))): Rules => {
  const about = (list: GroupingRules['keepApart']) => list.map(({ participantIds }) => ({ people: participantIds.filter((id) => there.has(id)) })).filter(({ people }) => people.length > 1);
  return {
    apart: about([...rules.keepApart, ...furtherSuperiors(rules)]),
    together: about(rules.keepTogether),
    // A side with a single member cannot have two of it anywhere: the rule bends and says so, in place of forming nothing.
    lone: { policy: isEnoughForAll(expected, groups) ? 'at-least-two' : 'two-or-none', strength: rules.loneMember === 'allowed' ? 'off' : 'should' },
    sharedLanguage: rules.sharedLanguage ? 'must' : 'off',
    superiors: 'must',
  };
};

export const requestFor = (expected: readonly KnownPerson[], groups: readonly GroupSpec[], rules: GroupingRules, met: readonly Met[]): FormRequest => ({
  people: expected.map((person) => personOf(person, rules)),
  groups,
  attributes: ATTRIBUTES,
  rules: rulesFor(rules, expected, groups.length),
  met,
});

export const plannedGroups = (groups: readonly FormedGroup[], people: KnownPeople): readonly PlannedGroup[] =>
  groups
    .filter((group) => group.people.length > 0)
    .map(({ id, people: members }) => {
      const participantIds = [...members].sort();
      return { name: id, participantIds, bySide: sidesOf(participantIds, people), roles: [], facilitator: '' };
    });

/** In the words of the glossary; every part is such that more is better. */
const MEASURES = { sides: 'side-balance', attributes: 'attribute-balance', spread: 'attribute-spread', variety: 'variety', encounters: 'new-encounters' } as const;

export const measuresOf = ({ parts, value, upperBound, randomMean }: Objective): readonly Measure[] => [
  { measure: 'objective', value, bound: upperBound, randomMean, higherIsBetter: true },
  ...parts.map((part) => ({ measure: MEASURES[part.name], value: part.value, bound: part.upperBound, randomMean: part.randomMean, higherIsBetter: true })),
];

const codeOf = (code: string): string => code.toLowerCase().replaceAll('_', '-');

export const bentOf = (bent: readonly LibraryBentRule[]): readonly BentRule[] =>
  bent.map(({ rule, groups, message }) => ({ rule: codeOf(rule.code), group: groups.join(', '), participantIds: rule.people, because: message.sentence }));
