import { isCode, isUuid, type Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import { type ActivityRow, activityFrom, rowOf } from './activity.row.js';
import type { Activity, PlannedActivity } from './domain/activity.js';
import type { Grace } from './domain/decisions.js';
import type { NewActivity } from './domain/planning.js';

const PLAN = `id, mission, intervention_id AS "interventionId", code, title, place, cluster, planned_starts_at AS "plannedStartsAt", planned_ends_at AS "plannedEndsAt",
  starts_at AS "startsAt", ends_at AS "endsAt", planned_at AS "plannedAt", quiet, status, reason, recorded_at AS "recordedAt", version`;
const WHOLE = `${PLAN}, record`;
/** Counts stay, people go. */
const WITHOUT_PEOPLE = `${PLAN}, record || '{"roster": [], "groups": []}' AS record`;

const statesOf = (rows: readonly ActivityRow[]): Activity[] => rows.map(activityFrom);

/** Every activity in scope that has the id or the code of a row. Ids and codes that can be nobody's are not asked for. */
export const findPresent = async (tx: Transaction, interventionId: string, rows: readonly NewActivity[]): Promise<Activity[]> =>
  statesOf(
    await tx.query<ActivityRow>(`SELECT ${WHOLE} FROM activity WHERE id = ANY ($2::uuid[]) OR (intervention_id = $1 AND code = ANY ($3::text[]))`, [
      interventionId,
      rows.map(({ id }) => id).filter(isUuid),
      rows.map(({ code }) => code).filter(isCode),
    ]),
  );

const RECORD_SET = `jsonb_to_recordset($1::jsonb) AS given ("id" uuid, "mission" text, "interventionId" uuid, "code" text, "title" text, "place" text, "cluster" text,
  "plannedStartsAt" timestamptz, "plannedEndsAt" timestamptz, "startsAt" timestamptz, "endsAt" timestamptz, "plannedAt" timestamptz, "quiet" boolean,
  "status" text, "reason" text, "record" jsonb, "recordedAt" timestamptz, "version" integer)`;

/** One statement for any number. @returns the ids that were written; an id that another activity has, in scope or not, is left out */
export const insertActivities = async (tx: Transaction, activities: readonly PlannedActivity[]): Promise<ReadonlySet<string>> => {
  if (activities.length === 0) return new Set();
  const written = await tx.query<{ id: string }>(
    `INSERT INTO activity (id, mission, intervention_id, code, title, place, cluster, planned_starts_at, planned_ends_at, starts_at, ends_at, planned_at, quiet, status, reason, version)
     SELECT "id", "mission", "interventionId", "code", "title", "place", "cluster", "plannedStartsAt", "plannedEndsAt", "startsAt", "endsAt", "plannedAt", "quiet", "status", '', "version"
     FROM ${RECORD_SET} ON CONFLICT DO NOTHING RETURNING id`,
    [JSON.stringify(activities)],
  );
  return new Set(written.map(({ id }) => id));
};

/** One statement for any number; the rows are locked by whoever decided. */
export const updateActivities = async (tx: Transaction, activities: readonly Activity[]): Promise<void> => {
  if (activities.length === 0) return;
  await tx.query(
    `UPDATE activity SET place = given."place", planned_starts_at = given."plannedStartsAt", planned_ends_at = given."plannedEndsAt", starts_at = given."startsAt", ends_at = given."endsAt",
       status = given."status", reason = given."reason", record = nullif(given."record", 'null'), recorded_at = given."recordedAt", version = given."version"
     FROM ${RECORD_SET} WHERE activity.id = given."id"`,
    [JSON.stringify(activities.map(rowOf))],
  );
};

/** Holds the rows until the transaction ends, in the order of their ids so that batches wait for one another and never in a circle. */
export const lockActivities = async (tx: Transaction, ids: readonly string[]): Promise<Activity[]> =>
  statesOf(await tx.query<ActivityRow>(`SELECT ${WHOLE} FROM activity WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [[...new Set(ids.filter(isUuid))]]));

/** Activities that nobody has recorded in time; those that another instance is looking at are its own. */
export const lockOverdue = async (tx: Transaction, { afterEndMs, afterPlanningMs }: Grace, now: Date, limit: number): Promise<Activity[]> =>
  statesOf(
    await tx.query<ActivityRow>(
      `SELECT ${WHOLE} FROM activity WHERE status IN ('planned', 'rescheduled') AND ends_at <= $1 AND planned_at <= $2 ORDER BY ends_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
      [new Date(now.getTime() - afterEndMs), new Date(now.getTime() - afterPlanningMs), limit],
    ),
  );

export const getActivitiesAmong = (tx: Transaction, ids: readonly string[], withPeople: boolean): Promise<ActivityRow[]> =>
  tx.query<ActivityRow>(`SELECT ${withPeople ? WHOLE : WITHOUT_PEOPLE} FROM activity WHERE id = ANY ($1::uuid[]) ORDER BY starts_at, id`, [ids]);

/** An empty list filters nothing; `from` and `until` bound the start, the latter exclusive. */
export type ActivityFilter = { readonly interventionIds: readonly string[]; readonly statuses: readonly string[]; readonly from?: Date | undefined; readonly until?: Date | undefined };

const FILTER = `(cardinality($1::uuid[]) = 0 OR intervention_id = ANY ($1)) AND (cardinality($2::text[]) = 0 OR status = ANY ($2))
  AND ($3::timestamptz IS NULL OR starts_at >= $3) AND ($4::timestamptz IS NULL OR starts_at < $4)`;

/** One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listActivities = async (tx: Transaction, filter: ActivityFilter, page: Page, withPeople: boolean): Promise<{ rows: ActivityRow[]; total: number }> => {
  const wanted = [filter.interventionIds, filter.statuses, filter.from ?? null, filter.until ?? null];
  const [startsAt = null, id = null] = page.after ?? [];
  const rows = await tx.query<ActivityRow>(
    `SELECT ${withPeople ? WHOLE : WITHOUT_PEOPLE} FROM activity WHERE ${FILTER} AND ($5::timestamptz IS NULL OR (starts_at, id) > ($5, $6::uuid)) ORDER BY starts_at, id LIMIT $7`,
    [...wanted, startsAt, id, page.limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM activity WHERE ${FILTER}`, wanted);
  return { rows, total: counted?.total ?? 0 };
};
