import type { Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import type { Enrolled, Intervention } from './domain/intervention.js';

const COLUMNS = `id, mission, code, title, kind, modalities, starts_on::text AS "startsOn", ends_on::text AS "endsOn", aim, design,
  assignment_unit AS "assignmentUnit", sides, designed_at AS "designedAt", version`;

/** Holds the row until the transaction ends: enrolment and revision of one intervention take turns. */
export const lockIntervention = async (tx: Transaction, id: string): Promise<Intervention | undefined> => {
  const [row] = await tx.query<Intervention>(`SELECT ${COLUMNS} FROM intervention WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  return row;
};

/** @returns what stands in the way: an id or a code that is taken, by whomever; undefined when it was written */
export const insertIntervention = async (tx: Transaction, state: Intervention): Promise<'id' | 'code' | undefined> => {
  const inserted = await tx.query(
    `INSERT INTO intervention (id, mission, code, title, kind, modalities, starts_on, ends_on, aim, design, assignment_unit, sides, designed_at, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING RETURNING id`,
    [state.id, state.mission, state.code, state.title, state.kind, state.modalities, state.startsOn, state.endsOn, state.aim, state.design, state.assignmentUnit, state.sides, state.designedAt, state.version],
  );
  if (inserted.length === 1) return undefined;
  const sameCode = await tx.query('SELECT 1 FROM intervention WHERE mission = $1 AND code = $2 AND id <> $3', [state.mission, state.code, state.id]);
  return sameCode.length > 0 ? 'code' : 'id';
};

export const updateIntervention = async (tx: Transaction, state: Intervention): Promise<void> => {
  await tx.query(
    `UPDATE intervention SET title = $2, kind = $3, modalities = $4, starts_on = $5, ends_on = $6, aim = $7, design = $8, assignment_unit = $9, sides = $10, version = $11
     WHERE id = $1`,
    [state.id, state.title, state.kind, state.modalities, state.startsOn, state.endsOn, state.aim, state.design, state.assignmentUnit, state.sides, state.version],
  );
};

/** What enrolment has fixed. People who left count: their answers are still compared by arm and side. */
export const findEnrolled = async (tx: Transaction, id: string): Promise<Enrolled> => {
  const [row] = await tx.query<Enrolled>(
    `SELECT coalesce(array_agg(DISTINCT side), '{}') AS sides,
       coalesce(bool_or(arm <> ''), false) AS "withArm", coalesce(bool_or(arm = ''), false) AS "withoutArm",
       coalesce(bool_or(cluster <> ''), false) AS "withCluster", coalesce(bool_or(cluster = ''), false) AS "withoutCluster"
     FROM participant WHERE intervention_id = $1`,
    [id],
  );
  return row ?? { sides: [], withArm: false, withoutArm: false, withCluster: false, withoutCluster: false };
};

export const getInterventionsAmong = (tx: Transaction, ids: readonly string[]): Promise<Intervention[]> =>
  tx.query<Intervention>(`SELECT ${COLUMNS} FROM intervention WHERE id = ANY ($1::uuid[]) ORDER BY mission, code`, [ids]);

/** An empty list filters nothing. */
export type InterventionFilter = { readonly missions: readonly string[]; readonly kinds: readonly string[]; readonly codes: readonly string[] };

const FILTER = `(cardinality($1::text[]) = 0 OR mission = ANY ($1)) AND (cardinality($2::text[]) = 0 OR kind = ANY ($2)) AND (cardinality($3::text[]) = 0 OR code = ANY ($3))`;

/** One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listInterventions = async (tx: Transaction, { missions, kinds, codes }: InterventionFilter, page: Page): Promise<{ rows: Intervention[]; total: number }> => {
  const [mission = null, code = null] = page.after ?? [];
  const rows = await tx.query<Intervention>(
    `SELECT ${COLUMNS} FROM intervention WHERE ${FILTER} AND ($4::text IS NULL OR (mission, code) > ($4, $5::text)) ORDER BY mission, code LIMIT $6`,
    [missions, kinds, codes, mission, code, page.limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM intervention WHERE ${FILTER}`, [missions, kinds, codes]);
  return { rows, total: counted?.total ?? 0 };
};
