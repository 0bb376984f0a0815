import type { Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import type { Pairing } from './domain/pairing.js';

type PairingRow = Omit<Pairing, 'status'> & { readonly status: 'active' | 'ended'; readonly endedOn: string | null; readonly reason: string };

const COLUMNS = `id, mission, intervention_id AS "interventionId", supporter_id AS "supporterId", supported_id AS "supportedId", starts_on::text AS "startsOn", ends_on::text AS "endsOn",
  status, reason, ended_on::text AS "endedOn", check_ins AS "checkIns", version`;

/** @throws Error when the row is in a state that the table's checks forbid */
const pairingFrom = ({ status, endedOn, reason, ...rest }: PairingRow): Pairing => {
  if (status === 'active') return { ...rest, status };
  if (endedOn === null) throw new Error(`The pairing ${rest.id} is ended without a day.`);
  return { ...rest, status, endedOn, reason };
};

/** Held until the transaction ends. */
export const lockPairing = async (tx: Transaction, id: string): Promise<Pairing | undefined> => {
  const [row] = await tx.query<PairingRow>(`SELECT ${COLUMNS} FROM pairing WHERE id = $1 FOR NO KEY UPDATE`, [id]);
  return row && pairingFrom(row);
};

export const findActiveOf = async (tx: Transaction, interventionId: string, supportedId: string): Promise<Pairing[]> =>
  (await tx.query<PairingRow>(`SELECT ${COLUMNS} FROM pairing WHERE intervention_id = $1 AND supported_id = $2 AND status = 'active'`, [interventionId, supportedId])).map(pairingFrom);

export const findAllOf = async (tx: Transaction, interventionId: string): Promise<Pairing[]> => (await tx.query<PairingRow>(`SELECT ${COLUMNS} FROM pairing WHERE intervention_id = $1`, [interventionId])).map(pairingFrom);

const ended = (pairing: Pairing) => (pairing.status === 'ended' ? [pairing.endedOn, pairing.reason] : [null, '']);

/** @returns false when the id is another pairing's, in scope or not */
export const insertPairing = async (tx: Transaction, pairing: Pairing): Promise<boolean> => {
  const { id, mission, interventionId, supporterId, supportedId, startsOn, endsOn, status, checkIns, version } = pairing;
  const rows = await tx.query(
    `INSERT INTO pairing (id, mission, intervention_id, supporter_id, supported_id, starts_on, ends_on, status, ended_on, reason, check_ins, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, mission, interventionId, supporterId, supportedId, startsOn, endsOn, status, ...ended(pairing), JSON.stringify(checkIns), version],
  );
  return rows.length > 0;
};

export const updatePairing = async (tx: Transaction, pairing: Pairing): Promise<void> => {
  await tx.query('UPDATE pairing SET status = $2, ended_on = $3, reason = $4, check_ins = $5::jsonb, version = $6 WHERE id = $1', [pairing.id, pairing.status, ...ended(pairing), JSON.stringify(pairing.checkIns), pairing.version]);
};

/** An empty list filters nothing. */
export type PairingFilter = { readonly interventionIds: readonly string[]; readonly statuses: readonly string[] };

const FILTER = '(cardinality($1::uuid[]) = 0 OR intervention_id = ANY ($1)) AND (cardinality($2::text[]) = 0 OR status = ANY ($2))';

/** One row more than the page holds, and how many there are in all. */
export const listPairings = async (tx: Transaction, { interventionIds, statuses }: PairingFilter, page: Page): Promise<{ rows: Pairing[]; total: number }> => {
  const [startsOn = null, id = null] = page.after ?? [];
  const rows = await tx.query<PairingRow>(
    `SELECT ${COLUMNS} FROM pairing WHERE ${FILTER} AND ($3::date IS NULL OR (starts_on, id) > ($3, $4::uuid)) ORDER BY starts_on, id LIMIT $5`,
    [interventionIds, statuses, startsOn, id, page.limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM pairing WHERE ${FILTER}`, [interventionIds, statuses]);
  return { rows: rows.map(pairingFrom), total: counted?.total ?? 0 };
};
