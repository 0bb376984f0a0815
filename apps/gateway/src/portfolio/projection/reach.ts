import type { Transaction } from '@common-ground/persistence';

const REACH_LOCK = 7_239_010;

/**
 * People of an intervention by side: enrolled at any time, and seen present at least once.
 * Counted anew from the rows it is about, so that it is right in whatever order facts of different services come.
 * Services' facts are folded side by side: they take turns on an intervention, or the later one would write what it counted
 * before the earlier one's rows could be seen.
 */
export const refreshReach = async (tx: Transaction, model: number, { interventionId, mission }: { readonly interventionId: string; readonly mission: string }): Promise<void> => {
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [REACH_LOCK, `${model}/${interventionId}`]);
  await tx.query(
    `WITH counted AS (
       SELECT coalesce(enrolled.side, reached.side) AS side, coalesce(enrolled.people, 0) AS enrolled, coalesce(reached.people, 0) AS reached
       FROM (SELECT side, count(*) AS people FROM portfolio_participant WHERE model = $1 AND intervention_id = $2 GROUP BY side) AS enrolled
       FULL JOIN (SELECT side, count(DISTINCT participant_id) AS people FROM portfolio_presence WHERE model = $1 AND intervention_id = $2 GROUP BY side) AS reached USING (side)
     ), gone AS (
       DELETE FROM portfolio_reach WHERE model = $1 AND intervention_id = $2 AND side NOT IN (SELECT side FROM counted)
     )
     INSERT INTO portfolio_reach (model, intervention_id, side, mission, enrolled, reached)
     SELECT $1, $2, side, $3, enrolled, reached FROM counted
     ON CONFLICT (model, intervention_id, side) DO UPDATE SET enrolled = excluded.enrolled, reached = excluded.reached`,
    [model, interventionId, mission],
  );
};
