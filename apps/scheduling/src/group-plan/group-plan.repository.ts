import type { Transaction } from '@common-ground/persistence';
import type { GroupPlan } from './domain/group-plan.js';
import type { Happened } from './domain/history.js';

const COLUMNS = 'activity_id AS "activityId", mission, intervention_id AS "interventionId", groups, drawn, formed_at AS "formedAt", version';

export const getGroupPlansAmong = (tx: Transaction, activityIds: readonly string[]): Promise<GroupPlan[]> =>
  tx.query<GroupPlan>(`SELECT ${COLUMNS} FROM group_plan WHERE activity_id = ANY ($1::uuid[]) ORDER BY activity_id`, [activityIds]);

/** One statement for any number; whoever writes holds the activities' rows. */
export const saveGroupPlans = async (tx: Transaction, plans: readonly GroupPlan[]): Promise<void> => {
  if (plans.length === 0) return;
  await tx.query(
    `INSERT INTO group_plan (activity_id, mission, intervention_id, groups, drawn, formed_at, version)
     SELECT "activityId", "mission", "interventionId", "groups", "drawn", "formedAt", "version"
     FROM jsonb_to_recordset($1::jsonb) AS given ("activityId" uuid, "mission" text, "interventionId" uuid, "groups" jsonb, "drawn" jsonb, "formedAt" timestamptz, "version" integer)
     ON CONFLICT (activity_id) DO UPDATE SET groups = excluded.groups, drawn = excluded.drawn, formed_at = excluded.formed_at, version = excluded.version`,
    [JSON.stringify(plans)],
  );
};

/** Activities looked back on: nobody remembers an encounter of two hundred activities ago as new. */
const LOOKED_BACK = 200;

/** What happened before a moment, in order: groups as they were, and roles as they were planned for them. */
export const findHappened = async (tx: Transaction, interventionId: string, before: Date): Promise<Happened[]> => {
  const rows = await tx.query<Happened>(
    `SELECT activity.id AS "activityId", activity.starts_at AS "startsAt", activity.record -> 'groups' AS groups,
       coalesce((SELECT jsonb_agg(role) FROM jsonb_array_elements(group_plan.groups) AS planned, jsonb_array_elements(planned -> 'roles') AS role), '[]') AS roles
     FROM activity LEFT JOIN group_plan ON group_plan.activity_id = activity.id
     WHERE activity.intervention_id = $1 AND activity.status = 'held' AND activity.starts_at < $2 ORDER BY activity.starts_at DESC, activity.id LIMIT ${LOOKED_BACK}`,
    [interventionId, before],
  );
  return rows.reverse();
};
