import { mixingTally } from '@common-ground/grouping';
import type { Transaction } from '@common-ground/persistence';
import { type ActivityFact, statusOf } from './activities.js';
import { gathered, latest } from './projection.js';

type Grouped = {
  readonly activityId: string;
  readonly interventionId: string;
  readonly mission: string;
  readonly month: string;
  /** None where nobody could have mixed: it was not held, or people were not in groups, or all were of one side. */
  readonly mixing?: { readonly groups: number; readonly figures: readonly number[]; readonly pairs: readonly string[] };
};

type Place = { readonly interventionId: string; readonly mission: string; readonly month: string };

/** Groups at each activity as they were, by the last that was said of it, beside what chance gives. */
export const groupedOf = (said: readonly ActivityFact[]): readonly Grouped[] => [...latest(said, ({ data }) => data.activityId).values()].map(groupedBy);

const groupedBy = (record: ActivityFact): Grouped => {
  const { activityId, interventionId, mission, month, roster = [], groups = [] } = record.data;
  const where = { activityId, interventionId, mission, month };
  if (statusOf(record) !== 'held') return where;
  // Somebody who stands there twice came once, on the side that was named first.
  const sides = gathered(roster.filter(({ status }) => status === 'present'), ({ participantId }) => participantId, (first: string | undefined, { side }) => first ?? side);
  const known = groups.map(({ participantIds }) => participantIds.filter((id) => sides.has(id)));
  const tally = mixingTally(known.map((ids) => countBySide(ids, sides)));
  if (!tally) return where;
  const figures = [tally.crossSidePairs, tally.oneSidedGroups, tally.loneMemberGroups].flatMap(({ observed, expected }) => [observed, expected]);
  return { ...where, mixing: { groups: tally.groups, figures, pairs: known.flatMap((ids) => crossPairs(ids, sides)) } };
};

const countBySide = (ids: readonly string[], sides: ReadonlyMap<string, string>): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const id of ids) counts[sides.get(id) as string] = (counts[sides.get(id) as string] ?? 0) + 1;
  return counts;
};

/** Two ids a pair, the smaller first. */
const crossPairs = (ids: readonly string[], sides: ReadonlyMap<string, string>): string[] => {
  const sorted = [...ids].sort();
  return sorted.flatMap((one, at) => sorted.slice(at + 1).flatMap((other) => (sides.get(one) === sides.get(other) ? [] : [one, other])));
};

/** Puts groups in place of whatever was said earlier, and counts who sat with whom. */
export const mix = async (tx: Transaction, model: number, grouped: readonly Grouped[]): Promise<void> => {
  if (grouped.length === 0) return;
  const gone = await tx.query<Place & { readonly pairs: string[] }>(
    'DELETE FROM portfolio_grouped WHERE model = $1 AND activity_id = ANY ($2::uuid[]) RETURNING intervention_id AS "interventionId", mission, month, pairs',
    [model, grouped.map(({ activityId }) => activityId)],
  );
  const come = grouped.flatMap(({ mixing, ...where }) => (mixing ? [{ ...where, ...mixing }] : []));
  await tx.query(
    `INSERT INTO portfolio_grouped (model, activity_id, intervention_id, mission, month, groups, cross_pairs, expected_pairs, one_sided, expected_one_sided, lone, expected_lone, pairs)
     SELECT $1, "activityId", "interventionId", mission, month, groups, (figures ->> 0)::integer, (figures ->> 1)::float8, (figures ->> 2)::integer, (figures ->> 3)::float8, (figures ->> 4)::integer, (figures ->> 5)::float8, pairs
     FROM jsonb_to_recordset($2::jsonb) AS given ("activityId" uuid, "interventionId" uuid, mission text, month text, groups integer, figures jsonb, pairs uuid[])`,
    [model, JSON.stringify(come)],
  );
  await movePairs(tx, model, [...changes(gone, -1), ...changes(come, 1)]);
};

type PairChange = Place & { readonly one: string; readonly other: string; readonly by: number };

/** Each pair of a record counts in its month and in the whole time. */
const changes = (records: readonly (Place & { readonly pairs: readonly string[] })[], by: number): readonly PairChange[] =>
  records.flatMap(({ interventionId, mission, month, pairs }) =>
    pairs.flatMap((one, at) => (at % 2 === 1 ? [] : ['', month].map((when) => ({ interventionId, mission, month: when, one, other: pairs[at + 1] as string, by })))),
  );

const movePairs = async (tx: Transaction, model: number, moved: readonly PairChange[]): Promise<void> => {
  if (moved.length === 0) return;
  const column = <T>(of: (change: PairChange) => T): T[] => moved.map(of);
  await tx.query(
    `INSERT INTO portfolio_pair (model, intervention_id, month, one, other, mission, times)
     SELECT $1, intervention_id, month, one, other, min(mission), sum(change)
     FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::integer[]) AS moved (intervention_id, month, one, other, mission, change)
     GROUP BY intervention_id, month, one, other HAVING sum(change) <> 0 ORDER BY intervention_id, month, one, other
     ON CONFLICT (model, intervention_id, month, one, other) DO UPDATE SET times = portfolio_pair.times + excluded.times`,
    [model, column(({ interventionId }) => interventionId), column(({ month }) => month), column(({ one }) => one), column(({ other }) => other), column(({ mission }) => mission), column(({ by }) => by)],
  );
  if (moved.some(({ by }) => by < 0)) await tx.query('DELETE FROM portfolio_pair WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) AND times = 0', [model, [...new Set(column(({ interventionId }) => interventionId))]]);
};
