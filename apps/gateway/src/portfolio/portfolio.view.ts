import type { evaluation } from '@common-ground/contracts';
import { particularsOf } from '../evaluation/estimate-particulars.types.js';
import { sentenceOf } from './domain/estimate-sentence.js';
import { regularityOf } from './domain/regularity.js';
import { type MixingParts, mixingOf } from './mixing.view.js';
import { type PeopleCount, peopleTable, type PeopleTable } from './domain/people-table.js';
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

const activitiesOf = (row: Pick<InterventionRow, 'planned' | 'held' | 'unrecorded' | 'did_not_happen' | 'cancelled'>): PortfolioActivities => ({
  planned: row.planned,
  held: row.held,
  unrecorded: row.unrecorded,
  didNotHappen: row.did_not_happen,
  cancelled: row.cancelled,
});

/** Sides that were expected stand there even when nobody came, so that a missing one is seen. */
const sidesOf = (expected: readonly string[], reach: readonly ReachRow[]): string[] => [...new Set([...expected, ...reach.map(({ side }) => side)])].sort();

const reachTable = (sides: readonly string[], rows: readonly (readonly ReachRow[])[], figure: 'enrolled' | 'reached'): number[][] =>
  rows.map((reach) => sides.map((side) => reach.filter((one) => one.side === side).reduce((sum, one) => sum + one[figure], 0)));

/**
 * What a sum of people reached tells of the rows below it: nothing new of a number that is shown, a small number as it is,
 * and of one that is withheld for what it lacks of enrolled, how much it lacks. All that is unknown is 1 to threshold - 1.
 */
const unknownTable = (sides: readonly string[], rows: readonly (readonly ReachRow[])[], threshold: number): number[][] => {
  const enrolled = reachTable(sides, rows, 'enrolled');
  return reachTable(sides, rows, 'reached').map((row, index) =>
    row.map((reached, side) => {
      const people = enrolled[index]?.[side] ?? 0;
      const missed = Math.abs(people - reached);
      return people >= threshold && reached >= threshold && missed > 0 && missed < threshold ? threshold - missed : reached;
    }),
  );
};

/** People enrolled and not reached are a small number too, when the two differ by little: then reached is withheld. */
const mindDifference = (enrolled: PeopleCount, reached: PeopleCount, threshold: number): PeopleCount =>
  enrolled.value !== null && reached.value !== null && Math.abs(enrolled.value - reached.value) > 0 && Math.abs(enrolled.value - reached.value) < threshold ? { value: null, withheld: true } : reached;

const reachOf = (expected: readonly string[], reach: readonly ReachRow[], threshold: number): PortfolioReach => {
  const sides = sidesOf(expected, reach);
  const enrolled = peopleTable(reachTable(sides, [reach], 'enrolled'), threshold);
  const reached = peopleTable(reachTable(sides, [reach], 'reached'), threshold);
  const [enrolledCells = [], reachedCells = []] = [enrolled.cells[0], reached.cells[0]];
  const bySide = sides.map((side, index) => {
    const people = enrolledCells[index] as PeopleCount;
    return { side, enrolled: people, reached: mindDifference(people, reachedCells[index] as PeopleCount, threshold) };
  });
  const anyReachedHidden = bySide.some((side) => side.reached.withheld);
  return { bySide, enrolled: enrolled.total, reached: anyReachedHidden ? { value: null, withheld: true } : reached.total };
};

const conditionOf = (sum: number, activities: number): ObservedCondition => ({ mean: activities === 0 ? null : sum / activities, activities });

const conditionsOf = (sums: Pick<InterventionRow, 'equal_status_sum' | 'equal_status_n' | 'common_goal_sum' | 'common_goal_n' | 'cooperation_sum' | 'cooperation_n' | 'support_sum' | 'support_n'>): ObservedConditions => ({
  equalStatus: conditionOf(sums.equal_status_sum, sums.equal_status_n),
  commonGoal: conditionOf(sums.common_goal_sum, sums.common_goal_n),
  cooperation: conditionOf(sums.cooperation_sum, sums.cooperation_n),
  supportOfAuthorities: conditionOf(sums.support_sum, sums.support_n),
});

const waveOf = ({ wave, respondents, answers }: WaveRow, threshold: number): WaveResponses => {
  const [[people] = []] = peopleTable([[respondents]], threshold).cells;
  return { wave, respondents: people as PeopleCount, answers: people?.withheld ? null : answers };
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
    reach: reachOf(row.sides, of(parts.reach, id), threshold),
    regularity: regularityOf({ held: row.held, didNotHappen: row.did_not_happen, unrecorded: row.unrecorded, firstHeldAt: row.first_held_at, lastHeldAt: row.last_held_at }),
    conditions: conditionsOf(row),
    mixing: mixingOf(of(parts.mixing.figures, id), of(parts.mixing.sides, id), of(parts.reach, id), threshold),
    responsesByWave: of(parts.waves, id).map((wave) => waveOf(wave, threshold)),
    estimates: of(parts.estimates, id).map((estimate) => estimateOf(estimate, threshold)),
    openFlags: { total: row.flags_open, byRule: flags.map(({ rule, flags: count, severity }) => ({ rule, flags: count, severity })) },
    months: of(parts.months, id).map(({ month, planned, held, unrecorded }) => ({ month, planned, held, unrecorded })),
  };
};

/** Everything the filter lets through, added up by mission and in all; a sum that would give a withheld number away is withheld. */
export const sumsOf = (rows: readonly InterventionRow[], reach: readonly ReachRow[], estimates: readonly EstimateRow[], threshold: number): { totals: PortfolioTotals; missions: PortfolioMission[] } => {
  const codes = [...new Set(rows.map(({ mission }) => mission))].sort();
  const groups = codes.map((code) => rows.flatMap(({ mission }, index) => (mission === code ? [index] : [])));
  const sides = sidesOf(rows.flatMap(({ sides: expected }) => expected), reach);
  const byRow = rows.map((row) => of(reach, row.intervention_id));
  const enrolled = peopleTable(reachTable(sides, byRow, 'enrolled'), threshold, groups);
  const reached = peopleTable(reachTable(sides, byRow, 'reached'), threshold, groups);
  const harmful = new Set(estimates.filter((estimate) => estimateOf(estimate, threshold).harmful));
  const harmfulIn = (members: readonly InterventionRow[]): number => [...harmful].filter((estimate) => members.some((row) => row.intervention_id === estimate.intervention_id)).length;
  const unknown = peopleTable(unknownTable(sides, byRow, threshold), threshold, groups);
  // A sum of people reached, less those of the other interventions, must not tell what an intervention's own row withholds.
  const unlessTelling = (present: PeopleCount, below: PeopleCount): PeopleCount => (below.withheld ? { value: null, withheld: true } : present);
  const reachFrom = (people: Sums, present: Sums, below: Sums): PortfolioReach => ({
    bySide: sides.map((side, index) => {
      const all = people.columns[index] ?? NOBODY;
      return { side, enrolled: all, reached: unlessTelling(mindDifference(all, present.columns[index] ?? NOBODY, threshold), below.columns[index] ?? NOBODY) };
    }),
    enrolled: people.total,
    reached: unlessTelling(mindDifference(people.total, present.total, threshold), below.total),
  });
  const missions = codes.map((mission, index) => {
    const members = (groups[index] ?? []).flatMap((row) => rows[row] ?? []);
    return {
      mission,
      name: members[0]?.mission_name ?? mission,
      interventions: members.length,
      activities: activitiesOf(added(members)),
      reach: reachFrom(enrolled.groups[index] ?? NO_SUMS, reached.groups[index] ?? NO_SUMS, unknown.groups[index] ?? NO_SUMS),
      conditions: conditionsOf(added(members)),
      openFlags: added(members).flags_open,
      harmfulEstimates: harmfulIn(members),
    };
  });
  return {
    missions,
    totals: {
      missions: codes.length,
      interventions: rows.length,
      activities: activitiesOf(added(rows)),
      reach: reachFrom(sumsIn(enrolled), sumsIn(reached), sumsIn(unknown)),
      openFlags: added(rows).flags_open,
      harmfulEstimates: harmful.size,
    },
  };
};

type Sums = { readonly columns: readonly PeopleCount[]; readonly total: PeopleCount };
const sumsIn = ({ columnTotals: columns, total }: PeopleTable): Sums => ({ columns, total });
const NOBODY: PeopleCount = { value: 0, withheld: false };
const NO_SUMS: Sums = { columns: [], total: NOBODY };

const ADDED = ['planned', 'held', 'unrecorded', 'did_not_happen', 'cancelled', 'equal_status_sum', 'equal_status_n', 'common_goal_sum', 'common_goal_n', 'cooperation_sum', 'cooperation_n', 'support_sum', 'support_n', 'flags_open'] as const;
type Added = { readonly [K in (typeof ADDED)[number]]: number };

const added = (rows: readonly InterventionRow[]): Added => Object.fromEntries(ADDED.map((column) => [column, rows.reduce((sum, row) => sum + row[column], 0)])) as Added;
