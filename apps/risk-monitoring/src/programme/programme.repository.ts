import type { Transaction } from '@common-ground/persistence';

export type KnownIntervention = { readonly id: string; readonly mission: string; readonly code: string; readonly title: string };

export const keepMission = async (tx: Transaction, mission: string): Promise<void> => {
  await tx.query('INSERT INTO known_mission (mission) VALUES ($1) ON CONFLICT DO NOTHING', [mission]);
};

export const isMissionKnown = async (tx: Transaction, mission: string): Promise<boolean> =>
  (await tx.query('SELECT 1 FROM known_mission WHERE mission = $1', [mission])).length > 0;

export const keepIntervention = async (tx: Transaction, { id, mission, code, title }: KnownIntervention): Promise<void> => {
  await tx.query(
    `INSERT INTO known_intervention (id, mission, code, title) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET mission = excluded.mission, code = excluded.code, title = excluded.title`,
    [id, mission, code, title],
  );
};

/** Facts of two topics come in no order: an intervention's activities may be heard of before itself. */
export const findInterventionCode = async (tx: Transaction, id: string): Promise<string | undefined> => {
  const [row] = await tx.query<{ code: string }>('SELECT code FROM known_intervention WHERE id = $1', [id]);
  return row?.code;
};
