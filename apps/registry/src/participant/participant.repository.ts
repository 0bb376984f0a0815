import { isCode, isUuid, LIMITS, type Page, refuseText } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import type { Present } from './domain/enrolment.js';
import type { EnrolledParticipant, NewParticipant, Participant, WithdrawnParticipant } from './domain/participant.js';

const COLUMNS = `id, mission, intervention_id AS "interventionId", code, side, age_band AS "ageBand", gender, languages, prior_contact AS "priorContact",
  arm, cluster, stratum, status, withdrawal_reason AS "withdrawalReason", enrolled_at AS "enrolledAt", withdrawn_at AS "withdrawnAt", version`;

/** Everyone the rows could run into, in two statements whatever their number. Ids, codes and clusters that can be nobody's are not asked for. */
export const findPresent = async (tx: Transaction, interventionId: string, rows: readonly NewParticipant[]): Promise<Present> => {
  const participants = await tx.query<Participant>(`SELECT ${COLUMNS} FROM participant WHERE id = ANY ($2::uuid[]) OR (intervention_id = $1 AND code = ANY ($3::text[]))`, [
    interventionId,
    rows.map(({ id }) => id).filter(isUuid),
    rows.map(({ code }) => code).filter(isCode),
  ]);
  const clusters = new Set(rows.map(({ cluster }) => cluster).filter((cluster) => cluster !== '' && !refuseText([], cluster, { max: LIMITS.code })));
  if (clusters.size === 0) return { participants, armOfCluster: new Map() };
  const arms = await tx.query<{ cluster: string; arm: string }>('SELECT DISTINCT cluster, arm FROM participant WHERE intervention_id = $1 AND cluster = ANY ($2::text[])', [interventionId, [...clusters]]);
  return { participants, armOfCluster: new Map(arms.map(({ cluster, arm }) => [cluster, arm])) };
};

/** One statement for any number of people. @returns the ids that were written; an id that someone else has, in scope or not, is left out */
export const insertParticipants = async (tx: Transaction, people: readonly EnrolledParticipant[]): Promise<ReadonlySet<string>> => {
  if (people.length === 0) return new Set();
  const written = await tx.query<{ id: string }>(
    `INSERT INTO participant (id, mission, intervention_id, code, side, age_band, gender, languages, prior_contact, arm, cluster, stratum, status, withdrawal_reason, enrolled_at, version)
     SELECT "id", "mission", "interventionId", "code", "side", "ageBand", "gender", "languages", "priorContact", "arm", "cluster", "stratum", "status", '', "enrolledAt", "version"
     FROM jsonb_to_recordset($1::jsonb) AS person ("id" uuid, "mission" text, "interventionId" uuid, "code" text, "side" text, "ageBand" text, "gender" text, "languages" text[],
       "priorContact" text, "arm" text, "cluster" text, "stratum" text, "status" text, "enrolledAt" timestamptz, "version" integer)
     ON CONFLICT DO NOTHING RETURNING id`,
    [JSON.stringify(people)],
  );
  return new Set(written.map(({ id }) => id));
};

/** Holds the row until the transaction ends. */
export const lockParticipant = async (tx: Transaction, id: string): Promise<Participant | undefined> => {
  const [row] = await tx.query<Participant>(`SELECT ${COLUMNS} FROM participant WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  return row;
};

export const updateWithdrawn = async (tx: Transaction, state: WithdrawnParticipant): Promise<void> => {
  await tx.query('UPDATE participant SET status = $2, withdrawn_at = $3, withdrawal_reason = $4, version = $5 WHERE id = $1', [state.id, state.status, state.withdrawnAt, state.withdrawalReason, state.version]);
};

/** An empty side or status filters nothing. */
export type ParticipantFilter = { readonly interventionId: string; readonly side: string; readonly status: string };

const FILTER = `intervention_id = $1 AND ($2 = '' OR side = $2) AND ($3 = '' OR status = $3)`;

/** One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listParticipants = async (tx: Transaction, { interventionId, side, status }: ParticipantFilter, page: Page): Promise<{ rows: Participant[]; total: number }> => {
  const rows = await tx.query<Participant>(`SELECT ${COLUMNS} FROM participant WHERE ${FILTER} AND ($4::text IS NULL OR code > $4) ORDER BY code LIMIT $5`, [
    interventionId,
    side,
    status,
    page.after?.[0] ?? null,
    page.limit + 1,
  ]);
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM participant WHERE ${FILTER}`, [interventionId, side, status]);
  return { rows, total: counted?.total ?? 0 };
};
