import { Facts, type scheduling } from '@common-ground/contracts';
import type { DeliveredFact } from '@common-ground/messaging';
import type { Transaction } from '@common-ground/persistence';
import type { Month } from './months.js';
import { dataOf, gathered, latest } from './projection.js';

export const ROLES_TYPE = Facts.GroupsFormed.type;
const LEADER = 'leader';

type Plan = Pick<scheduling.GroupsFormed, 'activityId' | 'interventionId' | 'mission' | 'groups'>;

/** Groups of each activity as they were planned last. */
export const assignedRoles = (facts: readonly DeliveredFact[]): readonly Plan[] => [...latest(dataOf<scheduling.GroupsFormed>(facts, Facts.GroupsFormed), ({ activityId }) => activityId).values()];

type BySide = { readonly leads: number; readonly roles: number };

const bySide = ({ groups }: Plan): ReadonlyMap<string, BySide> =>
  gathered<scheduling.GroupRole, BySide>(
    groups.flatMap(({ roles }) => roles),
    ({ side }) => side,
    (before, { role }) => ({ leads: (before?.leads ?? 0) + (role === LEADER ? 1 : 0), roles: (before?.roles ?? 0) + 1 }),
  );

/** Puts roles in place of whatever was planned before. */
export const writeRoles = async (tx: Transaction, model: number, plans: readonly Plan[]): Promise<void> => {
  if (plans.length === 0) return;
  const rows = plans.flatMap((plan) => [...bySide(plan)].map(([side, counts]) => ({ activityId: plan.activityId, interventionId: plan.interventionId, mission: plan.mission, side, ...counts })));
  await tx.query('DELETE FROM portfolio_role WHERE model = $1 AND activity_id = ANY ($2::uuid[])', [model, plans.map(({ activityId }) => activityId)]);
  await tx.query(
    `INSERT INTO portfolio_role (model, activity_id, side, intervention_id, mission, leads, roles)
     SELECT $1, "activityId", side, "interventionId", mission, leads, roles
     FROM jsonb_to_recordset($2::jsonb) AS given ("activityId" uuid, side text, "interventionId" uuid, mission text, leads integer, roles integer)`,
    [model, JSON.stringify(rows)],
  );
};

/** The months that these plans' activities are in. */
export const monthsOfRoles = (tx: Transaction, model: number, plans: readonly Plan[]): Promise<Month[]> =>
  plans.length === 0
    ? Promise.resolve([])
    : tx.query<Month>('SELECT DISTINCT intervention_id AS "interventionId", mission, month FROM portfolio_activity WHERE model = $1 AND activity_id = ANY ($2::uuid[])', [model, plans.map(({ activityId }) => activityId)]);
