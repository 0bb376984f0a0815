import { acceptedRow, LIMITS, type Refusal, refusalsAmong, refuseCode, refuseText, refuseUuid, refusedRow, type RowOutcome, tidy, unchangedRow } from '@common-ground/kernel';
import type { Activity, ActivityFact, PlannedActivity, Setting } from './activity.js';
import { planRefusals } from './activity.errors.js';
import { monthOf, refuseOutside, refuseTimes } from './calendar.js';

export type NewActivity = {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  readonly place: string;
  readonly cluster: string;
};

export type Planning = { readonly outcomes: readonly RowOutcome[]; readonly state: readonly PlannedActivity[]; readonly facts: readonly ActivityFact[] };
type Timed = NewActivity & { readonly startsAt: Date; readonly endsAt: Date };

export const tidyPlan = (row: NewActivity): NewActivity => ({ ...row, code: tidy(row.code), title: tidy(row.title), place: tidy(row.place), cluster: tidy(row.cluster) });

const isTimed = (row: NewActivity): row is Timed => row.startsAt !== undefined && row.endsAt !== undefined;

/** The first thing wrong with a row by itself. */
const refuseRow = (setting: Setting, row: NewActivity): Refusal | undefined => {
  const [first] = [
    ...refusalsAmong(
      refuseUuid(['id'], row.id),
      refuseCode(['code'], row.code),
      refuseText(['title'], row.title, { min: 1, max: LIMITS.title }),
      refuseText(['place'], row.place, { max: LIMITS.title }),
      refuseText(['cluster'], row.cluster, { max: LIMITS.code }),
    ),
    ...refuseTimes(row.startsAt, row.endsAt),
  ];
  return first ?? (row.startsAt && refuseOutside(setting, row.startsAt));
};

/** What a row is to the activity that has its id already. */
const compare = (there: Activity, row: Timed, { interventionId }: Setting): Refusal | 'unchanged' => {
  if (there.interventionId !== interventionId || there.code !== row.code) return planRefusals.idTaken();
  const differing = (['title', 'place', 'cluster'] as const).find((field) => there[field] !== row[field]);
  if (differing) return planRefusals.differs(differing);
  if (there.plannedStartsAt.getTime() !== row.startsAt.getTime()) return planRefusals.differs('startsAt');
  return there.plannedEndsAt.getTime() === row.endsAt.getTime() ? 'unchanged' : planRefusals.differs('endsAt');
};

/**
 * Activities are planned, each row on its own: one wrong row keeps no other out.
 * A row that is there already, the same, is unchanged; so a batch may be sent again under another command.
 *
 * @param present every activity in scope that has the id or the code of a row
 */
export const planActivities = (setting: Setting, rows: readonly NewActivity[], present: readonly Activity[], { now, quiet }: { readonly now: Date; readonly quiet: boolean }): Planning => {
  const byId = new Map(present.map((one) => [one.id, one]));
  const codes = new Set(present.filter(({ interventionId }) => interventionId === setting.interventionId).map(({ code }) => code));
  const [rowOfId, rowOfCode] = [new Map<string, number>(), new Map<string, number>()];
  const state: PlannedActivity[] = [];
  const judge = (row: NewActivity): Refusal | 'unchanged' | undefined => {
    const faulty = refuseRow(setting, row);
    if (faulty || !isTimed(row)) return faulty;
    const [sameId, sameCode] = [rowOfId.get(row.id), rowOfCode.get(row.code)];
    if (sameId !== undefined) return planRefusals.idTwice(sameId);
    if (sameCode !== undefined) return planRefusals.codeTwice(sameCode);
    const there = byId.get(row.id);
    if (there) return compare(there, row, setting);
    if (codes.has(row.code)) return planRefusals.codeTaken();
    const { id, code, title, place, cluster, startsAt, endsAt } = row;
    const { mission, interventionId } = setting;
    state.push({ id, mission, interventionId, code, title, place, cluster, startsAt, endsAt, plannedStartsAt: startsAt, plannedEndsAt: endsAt, plannedAt: now, quiet, version: 1, status: 'planned' });
    return undefined;
  };
  const outcomes = rows.map((row, index) => {
    const verdict = judge(row);
    if (verdict !== undefined && verdict !== 'unchanged') return refusedRow(index, verdict);
    rowOfId.set(row.id, index);
    rowOfCode.set(row.code, index);
    return verdict === 'unchanged' ? unchangedRow(index) : acceptedRow(index);
  });
  return { outcomes, state, facts: state.map((activity) => ({ type: 'ActivityPlanned', activity, month: monthOf(activity.startsAt, setting.timeZone) })) };
};

/** Storage has the last word: an id may be taken by an activity out of the caller's sight. */
export const exceptTaken = ({ outcomes, state, facts }: Planning, rows: readonly NewActivity[], written: ReadonlySet<string>): Planning => {
  if (written.size === state.length) return { outcomes, state, facts };
  return {
    outcomes: outcomes.map((outcome) => (outcome.outcome === 'accepted' && !written.has(rows[outcome.row]?.id ?? '') ? refusedRow(outcome.row, planRefusals.idTaken()) : outcome)),
    state: state.filter(({ id }) => written.has(id)),
    facts: facts.filter(({ activity }) => written.has(activity.id)),
  };
};
