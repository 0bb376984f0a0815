import { encountersOver, seedOfPart } from '@common-ground/grouping';
import type { Refusal } from '@common-ground/kernel';
import { refuseUnknown } from './expected.js';
import { formPlan, isRefused, type Known, type Refused, refusedFor } from './forming.js';
import { groupRefusals } from './group-plan.errors.js';
import { type ForActivity, type GroupingRules, type GroupPlan, SEED_AT_MOST } from './group-plan.js';
import type { Happened } from './history.js';

export type ExpectedAbsence = { readonly activityId: string; readonly participantIds: readonly string[] };
export type SeriesRequest = { readonly seed: number; readonly rules: GroupingRules; readonly absences: readonly ExpectedAbsence[] };

/** `coverage`: of the pairs of different sides among those expected, the share that meets at least once, what happened before included. */
export type Series = { readonly plans: readonly GroupPlan[]; readonly coverage: number; readonly randomCoverage: number };

const refuseAbsences = (absences: readonly ExpectedAbsence[], activities: readonly ForActivity[], { people }: Known): Refusal[] =>
  absences.flatMap(({ activityId, participantIds }, index) => {
    const path = ['absences', String(index)];
    const activity = activities.find(({ id }) => id === activityId);
    if (!activity) return [groupRefusals.notInSeries(...path, 'activityId')];
    return refuseUnknown(participantIds, activity.interventionId, people, ...path, 'participantIds');
  });

/**
 * Groups for activities in order of time, each knowing what happened and what is planned before it.
 * @param activities - of one intervention, one at least, in order of time
 */
export const formSeries = async (activities: readonly ForActivity[], current: ReadonlyMap<string, GroupPlan>, { seed, rules, absences }: SeriesRequest, known: Known): Promise<Series | Refused> => {
  const wrong = refusedFor(refuseAbsences(absences, activities, known));
  if (wrong) return wrong;
  const plans: GroupPlan[] = [];
  for (const [index, activity] of activities.entries()) {
    const absentIds = [...new Set(absences.filter(({ activityId }) => activityId === activity.id).flatMap(({ participantIds }) => participantIds))];
    const planned = plans.map((plan): Happened => ({ activityId: plan.activityId, startsAt: known.now, groups: plan.groups, roles: [] }));
    const plan = await formPlan(activity, current.get(activity.id), { seed: seedOfPart(seed, index) & SEED_AT_MOST, rules, absentIds }, { ...known, happened: [...known.happened, ...planned] });
    if (isRefused(plan)) return plan;
    plans.push({ ...plan, drawn: { ...plan.drawn, by: 'series' } });
  }
  return { plans, ...coverageOf(plans, known, seed) };
};

const coverageOf = (plans: readonly GroupPlan[], { people, happened }: Known, seed: number): { readonly coverage: number; readonly randomCoverage: number } => {
  const expected = new Set(plans.flatMap(({ groups }) => groups.flatMap(({ participantIds }) => participantIds)));
  const there = [...expected].flatMap((id) => people.get(id) ?? []).map(({ id, side }) => ({ id, side }));
  const before = happened.map(({ activityId: id, groups }) => ({ id, groups: groups.map(({ participantIds }) => participantIds.filter((one) => expected.has(one))) }));
  const ahead = plans.map(({ activityId: id, groups }) => ({ id, groups: groups.map(({ participantIds }) => participantIds) }));
  const encounters = encountersOver({ basis: 'planned', people: there, gatherings: [...before, ...ahead], seed, permutations: 99 });
  return encounters.estimable ? { coverage: encounters.coverage, randomCoverage: encounters.chance?.coverage ?? 0 } : { coverage: 0, randomCoverage: 0 };
};
