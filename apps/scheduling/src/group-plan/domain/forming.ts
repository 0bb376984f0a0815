import { formGroups } from '@common-ground/grouping';
import type { Refusal } from '@common-ground/kernel';
import { bentOf, groupsFor, measuresOf, plannedGroups, requestFor } from './asking.js';
import { expectedAt, refuseExpected, refuseRules, refuseSeed, refuseUnknown, sizesOf } from './expected.js';
import { groupRefusals } from './group-plan.errors.js';
import type { ForActivity, GroupingRules, GroupPlan, KnownPeople } from './group-plan.js';
import { type Happened, timesMet } from './history.js';

/** Enough for groups that people see, and done in a fraction of a second. */
export const SEARCH_STEPS = 400_000;

export type Refused = { readonly refusals: readonly [Refusal, ...Refusal[]] };
export const isRefused = (decision: object): decision is Refused => 'refusals' in decision;
export const refusedFor = (refusals: readonly Refusal[]): Refused | undefined => {
  const [first, ...others] = refusals;
  return first && { refusals: [first, ...others] };
};

export type Forming = { readonly seed: number; readonly rules: GroupingRules; readonly absentIds: readonly string[] };
export type Known = {
  readonly people: KnownPeople;
  readonly happened: readonly Happened[];
  readonly now: Date;
  /** Lets the process do other work between strides of the search. */
  readonly breathe: () => Promise<void>;
};

/** Mixed groups for one activity; the same people, rules and seed give the same groups. */
export const formPlan = async (activity: ForActivity, current: GroupPlan | undefined, { seed, rules, absentIds }: Forming, { people, happened, now, breathe }: Known): Promise<GroupPlan | Refused> => {
  const { interventionId } = activity;
  const wrong = refusedFor([...[refuseSeed(seed)].filter((one) => one !== false), ...refuseRules(rules, interventionId, people), ...refuseUnknown(absentIds, interventionId, people, 'absentIds')]);
  if (wrong) return wrong;
  const expected = expectedAt(activity, people, absentIds);
  const groups = groupsFor(expected.length, rules);
  const impossible = refusedFor([...refuseExpected(expected), ...(groups ? [] : [groupRefusals.sizesImpossible(expected.length, sizesOf(rules).min, sizesOf(rules).max)])]);
  if (impossible || !groups) return impossible ?? { refusals: [groupRefusals.nobodyExpected()] };
  const met = timesMet(happened, new Set(expected.map(({ id }) => id)));
  const formed = await formGroups(requestFor(expected, groups, rules, met), { seed, steps: SEARCH_STEPS, breathe });
  if (formed.outcome === 'infeasible') return { refusals: [{ code: formed.message.code, message: formed.message.sentence, path: ['rules'] }] };
  return {
    activityId: activity.id,
    mission: activity.mission,
    interventionId,
    groups: plannedGroups(formed.groups, people),
    drawn: { seed, steps: formed.run.steps, by: 'formed', rules, measures: measuresOf(formed.objective), bent: bentOf(formed.bent) },
    formedAt: now,
    version: (current?.version ?? 0) + 1,
  };
};
