import type { Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import type { FlagStatus, Weight } from './domain/flag.js';

/** A flag as it is stored. */
export type Flag = Weight & {
  readonly id: string;
  readonly mission: string;
  readonly interventionId: string;
  readonly rule: string;
  readonly subjectKey: string;
  readonly subject: string;
  readonly status: FlagStatus;
  readonly evidenceCount: number;
  readonly openedAt: Date;
  readonly changedAt: Date;
  readonly reason: string;
  readonly version: number;
  readonly untold: boolean;
  readonly untoldQuiet: boolean;
  /** It was opened quietly, and nothing has been said aloud since: nobody was alerted. */
  readonly quietSoFar: boolean;
};
export type FlagKey = Pick<Flag, 'interventionId' | 'rule' | 'subjectKey'>;

const COLUMNS = `id, mission, intervention_id AS "interventionId", rule, subject_key AS "subjectKey", subject, status, likelihood, impact,
  evidence_count AS "evidenceCount", opened_at AS "openedAt", changed_at AS "changedAt", reason, version, untold, untold_quiet AS "untoldQuiet", quiet_so_far AS "quietSoFar"`;
const LIVE = `status IN ('open', 'acknowledged', 'mitigating')`;

/** Holds the row until the transaction ends. */
export const lockLiveFlag = async (tx: Transaction, { interventionId, rule, subjectKey }: FlagKey): Promise<Flag | undefined> => {
  const [row] = await tx.query<Flag>(`SELECT ${COLUMNS} FROM flag WHERE intervention_id = $1 AND rule = $2 AND subject_key = $3 AND ${LIVE} FOR NO KEY UPDATE`, [interventionId, rule, subjectKey]);
  return row;
};

export const lockFlag = async (tx: Transaction, id: string): Promise<Flag | undefined> => {
  const [row] = await tx.query<Flag>(`SELECT ${COLUMNS} FROM flag WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  return row;
};

/** @returns false when another live flag of the same subject is there, or was just committed beside us */
export const insertFlag = async (tx: Transaction, flag: Flag): Promise<boolean> => {
  const inserted = await tx.query(
    `INSERT INTO flag (id, mission, intervention_id, rule, subject_key, subject, status, likelihood, impact, evidence_count, opened_at, changed_at, reason, version, untold, untold_quiet, quiet_so_far)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     ON CONFLICT (intervention_id, rule, subject_key) WHERE ${LIVE} DO NOTHING RETURNING id`,
    [flag.id, flag.mission, flag.interventionId, flag.rule, flag.subjectKey, flag.subject, flag.status, flag.likelihood, flag.impact, flag.evidenceCount, flag.openedAt, flag.changedAt, flag.reason, flag.version, flag.untold, flag.untoldQuiet, flag.quietSoFar],
  );
  return inserted.length === 1;
};

export const updateFlag = async (tx: Transaction, flag: Flag): Promise<void> => {
  await tx.query(
    `UPDATE flag SET subject = $2, status = $3, likelihood = $4, impact = $5, evidence_count = $6, changed_at = $7, reason = $8, version = $9, untold = $10, untold_quiet = $11, quiet_so_far = $12 WHERE id = $1`,
    [flag.id, flag.subject, flag.status, flag.likelihood, flag.impact, flag.evidenceCount, flag.changedAt, flag.reason, flag.version, flag.untold, flag.untoldQuiet, flag.quietSoFar],
  );
};

/** Flags whose subject is the intervention, opened before its code was known, get their name; the next fact tells it. */
export const nameSubject = async (tx: Transaction, interventionId: string, code: string): Promise<void> => {
  await tx.query(
    `UPDATE flag SET subject = $2, untold_quiet = untold_quiet OR NOT untold, untold = ${LIVE} WHERE intervention_id = $1 AND subject_key = '' AND subject <> $2`,
    [interventionId, code],
  );
};

/** Flags that gained evidence which no fact has told yet; each is taken by one teller at a time. */
export const lockUntold = (tx: Transaction, limit: number): Promise<Flag[]> =>
  tx.query<Flag>(`SELECT ${COLUMNS} FROM flag WHERE untold ORDER BY changed_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`, [limit]);

export const recordChange = async (tx: Transaction, flag: Flag, change: { from: string; by: string }): Promise<void> => {
  await tx.query(
    `INSERT INTO flag_change (flag_id, version, mission, intervention_id, from_status, to_status, reason, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [flag.id, flag.version, flag.mission, flag.interventionId, change.from, flag.status, flag.reason, flag.changedAt, change.by],
  );
};

export const getFlagsAmong = (tx: Transaction, ids: readonly string[]): Promise<Flag[]> =>
  tx.query<Flag>(`SELECT ${COLUMNS} FROM flag WHERE id = ANY ($1::uuid[]) ORDER BY opened_at DESC, id DESC`, [ids]);

/** An empty list filters nothing. */
export type FlagFilter = {
  readonly missions: readonly string[];
  readonly interventionIds: readonly string[];
  readonly statuses: readonly string[];
  readonly rules: readonly string[];
};

const FILTER = `(cardinality($1::text[]) = 0 OR mission = ANY ($1)) AND (cardinality($2::uuid[]) = 0 OR intervention_id = ANY ($2))
  AND (cardinality($3::text[]) = 0 OR status = ANY ($3)) AND (cardinality($4::text[]) = 0 OR rule = ANY ($4))`;

/** Newest first. One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listFlags = async (tx: Transaction, filter: FlagFilter, page: Page): Promise<{ rows: Flag[]; total: number }> => {
  const wanted = [filter.missions, filter.interventionIds, filter.statuses, filter.rules];
  const rows = await tx.query<Flag>(
    `SELECT ${COLUMNS} FROM flag WHERE ${FILTER} AND ($5::timestamptz IS NULL OR (opened_at, id) < ($5::timestamptz, $6::uuid)) ORDER BY opened_at DESC, id DESC LIMIT $7`,
    [...wanted, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM flag WHERE ${FILTER}`, wanted);
  return { rows, total: counted?.total ?? 0 };
};
