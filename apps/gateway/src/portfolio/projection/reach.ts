import type { Transaction } from '@common-ground/persistence';

/** People who came to be, or ceased to be, enrolled in an intervention or seen present in it, by side. */
export type ReachChange = { readonly interventionId: string; readonly mission: string; readonly side: string; readonly enrolled?: number; readonly reached?: number };

type Reach = { interventionId: string; mission: string; side: string; enrolled: number; reached: number };

/**
 * People of an intervention by side: enrolled at any time, and seen present at least once.
 * Registry's facts move `enrolled`, scheduling's `reached`; services' facts are folded side by side, so both are added to
 * and neither is written from what the other's transaction cannot see. Rows are taken in one order, so that none waits in a ring.
 */
export const moveReach = async (tx: Transaction, model: number, changes: readonly ReachChange[]): Promise<void> => {
  const sums = new Map<string, Reach>();
  for (const { interventionId, mission, side, enrolled = 0, reached = 0 } of changes) {
    const key = `${interventionId}/${side}`;
    const sum = sums.get(key) ?? { interventionId, mission, side, enrolled: 0, reached: 0 };
    sums.set(key, { ...sum, enrolled: sum.enrolled + enrolled, reached: sum.reached + reached });
  }
  const moved = [...sums.values()].filter(({ enrolled, reached }) => enrolled !== 0 || reached !== 0);
  if (moved.length === 0) return;
  const [interventions, sides] = [moved.map(({ interventionId }) => interventionId), moved.map(({ side }) => side)];
  await tx.query(
    `INSERT INTO portfolio_reach (model, intervention_id, side, mission, enrolled, reached)
     SELECT $1, intervention_id, side, mission, enrolled, reached
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::integer[]) AS moved (intervention_id, side, mission, enrolled, reached)
     ORDER BY intervention_id, side
     ON CONFLICT (model, intervention_id, side) DO UPDATE SET enrolled = portfolio_reach.enrolled + excluded.enrolled, reached = portfolio_reach.reached + excluded.reached`,
    [model, interventions, sides, moved.map(({ mission }) => mission), moved.map(({ enrolled }) => enrolled), moved.map(({ reached }) => reached)],
  );
  if (moved.every(({ enrolled, reached }) => enrolled >= 0 && reached >= 0)) return;
  await tx.query(
    `DELETE FROM portfolio_reach USING unnest($2::uuid[], $3::text[]) AS moved (intervention_id, side)
     WHERE model = $1 AND portfolio_reach.intervention_id = moved.intervention_id AND portfolio_reach.side = moved.side AND enrolled = 0 AND reached = 0`,
    [model, interventions, sides],
  );
};
