import type { Transaction } from '@common-ground/persistence';

export type KnownIntervention = { readonly id: string; readonly mission: string; readonly design: string };

export const keepMission = async (tx: Transaction, mission: string): Promise<void> => {
  await tx.query('INSERT INTO mission (mission) VALUES ($1) ON CONFLICT (mission) DO NOTHING', [mission]);
};

/** @returns false when what is known is as new already */
export const keepIntervention = async (tx: Transaction, intervention: KnownIntervention, version: number): Promise<boolean> => {
  const kept = await tx.query(
    `INSERT INTO intervention (id, mission, design, version) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET mission = excluded.mission, design = excluded.design, version = excluded.version
     WHERE intervention.version < excluded.version RETURNING id`,
    [intervention.id, intervention.mission, intervention.design, version],
  );
  return kept.length === 1;
};

export type KnownParticipant = { readonly interventionId: string; readonly code: string; readonly mission: string; readonly arm: string; readonly cluster: string; readonly stratum: string };

export const keepParticipant = async (tx: Transaction, { interventionId, code, mission, arm, cluster, stratum }: KnownParticipant): Promise<void> => {
  await tx.query(
    `INSERT INTO participant (intervention_id, code, mission, arm, cluster, stratum, withdrawn) VALUES ($1, $2, $3, $4, $5, $6, false)
     ON CONFLICT (intervention_id, code) DO NOTHING`,
    [interventionId, code, mission, arm, cluster, stratum],
  );
};

export const keepWithdrawal = async (tx: Transaction, { interventionId, code }: { interventionId: string; code: string }): Promise<void> => {
  await tx.query('UPDATE participant SET withdrawn = true WHERE intervention_id = $1 AND code = $2', [interventionId, code]);
};

/** Holds the mission's row, so that its instruments count their versions one after the other. */
export const lockMission = async (tx: Transaction, mission: string): Promise<boolean> =>
  (await tx.query('SELECT mission FROM mission WHERE mission = $1 FOR NO KEY UPDATE', [mission])).length === 1;

export const isMissionKnown = async (tx: Transaction, mission: string): Promise<boolean> =>
  (await tx.query('SELECT mission FROM mission WHERE mission = $1', [mission])).length === 1;

export const findIntervention = async (tx: Transaction, id: string): Promise<KnownIntervention | undefined> => {
  const [row] = await tx.query<KnownIntervention>('SELECT id, mission, design FROM intervention WHERE id = $1', [id]);
  return row;
};

/** Withdrawn people included: who left may still answer, and what they answered counts. */
export const findEnrolledAmong = async (tx: Transaction, interventionId: string, codes: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await tx.query<{ code: string }>('SELECT code FROM participant WHERE intervention_id = $1 AND code = ANY ($2::text[])', [interventionId, codes]);
  return new Set(rows.map(({ code }) => code));
};
