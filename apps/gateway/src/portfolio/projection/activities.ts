import { Facts, type scheduling } from '@common-ground/contracts';
import type { DeliveredFact } from '@common-ground/messaging';
import type { Transaction } from '@common-ground/persistence';
import type { Month } from './months.js';
import { gathered, latest } from './projection.js';

/** What every fact about an activity says; the rest is said by some. */
type Said = {
  readonly mission: string;
  readonly interventionId: string;
  readonly activityId: string;
  readonly month: string;
  readonly startsAt?: Date | undefined;
  readonly outcome?: string;
  readonly conditions?: scheduling.ContactConditions | undefined;
  readonly roster?: readonly scheduling.Attendance[];
  readonly groups?: readonly scheduling.HeldGroup[];
};
export type ActivityFact = Omit<DeliveredFact, 'data'> & { readonly data: Said };

type ActivityState = Said & { readonly status: string };

const STATUS: Readonly<Record<string, string>> = {
  [Facts.ActivityPlanned.type]: 'planned',
  [Facts.ActivityRescheduled.type]: 'planned',
  [Facts.ActivityCancelled.type]: 'cancelled',
  [Facts.ActivityUnrecorded.type]: 'unrecorded',
  [Facts.ActivityDidNotHappen.type]: 'did-not-happen',
  [Facts.ActivityHeld.type]: 'held',
};

/** Facts that say what an activity is now. */
export const ACTIVITY_TYPES: readonly string[] = [...Object.keys(STATUS), Facts.ActivityCorrected.type];
export const saysWhatItIs = (fact: DeliveredFact): fact is ActivityFact & DeliveredFact => ACTIVITY_TYPES.includes(fact.type);

/** A correction says itself what became of the activity. */
export const statusOf = ({ type, data }: ActivityFact): string => STATUS[type] ?? data.outcome ?? '';

export const saysWhoCame = ({ type }: ActivityFact): boolean => type === Facts.ActivityHeld.type || type === Facts.ActivityCorrected.type;

/** Each activity as the last of these facts leaves it. */
export const activitiesAfter = (facts: readonly ActivityFact[]): readonly ActivityState[] => [
  ...gathered<ActivityFact, ActivityState>(
    facts,
    ({ data }) => data.activityId,
    (before, fact) => {
      const { data } = fact;
      const status = statusOf(fact);
      return { activityId: data.activityId, mission: before?.mission ?? data.mission, interventionId: before?.interventionId ?? data.interventionId, month: data.month, startsAt: data.startsAt ?? before?.startsAt, status, conditions: status === 'held' ? data.conditions : undefined };
    },
  ).values(),
];

/** The months that these facts speak of, and those that their activities were in. */
export const monthsTouched = (facts: readonly ActivityFact[], before: readonly Month[]): readonly Month[] => [
  ...latest<Month>([...facts.map(({ data }) => data), ...before], ({ interventionId, month }) => `${interventionId}/${month}`).values(),
];

/** Writes activities as they are now. @returns the months that they were in before */
export const writeActivities = async (tx: Transaction, model: number, activities: readonly ActivityState[]): Promise<readonly Month[]> => {
  const before = await tx.query<Month>('SELECT intervention_id AS "interventionId", mission, month FROM portfolio_activity WHERE model = $1 AND activity_id = ANY ($2::uuid[]) FOR UPDATE', [model, activities.map(({ activityId }) => activityId)]);
  const column = <T>(of: (activity: ActivityState) => T): T[] => activities.map(of);
  const seen = (condition: keyof scheduling.ContactConditions) => column(({ conditions }) => conditions?.[condition] || null);
  await tx.query(
    `INSERT INTO portfolio_activity (model, activity_id, intervention_id, mission, month, status, starts_at, equal_status, common_goal, cooperation, support_of_authorities)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::integer[], $9::integer[], $10::integer[], $11::integer[])
     ON CONFLICT (model, activity_id) DO UPDATE SET month = excluded.month, status = excluded.status, starts_at = coalesce(excluded.starts_at, portfolio_activity.starts_at),
       equal_status = excluded.equal_status, common_goal = excluded.common_goal, cooperation = excluded.cooperation, support_of_authorities = excluded.support_of_authorities`,
    [model, column(({ activityId }) => activityId), column(({ interventionId }) => interventionId), column(({ mission }) => mission), column(({ month }) => month), column(({ status }) => status), column(({ startsAt }) => startsAt ?? null),
      seen('equalStatus'), seen('commonGoal'), seen('cooperation'), seen('supportOfAuthorities')],
  );
  return before;
};
