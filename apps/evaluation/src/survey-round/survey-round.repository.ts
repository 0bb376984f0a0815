import type { Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import type { SurveyRound } from './domain/survey-round.js';

/** A round with how much was answered; never what. */
export type CountedRound = SurveyRound & { readonly respondents: number; readonly answers: number };

const COLUMNS = `id, mission, intervention_id AS "interventionId", code, instrument_id AS "instrumentId", wave, level, population,
  to_char(opens_on, 'YYYY-MM-DD') AS "opensOn", to_char(closes_on, 'YYYY-MM-DD') AS "closesOn", status, version`;

const COUNTED = `SELECT ${COLUMNS}, counted.respondents, counted.answers FROM survey_round AS round CROSS JOIN LATERAL (
  SELECT count(*)::integer AS respondents, coalesce(sum(answers), 0)::integer AS answers FROM respondent WHERE round_id = round.id) AS counted`;

/** @returns what is taken already, by whomever; undefined when it was written */
export const insertSurveyRound = async (tx: Transaction, state: SurveyRound): Promise<'id' | 'code' | undefined> => {
  const written = await tx.query(
    `INSERT INTO survey_round (id, mission, intervention_id, code, instrument_id, wave, level, population, opens_on, closes_on, status, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING id`,
    [state.id, state.mission, state.interventionId, state.code, state.instrumentId, state.wave, state.level, state.population, state.opensOn, state.closesOn, state.status, state.version],
  );
  if (written.length === 1) return undefined;
  const open = await tx.query(`SELECT id FROM survey_round WHERE intervention_id = $1 AND code = $2 AND status = 'open' AND id <> $3`, [state.interventionId, state.code, state.id]);
  return open.length > 0 ? 'code' : 'id';
};

export const findSurveyRound = async (tx: Transaction, id: string): Promise<SurveyRound | undefined> => {
  const [row] = await tx.query<SurveyRound>(`SELECT ${COLUMNS} FROM survey_round WHERE id = $1`, [id]);
  return row;
};

/** Holds the row until the transaction ends: alone to change it, or shared with others who need it to stay as it is. */
export const lockSurveyRound = async (tx: Transaction, id: string, mode: 'UPDATE' | 'SHARE'): Promise<SurveyRound | undefined> => {
  const [row] = await tx.query<SurveyRound>(`SELECT ${COLUMNS} FROM survey_round WHERE id = $1 FOR ${mode}`, [id]);
  return row;
};

export const updateStatus = async (tx: Transaction, { id, status, version }: SurveyRound): Promise<void> => {
  await tx.query('UPDATE survey_round SET status = $2, version = $3 WHERE id = $1', [id, status, version]);
};

export const getSurveyRoundsAmong = (tx: Transaction, ids: readonly string[]): Promise<CountedRound[]> =>
  tx.query<CountedRound>(`${COUNTED} WHERE id = ANY ($1::uuid[]) ORDER BY intervention_id, code, id`, [ids]);

/** Empty lists filter nothing. */
export type SurveyRoundFilter = { readonly interventionIds: readonly string[]; readonly codes: readonly string[] };

const FILTER = '(cardinality($1::uuid[]) = 0 OR intervention_id = ANY ($1::uuid[])) AND (cardinality($2::text[]) = 0 OR code = ANY ($2::text[]))';

/** One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listSurveyRounds = async (tx: Transaction, { interventionIds, codes }: SurveyRoundFilter, { after, limit }: Page): Promise<{ rows: CountedRound[]; total: number }> => {
  const [intervention = null, code = null, id = null] = after ?? [];
  const rows = await tx.query<CountedRound>(
    `${COUNTED} WHERE ${FILTER} AND ($3::uuid IS NULL OR (intervention_id, code, id) > ($3, $4, $5::uuid)) ORDER BY intervention_id, code, id LIMIT $6`,
    [interventionIds, codes, intervention, code, id, limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM survey_round WHERE ${FILTER}`, [interventionIds, codes]);
  return { rows, total: counted?.total ?? 0 };
};
