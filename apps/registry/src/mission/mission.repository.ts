import type { Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import type { Mission } from './domain/mission.js';

const COLUMNS = 'mission, name, country, time_zone AS "timeZone", languages, registered_at AS "registeredAt"';

export const findMission = async (tx: Transaction, mission: string): Promise<Mission | undefined> => {
  const [row] = await tx.query<Mission>(`SELECT ${COLUMNS} FROM mission WHERE mission = $1`, [mission]);
  return row;
};

/** @returns false when the code is taken, by whomever */
export const insertMission = async (tx: Transaction, state: Mission): Promise<boolean> => {
  const inserted = await tx.query(
    `INSERT INTO mission (mission, name, country, time_zone, languages, registered_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (mission) DO NOTHING RETURNING mission`,
    [state.mission, state.name, state.country, state.timeZone, state.languages, state.registeredAt],
  );
  return inserted.length === 1;
};

export const getMissionsAmong = (tx: Transaction, missions: readonly string[]): Promise<Mission[]> =>
  tx.query<Mission>(`SELECT ${COLUMNS} FROM mission WHERE mission = ANY ($1::text[]) ORDER BY mission`, [missions]);

/** One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listMissions = async (tx: Transaction, page: Page): Promise<{ rows: Mission[]; total: number }> => {
  const rows = await tx.query<Mission>(`SELECT ${COLUMNS} FROM mission WHERE $1::text IS NULL OR mission > $1 ORDER BY mission LIMIT $2`, [page.after?.[0] ?? null, page.limit + 1]);
  const [counted] = await tx.query<{ total: number }>('SELECT count(*)::integer AS total FROM mission');
  return { rows, total: counted?.total ?? 0 };
};
