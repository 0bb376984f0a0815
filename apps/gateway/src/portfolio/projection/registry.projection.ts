import { Facts, type registry } from '@common-ground/contracts';
import type { DeliveredFact } from '@common-ground/messaging';
import type { Transaction } from '@common-ground/persistence';
import { dataOf, type Fold, gathered, latest } from './projection.js';
import { moveReach, type ReachChange } from './reach.js';

const register = async (tx: Transaction, model: number, missions: readonly registry.MissionRegistered[]): Promise<void> => {
  if (missions.length === 0) return;
  const newest = [...latest(missions, ({ mission }) => mission).values()];
  await tx.query(
    `INSERT INTO portfolio_mission (model, mission, name, country, time_zone)
     SELECT $1, * FROM jsonb_to_recordset($2::jsonb) AS given ("mission" text, "name" text, "country" text, "timeZone" text)
     ON CONFLICT (model, mission) DO UPDATE SET name = excluded.name, country = excluded.country, time_zone = excluded.time_zone`,
    [model, JSON.stringify(newest)],
  );
};

type Design = registry.InterventionDesigned | registry.InterventionRevised;

const design = async (tx: Transaction, model: number, designs: readonly Design[]): Promise<void> => {
  if (designs.length === 0) return;
  const newest = [...gathered<Design, Design>(designs, ({ interventionId }) => interventionId, (before, fact) => ({ ...fact, mission: before?.mission ?? fact.mission, code: before?.code ?? fact.code })).values()];
  await tx.query(
    `INSERT INTO portfolio_intervention (model, intervention_id, mission, code, title, kind, modalities, design, sides, starts_on, ends_on)
     SELECT $1, * FROM jsonb_to_recordset($2::jsonb) AS given ("interventionId" uuid, "mission" text, "code" text, "title" text, "kind" text, "modalities" text[], "design" text, "sides" text[], "startsOn" date, "endsOn" date)
     ON CONFLICT (model, intervention_id) DO UPDATE SET title = excluded.title, kind = excluded.kind, modalities = excluded.modalities,
       design = excluded.design, sides = excluded.sides, starts_on = excluded.starts_on, ends_on = excluded.ends_on`,
    [model, JSON.stringify(newest)],
  );
};

type Person = { readonly participantId: string; readonly interventionId: string; readonly mission: string; readonly side: string; readonly withdrawn: boolean };

/** People as they are after these facts, of those that were enrolled already or are now; a withdrawal of somebody unknown says nothing. */
const peopleAfter = (before: ReadonlyMap<string, Person>, facts: readonly DeliveredFact[]): ReadonlyMap<string, Person> => {
  const people = new Map<string, Person>();
  for (const { type, data } of facts) {
    const fact = data as registry.ParticipantEnrolled | registry.ParticipantWithdrawn;
    const known = people.get(fact.participantId) ?? before.get(fact.participantId);
    if (type === Facts.ParticipantEnrolled.type) people.set(fact.participantId, { ...(known ?? fact), participantId: fact.participantId, side: (fact as registry.ParticipantEnrolled).side, withdrawn: false });
    else if (known) people.set(fact.participantId, { ...known, withdrawn: true });
  }
  return people;
};

const enrol = async (tx: Transaction, model: number, facts: readonly DeliveredFact[]): Promise<void> => {
  if (facts.length === 0) return;
  const ids = [...new Set(facts.map(({ data }) => (data as { readonly participantId: string }).participantId))];
  const rows = await tx.query<Person>(
    'SELECT participant_id AS "participantId", intervention_id AS "interventionId", mission, side, withdrawn FROM portfolio_participant WHERE model = $1 AND participant_id = ANY ($2::uuid[]) FOR UPDATE',
    [model, ids],
  );
  const before = new Map(rows.map((row) => [row.participantId, row]));
  const after = [...peopleAfter(before, facts).values()];
  await tx.query(
    `INSERT INTO portfolio_participant (model, participant_id, intervention_id, mission, side, withdrawn)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::boolean[])
     ON CONFLICT (model, participant_id) DO UPDATE SET side = excluded.side, withdrawn = excluded.withdrawn`,
    [model, after.map(({ participantId }) => participantId), after.map(({ interventionId }) => interventionId), after.map(({ mission }) => mission), after.map(({ side }) => side), after.map(({ withdrawn }) => withdrawn)],
  );
  await moveReach(tx, model, after.flatMap((person) => changeOf(before.get(person.participantId), person)));
};

const changeOf = (before: Person | undefined, after: Person): ReachChange[] => {
  if (before?.side === after.side) return [];
  return [...(before ? [{ ...before, enrolled: -1 }] : []), { ...after, enrolled: 1 }];
};

const { MissionRegistered, InterventionDesigned, InterventionRevised, ParticipantEnrolled, ParticipantWithdrawn } = Facts;

export const registryFold: Fold = {
  types: [MissionRegistered, InterventionDesigned, InterventionRevised, ParticipantEnrolled, ParticipantWithdrawn].map(({ type }) => type),
  apply: async (tx, model, facts) => {
    await register(tx, model, dataOf<registry.MissionRegistered>(facts, MissionRegistered));
    await design(tx, model, dataOf<Design>(facts, InterventionDesigned, InterventionRevised));
    await enrol(tx, model, facts.filter(({ type }) => type === ParticipantEnrolled.type || type === ParticipantWithdrawn.type));
  },
};
