import type { Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import type { Instrument } from './domain/instrument.js';

const COLUMNS = 'id, mission, code, title, version, items, published_at AS "publishedAt"';

/** 0 when the code is new. */
export const findLatestVersion = async (tx: Transaction, mission: string, code: string): Promise<number> => {
  const [row] = await tx.query<{ latest: number }>('SELECT coalesce(max(version), 0) AS latest FROM instrument WHERE mission = $1 AND code = $2', [mission, code]);
  return row?.latest ?? 0;
};

/** @returns false when the id is taken, by whomever */
export const insertInstrument = async (tx: Transaction, state: Instrument): Promise<boolean> => {
  const inserted = await tx.query(
    `INSERT INTO instrument (id, mission, code, title, version, items, published_at)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [state.id, state.mission, state.code, state.title, state.version, JSON.stringify(state.items), state.publishedAt],
  );
  return inserted.length === 1;
};

export const getInstrumentsAmong = (tx: Transaction, ids: readonly string[]): Promise<Instrument[]> =>
  tx.query<Instrument>(`SELECT ${COLUMNS} FROM instrument WHERE id = ANY ($1::uuid[]) ORDER BY mission, code, version`, [ids]);

/** Empty lists filter nothing. */
export type InstrumentFilter = { readonly missions: readonly string[]; readonly codes: readonly string[] };

const FILTER = '(cardinality($1::text[]) = 0 OR mission = ANY ($1::text[])) AND (cardinality($2::text[]) = 0 OR code = ANY ($2::text[]))';

/** One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listInstruments = async (tx: Transaction, { missions, codes }: InstrumentFilter, { after, limit }: Page): Promise<{ rows: Instrument[]; total: number }> => {
  const [mission = null, code = null, version = null] = after ?? [];
  const rows = await tx.query<Instrument>(
    `SELECT ${COLUMNS} FROM instrument WHERE ${FILTER} AND ($3::text IS NULL OR (mission, code, version) > ($3, $4, $5::integer)) ORDER BY mission, code, version LIMIT $6`,
    [missions, codes, mission, code, version, limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM instrument WHERE ${FILTER}`, [missions, codes]);
  return { rows, total: counted?.total ?? 0 };
};
