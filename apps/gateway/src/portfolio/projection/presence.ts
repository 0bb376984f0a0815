import type { Transaction } from '@common-ground/persistence';
import { type ActivityFact, statusOf } from './activities.js';
import { gathered, latest } from './projection.js';
import { moveReach, type ReachChange } from './reach.js';

type Presence = { readonly activityId: string; readonly interventionId: string; readonly mission: string; readonly participantId: string; readonly side: string };
type Roster = { readonly activityId: string; readonly present: readonly Presence[] };

/** Who was at each activity by the last record of it: nobody, where it was corrected to not held. */
export const rostersOf = (records: readonly ActivityFact[]): readonly Roster[] => [...latest(records, ({ data }) => data.activityId).values()].map(rosterOf);

const rosterOf = (record: ActivityFact): Roster => {
  const { activityId, interventionId, mission, roster = [] } = record.data;
  const present = statusOf(record) === 'held' ? roster.filter(({ status }) => status === 'present') : [];
  // Somebody who stands there twice came once, on the side that was named first.
  const sides = gathered(present, ({ participantId }) => participantId, (first: string | undefined, { side }) => first ?? side);
  return { activityId, present: [...sides].map(([participantId, side]) => ({ activityId, interventionId, mission, participantId, side })) };
};

const personOf = ({ interventionId, side, participantId }: Presence): string => `${interventionId}/${side}/${participantId}`;

/** Puts rosters in place of whatever earlier records said, and counts whom that reaches for the first time, or not any more. */
export const attend = async (tx: Transaction, model: number, rosters: readonly Roster[]): Promise<void> => {
  if (rosters.length === 0) return;
  const gone = await tx.query<Presence>(
    `DELETE FROM portfolio_presence WHERE model = $1 AND activity_id = ANY ($2::uuid[])
     RETURNING activity_id AS "activityId", intervention_id AS "interventionId", mission, participant_id AS "participantId", side`,
    [model, rosters.map(({ activityId }) => activityId)],
  );
  const come = rosters.flatMap(({ present }) => present);
  const changes = await reachMoved(tx, model, gone, come);
  await tx.query(
    `INSERT INTO portfolio_presence (model, activity_id, participant_id, intervention_id, mission, side)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[])`,
    [model, come.map(({ activityId }) => activityId), come.map(({ participantId }) => participantId), come.map(({ interventionId }) => interventionId), come.map(({ mission }) => mission), come.map(({ side }) => side)],
  );
  await moveReach(tx, model, changes);
};

/** Asked between the going and the coming: who has been to no other activity of the intervention. */
const reachMoved = async (tx: Transaction, model: number, gone: readonly Presence[], come: readonly Presence[]): Promise<readonly ReachChange[]> => {
  const [left, joined] = [latest(gone, personOf), latest(come, personOf)];
  const moved = [...[...left].filter(([person]) => !joined.has(person)), ...[...joined].filter(([person]) => !left.has(person))];
  if (moved.length === 0) return [];
  const people = moved.map(([, presence]) => presence);
  const others = await tx.query<Presence>(
    `SELECT intervention_id AS "interventionId", side, participant_id AS "participantId" FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS person (intervention_id, side, participant_id)
     WHERE EXISTS (SELECT FROM portfolio_presence other WHERE other.model = $1 AND other.intervention_id = person.intervention_id AND other.side = person.side AND other.participant_id = person.participant_id)`,
    [model, people.map(({ interventionId }) => interventionId), people.map(({ side }) => side), people.map(({ participantId }) => participantId)],
  );
  const seenElsewhere = new Set(others.map(personOf));
  return moved.filter(([person]) => !seenElsewhere.has(person)).map(([person, { interventionId, mission, side }]) => ({ interventionId, mission, side, reached: joined.has(person) ? 1 : -1 }));
};
