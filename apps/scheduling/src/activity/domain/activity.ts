import type { HeldDetails } from './held-record.js';

/** What was planned, and when it is (or was): the actual times once it is held. */
export type Plan = {
  readonly id: string;
  readonly mission: string;
  readonly interventionId: string;
  readonly code: string;
  readonly title: string;
  readonly place: string;
  /** The unit of assignment that it is for, if any. */
  readonly cluster: string;
  readonly plannedStartsAt: Date;
  readonly plannedEndsAt: Date;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly plannedAt: Date;
  /** Planned by an import that asked for no alerts. */
  readonly quiet: boolean;
  /** Counts the facts told about this activity. */
  readonly version: number;
};

export type PlannedActivity = Plan & { readonly status: 'planned' };
export type RescheduledActivity = Plan & { readonly status: 'rescheduled' };
export type UnrecordedActivity = Plan & { readonly status: 'unrecorded' };
export type CancelledActivity = Plan & { readonly status: 'cancelled'; readonly reason: string };
export type HeldActivity = Plan & { readonly status: 'held'; readonly record: HeldDetails; readonly recordedAt: Date };
export type ActivityThatDidNotHappen = Plan & { readonly status: 'did-not-happen'; readonly reason: string; readonly recordedAt: Date };

export type Activity = PlannedActivity | RescheduledActivity | UnrecordedActivity | CancelledActivity | HeldActivity | ActivityThatDidNotHappen;

/** `month` is the calendar month of the start in the mission's time zone, YYYY-MM. */
type Told<Type extends string, State extends Activity> = { readonly type: Type; readonly activity: State; readonly month: string };
export type ActivityFact =
  | Told<'ActivityPlanned', PlannedActivity>
  | (Told<'ActivityRescheduled', RescheduledActivity> & { readonly previousStartsAt: Date })
  | Told<'ActivityCancelled', CancelledActivity>
  | Told<'ActivityHeld', HeldActivity>
  | Told<'ActivityDidNotHappen', ActivityThatDidNotHappen>
  | Told<'ActivityCorrected', HeldActivity | ActivityThatDidNotHappen>
  | Told<'ActivityUnrecorded', UnrecordedActivity>;

/** What scheduling knows of an intervention, from the registry's facts. */
export type Setting = {
  readonly interventionId: string;
  readonly mission: string;
  readonly timeZone: string;
  readonly sides: readonly string[];
  readonly startsOn: string;
  readonly endsOn: string;
};

/** The plan alone, without what became of it. */
export const planOf = (activity: Activity): Plan => {
  const { id, mission, interventionId, code, title, place, cluster, plannedStartsAt, plannedEndsAt, startsAt, endsAt, plannedAt, quiet, version } = activity;
  return { id, mission, interventionId, code, title, place, cluster, plannedStartsAt, plannedEndsAt, startsAt, endsAt, plannedAt, quiet, version };
};
