import { Facts, type registry } from '@common-ground/contracts';
import type { FactContext } from '@common-ground/messaging';
import { on, type Projection } from './projection.js';
import { refreshReach } from './reach.js';

const designed = async (model: number, fact: registry.InterventionDesigned | registry.InterventionRevised, { tx }: FactContext): Promise<void> => {
  await tx.query(
    `INSERT INTO portfolio_intervention (model, intervention_id, mission, code, title, kind, modalities, design, sides, starts_on, ends_on)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (model, intervention_id) DO UPDATE SET title = excluded.title, kind = excluded.kind, modalities = excluded.modalities,
       design = excluded.design, sides = excluded.sides, starts_on = excluded.starts_on, ends_on = excluded.ends_on`,
    [model, fact.interventionId, fact.mission, fact.code, fact.title, fact.kind, fact.modalities, fact.design, fact.sides, fact.startsOn, fact.endsOn],
  );
};

export const registryProjection: Projection = [
  on<registry.MissionRegistered>(Facts.MissionRegistered, async (model, fact, { tx }) => {
    await tx.query(
      `INSERT INTO portfolio_mission (model, mission, name, country, time_zone) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (model, mission) DO UPDATE SET name = excluded.name, country = excluded.country, time_zone = excluded.time_zone`,
      [model, fact.mission, fact.name, fact.country, fact.timeZone],
    );
  }),
  on<registry.InterventionDesigned>(Facts.InterventionDesigned, designed),
  on<registry.InterventionRevised>(Facts.InterventionRevised, designed),
  on<registry.ParticipantEnrolled>(Facts.ParticipantEnrolled, async (model, fact, { tx }) => {
    await tx.query(
      `INSERT INTO portfolio_participant (model, participant_id, intervention_id, mission, side) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (model, participant_id) DO UPDATE SET side = excluded.side, withdrawn = false`,
      [model, fact.participantId, fact.interventionId, fact.mission, fact.side],
    );
    await refreshReach(tx, model, fact);
  }),
  on<registry.ParticipantWithdrawn>(Facts.ParticipantWithdrawn, async (model, fact, { tx }) => {
    await tx.query('UPDATE portfolio_participant SET withdrawn = true WHERE model = $1 AND participant_id = $2', [model, fact.participantId]);
  }),
];
