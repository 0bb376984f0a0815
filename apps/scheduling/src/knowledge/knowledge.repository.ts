import type { Transaction } from '@common-ground/persistence';
import type { Setting } from '../activity/domain/activity.js';
import type { KnownParticipant } from '../activity/domain/held-record.js';

export const keepMission = async (tx: Transaction, mission: string, timeZone: string): Promise<void> => {
  await tx.query('INSERT INTO known_mission (mission, time_zone) VALUES ($1, $2) ON CONFLICT (mission) DO UPDATE SET time_zone = excluded.time_zone', [mission, timeZone]);
};

export type KnownIntervention = { readonly id: string; readonly mission: string; readonly startsOn: string; readonly endsOn: string; readonly sides: readonly string[]; readonly version: number };

/** An older version than the one that is kept changes nothing. */
export const keepIntervention = async (tx: Transaction, { id, mission, startsOn, endsOn, sides, version }: KnownIntervention): Promise<void> => {
  await tx.query(
    `INSERT INTO known_intervention (id, mission, starts_on, ends_on, sides, version) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET starts_on = excluded.starts_on, ends_on = excluded.ends_on, sides = excluded.sides, version = excluded.version
     WHERE known_intervention.version < excluded.version`,
    [id, mission, startsOn, endsOn, sides, version],
  );
};

/** A participant with the few attributes that mixing and pairing go by; empty when not said. */
export type KnownProfile = KnownParticipant & { readonly languages: readonly string[]; readonly ageBand: string; readonly gender: string; readonly priorContact: string };

export const keepParticipant = async (tx: Transaction, { id, mission, interventionId, side, languages, ageBand, gender, priorContact }: Omit<KnownProfile, 'withdrawnAt'> & { readonly mission: string }): Promise<void> => {
  await tx.query(
    `INSERT INTO known_participant (id, mission, intervention_id, side, languages, age_band, gender, prior_contact) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (id) DO UPDATE SET languages = excluded.languages, age_band = excluded.age_band, gender = excluded.gender, prior_contact = excluded.prior_contact`,
    [id, mission, interventionId, side, languages, ageBand, gender, priorContact],
  );
};

/** The first day that was told stays, whatever comes before or after it. */
export const keepWithdrawal = async (tx: Transaction, { id, mission, interventionId, side, withdrawnAt }: KnownParticipant & { readonly mission: string }): Promise<void> => {
  await tx.query(
    `INSERT INTO known_participant (id, mission, intervention_id, side, withdrawn_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET withdrawn_at = coalesce(known_participant.withdrawn_at, excluded.withdrawn_at)`,
    [id, mission, interventionId, side, withdrawnAt],
  );
};

/** Interventions whose mission is known too: without its time zone no month can be told. */
export const findSettings = async (tx: Transaction, interventionIds: readonly string[]): Promise<ReadonlyMap<string, Setting>> => {
  if (interventionIds.length === 0) return new Map();
  const rows = await tx.query<Setting>(
    `SELECT known_intervention.id AS "interventionId", mission, time_zone AS "timeZone", sides, starts_on::text AS "startsOn", ends_on::text AS "endsOn"
     FROM known_intervention JOIN known_mission USING (mission) WHERE known_intervention.id = ANY ($1::uuid[])`,
    [[...new Set(interventionIds)]],
  );
  return new Map(rows.map((row) => [row.interventionId, row]));
};

const PROFILE = `id, intervention_id AS "interventionId", side, withdrawn_at AS "withdrawnAt", languages, age_band AS "ageBand", gender, prior_contact AS "priorContact"`;

export const findParticipants = async (tx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, KnownProfile>> => {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<KnownProfile>(`SELECT ${PROFILE} FROM known_participant WHERE id = ANY ($1::uuid[])`, [[...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, row]));
};

/** Everyone enrolled in the intervention, those who left included, in order of id. */
export const findEnrolled = (tx: Transaction, interventionId: string): Promise<KnownProfile[]> =>
  tx.query<KnownProfile>(`SELECT ${PROFILE} FROM known_participant WHERE intervention_id = $1 ORDER BY id`, [interventionId]);

/** Holds the row until the transaction ends. */
export const lockIntervention = async (tx: Transaction, id: string): Promise<void> => {
  await tx.query('SELECT 1 FROM known_intervention WHERE id = $1 FOR NO KEY UPDATE', [id]);
};
