import type { Transaction } from '@common-ground/persistence';

export type Month = { readonly interventionId: string; readonly mission: string; readonly month: string };

/** Counts months anew from their activities. A month that has none any more stays, with zeros. */
export const countMonths = async (tx: Transaction, model: number, months: readonly Month[]): Promise<void> => {
  const count = (status: string): string => `count(*) FILTER (WHERE status = '${status}')`;
  const condition = (column: string): string => `coalesce(sum(${column}) FILTER (WHERE status = 'held'), 0), count(${column}) FILTER (WHERE status = 'held')`;
  await tx.query(
    `INSERT INTO portfolio_month
     SELECT $1, intervention_id, given.mission, month, count(*) FILTER (WHERE status <> 'cancelled'), ${count('held')}, ${count('unrecorded')}, ${count('did-not-happen')}, ${count('cancelled')},
       min(starts_at) FILTER (WHERE status = 'held'), max(starts_at) FILTER (WHERE status = 'held'),
       ${condition('equal_status')}, ${condition('common_goal')}, ${condition('cooperation')}, ${condition('support_of_authorities')}
     FROM unnest($2::uuid[], $3::text[], $4::text[]) AS given (intervention_id, mission, month)
     LEFT JOIN (SELECT * FROM portfolio_activity WHERE model = $1) AS activity USING (intervention_id, month)
     GROUP BY intervention_id, given.mission, month
     ON CONFLICT (model, intervention_id, month) DO UPDATE SET
       planned = excluded.planned, held = excluded.held, unrecorded = excluded.unrecorded, did_not_happen = excluded.did_not_happen, cancelled = excluded.cancelled,
       first_held_at = excluded.first_held_at, last_held_at = excluded.last_held_at,
       equal_status_sum = excluded.equal_status_sum, equal_status_n = excluded.equal_status_n, common_goal_sum = excluded.common_goal_sum, common_goal_n = excluded.common_goal_n,
       cooperation_sum = excluded.cooperation_sum, cooperation_n = excluded.cooperation_n, support_sum = excluded.support_sum, support_n = excluded.support_n`,
    [model, months.map(({ interventionId }) => interventionId), months.map(({ mission }) => mission), months.map(({ month }) => month)],
  );
};
