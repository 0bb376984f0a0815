import { createHash } from 'node:crypto';
import type { DatabaseConfig } from '@common-ground/persistence';
import { queryAs } from './stage.js';

export const MISSION = 'PE';
const MEMBERS = 12;
const SIDES = ['host', 'migrant'] as const;

/** A UUID that follows from a name, so that two programs speak of the same thing. */
export const idOf = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export const interventionId = (intervention: number): string => idOf(`intervention ${intervention}`);
export const activityId = (intervention: number, activity: number): string => idOf(`activity ${intervention}/${activity}`);
export const participantId = (intervention: number, participant: number): string => idOf(`participant ${intervention}/${participant}`);

export const rosterOf = (intervention: number): { participantId: string; side: string; status: string }[] =>
  Array.from({ length: MEMBERS }, (_, index) => ({ participantId: participantId(intervention, index), side: SIDES[index % 2] as string, status: index % 6 === 5 ? 'absent' : 'present' }));

/** The record of an activity as a phone sends it. */
export const recordOf = (intervention: number, activity: number) => {
  const present = rosterOf(intervention).filter(({ status }) => status === 'present');
  return {
    activityId: activityId(intervention, activity),
    roster: rosterOf(intervention).map(({ participantId: who, status }) => ({ participantId: who, status: status.toUpperCase() })),
    groups: [0, 1].map((group) => ({ name: `group ${group + 1}`, participantIds: present.filter((_, index) => index % 2 === group).map(({ participantId: who }) => who) })),
    conditions: { equalStatus: 4, commonGoal: 5, cooperation: 4, supportOfAuthorities: 3 },
  };
};

/** Interventions, people and planned activities straight into scheduling's tables: what the registry's facts and a plan would have put there. */
export const plan = async (database: DatabaseConfig, interventions: number, activitiesEach: number): Promise<void> => {
  const list = Array.from({ length: interventions }, (_, index) => index);
  await queryAs(database, `INSERT INTO known_mission VALUES ($1, 'America/Lima') ON CONFLICT DO NOTHING`, [MISSION]);
  await queryAs(database, `INSERT INTO known_intervention SELECT id, $2, '2025-01-01', '2026-12-31', '{host,migrant}', 1 FROM unnest($1::uuid[]) AS given (id) ON CONFLICT DO NOTHING`, [list.map(interventionId), MISSION]);
  for (const intervention of list) {
    const people = rosterOf(intervention);
    await queryAs(database, 'INSERT INTO known_participant SELECT id, $3, $4, side, NULL FROM unnest($1::uuid[], $2::text[]) AS given (id, side) ON CONFLICT DO NOTHING', [people.map((one) => one.participantId), people.map(({ side }) => side), MISSION, interventionId(intervention)]);
    const activities = Array.from({ length: activitiesEach }, (_, index) => index);
    await queryAs(
      database,
      `INSERT INTO activity (id, mission, intervention_id, code, title, place, cluster, planned_starts_at, planned_ends_at, starts_at, ends_at, planned_at, quiet, status, reason, version)
       SELECT id, $3, $4, code, 'Football', 'The park', '', at, at + interval '2 hours', at, at + interval '2 hours', '2025-01-01', false, 'planned', '', 1
       FROM (SELECT id, code, '2025-03-01T15:00:00Z'::timestamptz + place * interval '1 hour' AS at FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS given (id, code, place)) AS planned`,
      [activities.map((activity) => activityId(intervention, activity)), activities.map((activity) => `a${activity}`), MISSION, interventionId(intervention)],
    );
  }
};

/** Planned again, as before a round: nothing recorded, nothing told, no command remembered. */
export const unrecordAll = (database: DatabaseConfig): Promise<object[]> =>
  queryAs(database, `TRUNCATE outbox, command; UPDATE activity SET status = 'planned', record = NULL, recorded_at = NULL, version = 1 WHERE status <> 'planned'`);
