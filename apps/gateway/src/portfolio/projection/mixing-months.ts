import type { Transaction } from '@common-ground/persistence';
import type { Month } from './months.js';
import { latest } from './projection.js';

/** Stands for the whole time of an intervention. */
export const WHOLE = '';

/** Counts mixing, people present and roles held anew, for these months and for the whole time of their interventions. */
export const countMixing = async (tx: Transaction, model: number, touched: readonly Month[]): Promise<void> => {
  const months = [...latest<Month>(touched.flatMap((month) => [month, { ...month, month: WHOLE }]), ({ interventionId, month }) => `${interventionId}/${month}`).values()];
  if (months.length === 0) return;
  const given = [model, months.map(({ interventionId }) => interventionId), months.map(({ mission }) => mission), months.map(({ month }) => month)];
  // Months without any leave no row, in whatever pieces facts come.
  for (const table of ['portfolio_mixing', 'portfolio_side_month'])
    await tx.query(`DELETE FROM ${table} WHERE model = $1 AND (intervention_id, month) IN (SELECT intervention_id, month FROM ${GIVEN})`, given);
  await tx.query(MIXING, given);
  await tx.query(SIDES, given);
};

const GIVEN = 'unnest($2::uuid[], $3::text[], $4::text[]) AS given (intervention_id, mission, month)';

const MIXING = `
  INSERT INTO portfolio_mixing (model, intervention_id, month, mission, activities, groups, cross_pairs, expected_pairs, one_sided, expected_one_sided, lone, expected_lone, pairs_met)
  SELECT $1, given.intervention_id, given.month, given.mission, counted.*, (SELECT count(*) FROM portfolio_pair pair WHERE pair.model = $1 AND pair.intervention_id = given.intervention_id AND pair.month = given.month)
  FROM ${GIVEN} CROSS JOIN LATERAL (
    SELECT count(*) AS activities, sum(groups), sum(cross_pairs), sum(expected_pairs), sum(one_sided), sum(expected_one_sided), sum(lone), sum(expected_lone)
    FROM (SELECT * FROM portfolio_grouped one WHERE one.model = $1 AND one.intervention_id = given.intervention_id AND (given.month = '' OR one.month = given.month) ORDER BY activity_id) AS grouped) AS counted
  WHERE counted.activities > 0`;

/** Of held activities. People of the whole time are counted with reach; here only those of a month, where groups or roles make them needed. */
const SIDES = `
  INSERT INTO portfolio_side_month (model, intervention_id, month, side, mission, people, leads, roles)
  SELECT $1, intervention_id, month, side, min(mission), sum(people), sum(leads), sum(roles) FROM (
    SELECT given.intervention_id, given.month, given.mission, presence.side, count(DISTINCT presence.participant_id) AS people, 0 AS leads, 0 AS roles
    FROM ${GIVEN}
    JOIN portfolio_grouped grouped ON grouped.model = $1 AND grouped.intervention_id = given.intervention_id AND grouped.month = given.month
    JOIN portfolio_presence presence ON presence.model = $1 AND presence.activity_id = grouped.activity_id
    GROUP BY given.intervention_id, given.month, given.mission, presence.side
    UNION ALL
    SELECT given.intervention_id, given.month, given.mission, role.side, 0, sum(role.leads), sum(role.roles)
    FROM ${GIVEN}
    JOIN portfolio_role role ON role.model = $1 AND role.intervention_id = given.intervention_id
    JOIN portfolio_activity activity ON activity.model = $1 AND activity.activity_id = role.activity_id AND activity.status = 'held' AND (given.month = '' OR activity.month = given.month)
    GROUP BY given.intervention_id, given.month, given.mission, role.side
  ) AS counted GROUP BY intervention_id, month, side`;
