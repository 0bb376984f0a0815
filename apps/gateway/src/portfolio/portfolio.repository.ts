import type { Transaction } from '@common-ground/persistence';

export type PortfolioFilter = {
  readonly missions: readonly string[];
  readonly kinds: readonly string[];
  readonly interventions: readonly string[];
  /** YYYY-MM, both included; bounds activities and contact conditions. */
  readonly fromMonth: string | null;
  readonly untilMonth: string | null;
};

export type InterventionRow = {
  readonly intervention_id: string;
  readonly mission: string;
  readonly mission_name: string;
  readonly code: string;
  readonly title: string;
  readonly kind: string;
  readonly modalities: string[];
  readonly design: string;
  readonly sides: string[];
  readonly starts_on: string;
  readonly ends_on: string;
  readonly planned: number;
  readonly held: number;
  readonly unrecorded: number;
  readonly did_not_happen: number;
  readonly cancelled: number;
  readonly first_held_at: Date | null;
  readonly last_held_at: Date | null;
  readonly equal_status_sum: number;
  readonly equal_status_n: number;
  readonly common_goal_sum: number;
  readonly common_goal_n: number;
  readonly cooperation_sum: number;
  readonly cooperation_n: number;
  readonly support_sum: number;
  readonly support_n: number;
  readonly reached: number;
  readonly flags_open: number;
};

export type ReachRow = { readonly intervention_id: string; readonly side: string; readonly enrolled: number; readonly reached: number };
export type WaveRow = { readonly intervention_id: string; readonly wave: string; readonly respondents: number; readonly answers: number };
export type EstimateRow = { readonly intervention_id: string; readonly estimate: Record<string, unknown> };
export type FlagRow = { readonly intervention_id: string; readonly rule: string; readonly severity: number; readonly flags: number };

/** The columns that a list may be sorted by; each with the SQL it stands for. */
export const SORTS = {
  MISSION: 'mission',
  CODE: 'code',
  STARTS_ON: 'starts_on',
  HELD: 'held',
  UNRECORDED: 'unrecorded',
  OPEN_FLAGS: 'flags_open',
} as const;
export type SortField = keyof typeof SORTS;
export type Sort = { readonly field: SortField; readonly descending: boolean };

export const liveModel = async (tx: Transaction): Promise<number> => {
  const [row] = await tx.query<{ model: number }>(`SELECT model FROM portfolio_model WHERE state = 'live'`);
  return row?.model ?? 0;
};

const SUMS = ['planned', 'held', 'unrecorded', 'did_not_happen', 'cancelled', 'equal_status_sum', 'equal_status_n', 'common_goal_sum', 'common_goal_n', 'cooperation_sum', 'cooperation_n', 'support_sum', 'support_n'];

/**
 * One row an intervention, from month sums: it costs the interventions asked for, not the activities ever held.
 * Every row comes back, because totals and suppression are about all of them; a caller cuts its page out.
 */
export const findInterventions = (tx: Transaction, model: number, filter: PortfolioFilter, sort: readonly Sort[]): Promise<InterventionRow[]> => {
  const order = [...sort.map(({ field, descending }) => `${SORTS[field]} ${descending ? 'DESC' : 'ASC'}`), 'mission', 'code', 'intervention_id'].join(', ');
  return tx.query<InterventionRow>(
    `SELECT i.intervention_id, i.mission, coalesce(m.name, i.mission) AS mission_name, i.code, i.title, i.kind, i.modalities, i.design, i.sides,
            to_char(i.starts_on, 'YYYY-MM-DD') AS starts_on, to_char(i.ends_on, 'YYYY-MM-DD') AS ends_on,
            ${SUMS.map((column) => `coalesce(a.${column}, 0)::int AS ${column}`).join(', ')}, a.first_held_at, a.last_held_at,
            coalesce(r.reached, 0)::int AS reached, coalesce(f.flags_open, 0)::int AS flags_open
     FROM portfolio_intervention i
     LEFT JOIN portfolio_mission m ON m.model = i.model AND m.mission = i.mission
     LEFT JOIN LATERAL (
       SELECT ${SUMS.map((column) => `sum(${column}) AS ${column}`).join(', ')}, min(first_held_at) AS first_held_at, max(last_held_at) AS last_held_at
       FROM portfolio_month WHERE model = i.model AND intervention_id = i.intervention_id
         AND ($5::text IS NULL OR month >= $5) AND ($6::text IS NULL OR month <= $6)) a ON true
     LEFT JOIN LATERAL (SELECT sum(reached) AS reached FROM portfolio_reach WHERE model = i.model AND intervention_id = i.intervention_id) r ON true
     LEFT JOIN LATERAL (SELECT count(*) AS flags_open FROM portfolio_flag WHERE model = i.model AND intervention_id = i.intervention_id AND status IN ('open', 'acknowledged', 'mitigating')) f ON true
     WHERE i.model = $1 AND (cardinality($2::text[]) = 0 OR i.mission = ANY ($2)) AND (cardinality($3::text[]) = 0 OR i.kind = ANY ($3)) AND (cardinality($4::uuid[]) = 0 OR i.intervention_id = ANY ($4))
     ORDER BY ${order}`,
    [model, filter.missions, filter.kinds, filter.interventions, filter.fromMonth, filter.untilMonth],
  );
};

export const findReach = (tx: Transaction, model: number, interventions: readonly string[]): Promise<ReachRow[]> =>
  tx.query('SELECT intervention_id, side, enrolled, reached FROM portfolio_reach WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) ORDER BY side', [model, interventions]);

export const findWaves = (tx: Transaction, model: number, interventions: readonly string[]): Promise<WaveRow[]> =>
  tx.query('SELECT intervention_id, wave, respondents, answers FROM portfolio_wave WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) ORDER BY wave', [model, interventions]);

export const findEstimates = (tx: Transaction, model: number, interventions: readonly string[]): Promise<EstimateRow[]> =>
  tx.query('SELECT intervention_id, estimate FROM portfolio_estimate WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) ORDER BY wave, item', [model, interventions]);

export const findOpenFlags = (tx: Transaction, model: number, interventions: readonly string[]): Promise<FlagRow[]> =>
  tx.query(
    `SELECT intervention_id, rule, max(severity)::int AS severity, count(*)::int AS flags FROM portfolio_flag
     WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) AND status IN ('open', 'acknowledged', 'mitigating') GROUP BY intervention_id, rule ORDER BY rule`,
    [model, interventions],
  );

export type MonthRow = { readonly intervention_id: string; readonly month: string; readonly planned: number; readonly held: number; readonly unrecorded: number };

export const findMonths = (tx: Transaction, model: number, interventions: readonly string[]): Promise<MonthRow[]> =>
  tx.query('SELECT intervention_id, month, planned, held, unrecorded FROM portfolio_month WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) ORDER BY month', [model, interventions]);
