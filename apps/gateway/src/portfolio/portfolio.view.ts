import type { evaluation } from '@common-ground/contracts';
import { RiskRuleCode } from '../graphql/enums.js';
import { particularsOf } from '../evaluation/estimate-particulars.types.js';
import { sentenceOf } from './domain/estimate-sentence.js';
import { regularityOf } from './domain/regularity.js';
import { type MixingParts, mixingOf } from './mixing.view.js';
import { tellAlone } from './domain/people-count.js';
import { addReach, type SideCount, tellReach, type ToldReach } from './domain/reach.js';
import type { EstimateRow, FlagRow, InterventionRow, MonthRow, ReachRow, WaveRow } from './portfolio.repository.js';
import type { ObservedCondition, ObservedConditions, PortfolioActivities, PortfolioEstimate, PortfolioMission, PortfolioReach, PortfolioRow, PortfolioTotals, WaveResponses } from './portfolio.types.js';

export type Parts = {
  readonly reach: readonly ReachRow[];
  readonly waves: readonly WaveRow[];
  readonly estimates: readonly EstimateRow[];
  readonly flags: readonly FlagRow[];
  readonly months: readonly MonthRow[];
  readonly mixing: MixingParts;
};

const RULES: ReadonlySet<string> = new Set(Object.values(RiskRuleCode));

const activitiesOf = (row: Pick<InterventionRow, 'planned' | 'held' | 'unrecorded' | 'did_not_happen' | 'cancelled'>): PortfolioActivities => ({
  planned: row.planned,
  held: row.held,
  unrecorded: row.unrecorded,
  didNotHappen: row.did_not_happen,
  cancelled: row.cancelled,
});

/** Sides that were expected stand there even when nobody came, so that a missing one is seen. */
const sidesOf = (expected: readonly string[], reach: readonly ReachRow[]): string[] => [...new Set([...expected, ...reach.map(({ side }) => side)])].sort();

/** What is told of one intervention's people, whatever else is asked for. */
const reachOf = (expected: readonly string[], reach: readonly ReachRow[], threshold: number): ToldReach =>
  remembered(
    sidesOf(expected, reach).map((side) => {
      const { enrolled = 0, reached = 0 } = reach.find((one) => one.side === side) ?? {};
      return { side, enrolled, reached };
    }),
    threshold,
  );

const REMEMBERED_AT_MOST = 20_000;
const memory = new Map<string, ToldReach>();

/** The same people give the same answer, and every read asks for every intervention: it is worked out once. */
const remembered = (sides: readonly SideCount[], threshold: number): ToldReach => {
  const key = JSON.stringify([threshold, sides]);
  const known = memory.get(key);
  if (known) return known;
  if (memory.size >= REMEMBERED_AT_MOST) memory.clear();
  const told = tellReach(sides, threshold);
  memory.set(key, told);
  return told;
};

const shownReach = ({ bySide, enrolled, reached }: ToldReach): PortfolioReach => ({ bySide: [...bySide], enrolled, reached });

const conditionOf = (sum: number, activities: number): ObservedCondition => ({ mean: activities === 0 ? null : sum / activities, activities });

const conditionsOf = (sums: Pick<InterventionRow, 'equal_status_sum' | 'equal_status_n' | 'common_goal_sum' | 'common_goal_n' | 'cooperation_sum' | 'cooperation_n' | 'support_sum' | 'support_n'>): ObservedConditions => ({
  equalStatus: conditionOf(sums.equal_status_sum, sums.equal_status_n),
  commonGoal: conditionOf(sums.common_goal_sum, sums.common_goal_n),
  cooperation: conditionOf(sums.cooperation_sum, sums.cooperation_n),
  supportOfAuthorities: conditionOf(sums.support_sum, sums.support_n),
});

const waveOf = ({ wave, respondents, answers }: WaveRow, threshold: number): WaveResponses => {
  const people = tellAlone(respondents, threshold);
  return { wave, respondents: people, answers: people.withheld ? null : answers };
};

const numberOr = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** An arm's number of people, told only when neither arm is small. */
const estimateOf = ({ estimate }: EstimateRow, threshold: number): PortfolioEstimate => {
  const n = Number(estimate['n'] ?? 0);
  const arms = [Number(estimate['nComparison'] ?? 0), Number(estimate['nTreatment'] ?? 0)];
  const hasArms = arms.some((people) => people > 0);
  const withheld = n < threshold || (hasArms && arms.some((people) => people > 0 && people < threshold));
  const figure = (name: string): number | null => (withheld ? null : numberOr(estimate[name]));
  const told = estimate as Partial<evaluation.OutcomeEstimated>;
  const shown = {
    item: String(estimate['item']),
    wave: String(estimate['wave']),
    claim: String(estimate['claim']),
    n,
    difference: figure('difference'),
    intervalLow: figure('intervalLow'),
    intervalHigh: figure('intervalHigh'),
    higherIs: String(estimate['higherIs'] || 'neither'),
    harmful: !withheld && estimate['harmful'] === true,
  };
  return {
    ...particularsOf(told, withheld),
    ...shown,
    instrumentId: String(estimate['instrumentId']),
    method: String(estimate['method']),
    sentence: withheld || !told.sentence ? sentenceOf(shown) : told.sentence,
    n: withheld ? null : n,
    nComparison: withheld || !hasArms ? null : (arms[0] ?? null),
    nTreatment: withheld || !hasArms ? null : (arms[1] ?? null),
    clusters: Number(estimate['clusters'] ?? 0),
    attrition: figure('attrition'),
    changeComparison: figure('changeComparison'),
    changeTreatment: figure('changeTreatment'),
    standardError: figure('standardError'),
    df: figure('df'),
    withheld,
    caveats: (estimate['caveats'] as string[] | undefined) ?? [],
    estimatedAt: typeof estimate['estimatedAt'] === 'string' ? new Date(estimate['estimatedAt']) : null,
  };
};

const of = <T extends { readonly intervention_id: string }>(rows: readonly T[], id: string): T[] => rows.filter((row) => row.intervention_id === id);

/** One row of the portfolio, from the model's rows; small numbers of people withheld. */
export const rowOf = (row: InterventionRow, parts: Parts, threshold: number): PortfolioRow => {
  const id = row.intervention_id;
  const flags = of(parts.flags, id);
  return {
    interventionId: id,
    mission: row.mission,
    missionName: row.mission_name,
    code: row.code,
    title: row.title,
    kind: row.kind,
    modalities: row.modalities,
    design: row.design || 'none',
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    activities: activitiesOf(row),
    reach: shownReach(reachOf(row.sides, of(parts.reach, id), threshold)),
    regularity: regularityOf({ held: row.held, didNotHappen: row.did_not_happen, unrecorded: row.unrecorded, firstHeldAt: row.first_held_at, lastHeldAt: row.last_held_at }),
    conditions: conditionsOf(row),
    mixing: mixingOf(of(parts.mixing.figures, id), of(parts.mixing.sides, id), of(parts.reach, id), threshold),
    responsesByWave: of(parts.waves, id).map((wave) => waveOf(wave, threshold)),
    estimates: of(parts.estimates, id).map((estimate) => estimateOf(estimate, threshold)),
    openFlags: { total: row.flags_open, byRule: flags.filter(({ rule }) => RULES.has(rule)).map(({ rule, flags: count, severity }) => ({ rule, flags: count, severity })) },
    months: of(parts.months, id).map(({ month, planned, held, unrecorded }) => ({ month, planned, held, unrecorded })),
  };
};

/** Everything the filter lets through, added up by mission and in all: of people, what is told of each intervention and nothing else. */
export const sumsOf = (rows: readonly InterventionRow[], reach: readonly ReachRow[], estimates: readonly EstimateRow[], threshold: number): { totals: PortfolioTotals; missions: PortfolioMission[] } => {
  const people = reachById(rows, reach, threshold);
  const sides = [...new Set([...people.values()].flatMap(({ bySide }) => bySide.map(({ side }) => side)))].sort();
  const reachIn = (members: readonly InterventionRow[]): PortfolioReach => shownReach(addReach(members.flatMap(({ intervention_id: id }) => people.get(id) ?? []), sides));
  const harmful = countBy(estimates.filter((estimate) => estimateOf(estimate, threshold).harmful).map(({ intervention_id: id }) => id));
  const harmfulIn = (members: readonly InterventionRow[]): number => members.reduce((sum, { intervention_id: id }) => sum + (harmful.get(id) ?? 0), 0);
  const missions = [...groupBy(rows, ({ mission }) => mission)].sort(([one], [other]) => (one < other ? -1 : 1)).map(([mission, members]) => {
    const sums = added(members);
    return {
      mission,
      name: members[0]?.mission_name ?? mission,
      interventions: members.length,
      activities: activitiesOf(sums),
      reach: reachIn(members),
      conditions: conditionsOf(sums),
      openFlags: sums.flags_open,
      harmfulEstimates: harmfulIn(members),
    };
  });
  const all = added(rows);
  return {
    missions,
    totals: { missions: missions.length, interventions: rows.length, activities: activitiesOf(all), reach: reachIn(rows), openFlags: all.flags_open, harmfulEstimates: harmfulIn(rows) },
  };
};

const groupBy = <T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
};

const countBy = (keys: readonly string[]): ReadonlyMap<string, number> => new Map([...groupBy(keys, (key) => key)].map(([key, members]) => [key, members.length]));

const reachById = (rows: readonly InterventionRow[], reach: readonly ReachRow[], threshold: number): ReadonlyMap<string, ToldReach> => {
  const byId = groupBy(reach, ({ intervention_id: id }) => id);
  return new Map(rows.map((row) => [row.intervention_id, reachOf(row.sides, byId.get(row.intervention_id) ?? [], threshold)]));
};

const ADDED = ['planned', 'held', 'unrecorded', 'did_not_happen', 'cancelled', 'equal_status_sum', 'equal_status_n', 'common_goal_sum', 'common_goal_n', 'cooperation_sum', 'cooperation_n', 'support_sum', 'support_n', 'flags_open'] as const;
type Added = { readonly [K in (typeof ADDED)[number]]: number };

const added = (rows: readonly InterventionRow[]): Added => Object.fromEntries(ADDED.map((column) => [column, rows.reduce((sum, row) => sum + row[column], 0)])) as Added;
