import { type ActivityGroups, encountersOver, type FormedGroup, formSeries as formSeriesGroups, type SeriesActivity } from '@common-ground/grouping';
import type { Refusal } from '@common-ground/kernel';
import { ATTRIBUTES, bentOf, groupsFor, measuresOf, personOf, plannedGroups, rulesFor } from './asking.js';
import { expectedAt, refuseExpected, refuseRules, refuseSeed, refuseUnknown, sizesOf } from './expected.js';
import { type Known, type Refused, refusedFor } from './forming.js';
import { groupRefusals } from './group-plan.errors.js';
import { type ForActivity, type GroupingRules, type GroupPlan, type KnownPeople, type KnownPerson, type PlannedGroup, sameGroups } from './group-plan.js';
import { timesMet } from './history.js';

/** Enough for a season that people see, done in seconds. */
const STEPS = { each: 400_000, most: 4_000_000 } as const;

export type ExpectedAbsence = { readonly activityId: string; readonly participantIds: readonly string[] };
export type SeriesRequest = { readonly seed: number; readonly rules: GroupingRules; readonly absences: readonly ExpectedAbsence[] };

/** `coverage`: of the pairs of different sides among those expected, the share that meets at least once, what happened before included. */
export type Series = { readonly plans: readonly GroupPlan[]; readonly coverage: number; readonly randomCoverage: number };

type Part = { readonly activity: ForActivity; readonly expected: readonly KnownPerson[]; readonly part: SeriesActivity };

/**
 * Groups for activities of one intervention, drawn up together. What happened stays; what is planned already is kept, but for the
 * fewest moves that rules and absences need.
 * @param activities - one at least, in order of time
 */
export const formSeries = async (activities: readonly ForActivity[], current: ReadonlyMap<string, GroupPlan>, { seed, rules, absences }: SeriesRequest, known: Known): Promise<Series | Refused> => {
  const interventionId = activities[0]?.interventionId ?? '';
  const wrong = refusedFor([...[refuseSeed(seed)].filter((one) => one !== false), ...refuseRules(rules, interventionId, known.people), ...refuseAbsences(absences, activities, known)]);
  if (wrong) return wrong;
  const parts: Part[] = [];
  for (const [index, activity] of activities.entries()) {
    const part = partOf(activity, current.get(activity.id), rules, absentFrom(activity, absences), known.people);
    if ('refusals' in part) return { refusals: part.refusals.map((refusal): Refusal => ({ ...refusal, path: ['activityIds', String(index)] })) as unknown as Refused['refusals'] };
    parts.push(part);
  }
  const people = [...new Map(parts.flatMap(({ expected }) => expected).map((person) => [person.id, person])).values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  const ids = new Set(people.map(({ id }) => id));
  // A rule that asks for two of a side in every group asks so of every activity: it holds where the scarcest can keep it.
  const [scarcest] = [...parts].sort((left, right) => left.expected.length - right.expected.length);
  const formed = await formSeriesGroups(
    {
      people: people.map((person) => personOf(person, rules)),
      attributes: ATTRIBUTES,
      rules: rulesFor(rules, scarcest?.expected ?? [], scarcest?.part.groups.length ?? 1, ids),
      met: timesMet(known.happened, ids),
      activities: parts.map(({ part }) => part),
    },
    { seed, steps: Math.min(STEPS.most, STEPS.each * activities.length), breathe: known.breathe },
  );
  if (formed.outcome === 'infeasible') return { refusals: [{ code: formed.message.code, message: formed.message.sentence, path: ['activityIds', String(activities.findIndex(({ id }) => id === formed.activity))] }] };
  const plans = parts.map(({ activity }, index) => planOf(activity, current.get(activity.id), formed.activities[index] as ActivityGroups, { seed, rules, steps: formed.run.steps, known }));
  return { plans, ...coverageOf(plans, known, seed) };
};

const absentFrom = ({ id }: ForActivity, absences: readonly ExpectedAbsence[]): readonly string[] => [...new Set(absences.filter(({ activityId }) => activityId === id).flatMap(({ participantIds }) => participantIds))];

const refuseAbsences = (absences: readonly ExpectedAbsence[], activities: readonly ForActivity[], { people }: Known): Refusal[] =>
  absences.flatMap(({ activityId, participantIds }, index) => {
    const path = ['absences', String(index)];
    const activity = activities.find(({ id }) => id === activityId);
    if (!activity) return [groupRefusals.notInSeries(...path, 'activityId')];
    return refuseUnknown(participantIds, activity.interventionId, people, ...path, 'participantIds');
  });

const partOf = (activity: ForActivity, current: GroupPlan | undefined, rules: GroupingRules, absentIds: readonly string[], people: KnownPeople): Part | Refused => {
  const expected = expectedAt(activity, people, absentIds);
  const groups = groupsFor(expected.length, rules);
  const wrong = refusedFor([...refuseExpected(expected), ...(groups ? [] : [groupRefusals.sizesImpossible(expected.length, sizesOf(rules).min, sizesOf(rules).max)])]);
  if (wrong || !groups) return wrong ?? { refusals: [groupRefusals.nobodyExpected()] };
  const planned = plannedFor(current, new Set(groups.map(({ id }) => id)));
  return { activity, expected, part: { id: activity.id, groups, expected: expected.map(({ id }) => id), ...(planned ? { planned } : {}) } };
};

/** Groups of an earlier plan stand while they are as many as are needed now. */
const plannedFor = (current: GroupPlan | undefined, names: ReadonlySet<string>): readonly FormedGroup[] | undefined =>
  current?.groups.length === names.size && current.groups.every(({ name }) => names.has(name)) ? current.groups.map(({ name, participantIds }) => ({ id: name, people: participantIds })) : undefined;

type Drawing = { readonly seed: number; readonly rules: GroupingRules; readonly steps: number; readonly known: Known };

/** What was planned and stays the same is the plan that stands; roles and facilitators stay with groups as far as their people do. */
const planOf = ({ id: activityId, mission, interventionId }: ForActivity, current: GroupPlan | undefined, { groups, objective, bent }: ActivityGroups, { seed, rules, steps, known }: Drawing): GroupPlan => {
  const before = new Map(current?.groups.map((group) => [group.name, group]));
  const drawn = plannedGroups(groups, known.people).map((group): PlannedGroup => {
    const there = before.get(group.name);
    return { ...group, facilitator: there?.facilitator ?? '', roles: (there?.roles ?? []).filter(({ participantId }) => group.participantIds.includes(participantId)) };
  });
  if (current && sameGroups(drawn, current.groups)) return current;
  return { activityId, mission, interventionId, groups: drawn, drawn: { seed, steps, by: 'series', rules, measures: measuresOf(objective), bent: bentOf(bent) }, formedAt: known.now, version: (current?.version ?? 0) + 1 };
};

const coverageOf = (plans: readonly GroupPlan[], { people, happened }: Known, seed: number): { readonly coverage: number; readonly randomCoverage: number } => {
  const expected = new Set(plans.flatMap(({ groups }) => groups.flatMap(({ participantIds }) => participantIds)));
  const there = [...expected].flatMap((id) => people.get(id) ?? []).map(({ id, side }) => ({ id, side }));
  const before = happened.map(({ activityId: id, groups }) => ({ id, groups: groups.map(({ participantIds }) => participantIds.filter((one) => expected.has(one))) }));
  const ahead = plans.map(({ activityId: id, groups }) => ({ id, groups: groups.map(({ participantIds }) => participantIds) }));
  const encounters = encountersOver({ basis: 'planned', people: there, gatherings: [...before, ...ahead], seed, permutations: 99 });
  return encounters.estimable ? { coverage: encounters.coverage, randomCoverage: encounters.chance?.coverage ?? 0 } : { coverage: 0, randomCoverage: 0 };
};
