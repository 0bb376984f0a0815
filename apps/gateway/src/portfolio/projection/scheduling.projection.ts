import { Facts, type scheduling } from '@common-ground/contracts';
import type { Transaction } from '@common-ground/persistence';
import { on, type Projection } from './projection.js';
import { refreshReach } from './reach.js';

type ActivityState = {
  readonly mission: string;
  readonly interventionId: string;
  readonly activityId: string;
  readonly month: string;
  readonly status: string;
  readonly startsAt?: Date | undefined;
  readonly conditions?: scheduling.ContactConditions | undefined;
};

const seen = (value: number | undefined): number | null => value || null;

/** Writes an activity as it is now, and counts the months that it is and was in. */
const become = async (tx: Transaction, model: number, state: ActivityState): Promise<void> => {
  const { conditions } = state;
  const before = await tx.query<{ month: string }>('SELECT month FROM portfolio_activity WHERE model = $1 AND activity_id = $2 FOR UPDATE', [model, state.activityId]);
  await tx.query(
    `INSERT INTO portfolio_activity (model, activity_id, intervention_id, mission, month, status, starts_at, equal_status, common_goal, cooperation, support_of_authorities)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (model, activity_id) DO UPDATE SET month = excluded.month, status = excluded.status, starts_at = coalesce(excluded.starts_at, portfolio_activity.starts_at),
       equal_status = excluded.equal_status, common_goal = excluded.common_goal, cooperation = excluded.cooperation, support_of_authorities = excluded.support_of_authorities`,
    [model, state.activityId, state.interventionId, state.mission, state.month, state.status, state.startsAt ?? null, seen(conditions?.equalStatus), seen(conditions?.commonGoal), seen(conditions?.cooperation), seen(conditions?.supportOfAuthorities)],
  );
  for (const month of new Set([state.month, ...before.map((row) => row.month)])) await countMonth(tx, model, state, month);
};

const countMonth = async (tx: Transaction, model: number, { interventionId, mission }: ActivityState, month: string): Promise<void> => {
  const count = (status: string): string => `count(*) FILTER (WHERE status = '${status}')`;
  const condition = (column: string): string => `coalesce(sum(${column}) FILTER (WHERE status = 'held'), 0), count(${column}) FILTER (WHERE status = 'held')`;
  await tx.query(
    `INSERT INTO portfolio_month
     SELECT $1, $2, $3, $4, count(*) FILTER (WHERE status <> 'cancelled'), ${count('held')}, ${count('unrecorded')}, ${count('did-not-happen')}, ${count('cancelled')},
       min(starts_at) FILTER (WHERE status = 'held'), max(starts_at) FILTER (WHERE status = 'held'),
       ${condition('equal_status')}, ${condition('common_goal')}, ${condition('cooperation')}, ${condition('support_of_authorities')}
     FROM portfolio_activity WHERE model = $1 AND intervention_id = $2 AND month = $4
     ON CONFLICT (model, intervention_id, month) DO UPDATE SET
       planned = excluded.planned, held = excluded.held, unrecorded = excluded.unrecorded, did_not_happen = excluded.did_not_happen, cancelled = excluded.cancelled,
       first_held_at = excluded.first_held_at, last_held_at = excluded.last_held_at,
       equal_status_sum = excluded.equal_status_sum, equal_status_n = excluded.equal_status_n, common_goal_sum = excluded.common_goal_sum, common_goal_n = excluded.common_goal_n,
       cooperation_sum = excluded.cooperation_sum, cooperation_n = excluded.cooperation_n, support_sum = excluded.support_sum, support_n = excluded.support_n`,
    [model, interventionId, mission, month],
  );
};

type Roster = { readonly mission: string; readonly interventionId: string; readonly activityId: string; readonly roster: readonly scheduling.Attendance[] };

/** Who was there, in place of whatever an earlier record said. */
const attend = async (tx: Transaction, model: number, { mission, interventionId, activityId, roster }: Roster): Promise<void> => {
  const present = roster.filter(({ status }) => status === 'present');
  await tx.query('DELETE FROM portfolio_presence WHERE model = $1 AND activity_id = $2', [model, activityId]);
  await tx.query(
    `INSERT INTO portfolio_presence (model, activity_id, participant_id, intervention_id, mission, side)
     SELECT $1, $2, participant_id, $3, $4, side FROM unnest($5::uuid[], $6::text[]) AS roster (participant_id, side) ON CONFLICT DO NOTHING`,
    [model, activityId, interventionId, mission, present.map(({ participantId }) => participantId), present.map(({ side }) => side)],
  );
  await refreshReach(tx, model, { interventionId, mission });
};

export const schedulingProjection: Projection = [
  on<scheduling.ActivityPlanned>(Facts.ActivityPlanned, (model, fact, { tx }) => become(tx, model, { ...fact, status: 'planned' })),
  on<scheduling.ActivityRescheduled>(Facts.ActivityRescheduled, (model, fact, { tx }) => become(tx, model, { ...fact, status: 'planned' })),
  on<scheduling.ActivityCancelled>(Facts.ActivityCancelled, (model, fact, { tx }) => become(tx, model, { ...fact, status: 'cancelled' })),
  on<scheduling.ActivityUnrecorded>(Facts.ActivityUnrecorded, (model, fact, { tx }) => become(tx, model, { ...fact, status: 'unrecorded' })),
  on<scheduling.ActivityDidNotHappen>(Facts.ActivityDidNotHappen, (model, fact, { tx }) => become(tx, model, { ...fact, status: 'did-not-happen' })),
  on<scheduling.ActivityHeld>(Facts.ActivityHeld, async (model, fact, { tx }) => {
    await become(tx, model, { ...fact, status: 'held' });
    await attend(tx, model, fact);
  }),
  on<scheduling.ActivityCorrected>(Facts.ActivityCorrected, async (model, fact, { tx }) => {
    const held = fact.outcome === 'held';
    await become(tx, model, { ...fact, status: fact.outcome, conditions: held ? fact.conditions : undefined });
    await attend(tx, model, { ...fact, roster: held ? fact.roster : [] });
  }),
];
