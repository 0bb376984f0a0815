import { acceptedRow, refusedRow, type RowOutcome, unchangedRow } from '@common-ground/kernel';
import type { Activity, ActivityFact, Setting } from './activity.js';
import { activityUnknown } from './activity.errors.js';
import { isRefused, recordHeld } from './decisions.js';
import type { HeldRecord, KnownParticipants } from './held-record.js';

/** What a batch of records rests on: the activities and people in scope, and the interventions they belong to. */
export type Ground = {
  readonly activities: readonly Activity[];
  readonly settings: ReadonlyMap<string, Setting>;
  readonly people: KnownParticipants;
};

export type Recording = { readonly outcomes: readonly RowOutcome[]; readonly state: readonly Activity[]; readonly facts: readonly ActivityFact[] };

/** Records made offline or imported, each accepted or refused on its own; a later one sees what an earlier one did. */
export const recordActivitiesHeld = (records: readonly HeldRecord[], { activities, settings, people }: Ground, now: Date): Recording => {
  const current = new Map(activities.map((activity) => [activity.id, activity]));
  const changed = new Map<string, Activity>();
  const facts: ActivityFact[] = [];
  const outcomes = records.map((record, row) => {
    const activity = current.get(record.activityId);
    const setting = activity && settings.get(activity.interventionId);
    if (!activity || !setting) return refusedRow(row, activityUnknown('activityId'));
    const decision = recordHeld(activity, record, { setting, people }, now);
    if (isRefused(decision)) return refusedRow(row, decision.refusals[0]);
    if (decision.facts.length === 0) return unchangedRow(row);
    current.set(activity.id, decision.state);
    changed.set(activity.id, decision.state);
    facts.push(...decision.facts);
    return acceptedRow(row);
  });
  return { outcomes, state: [...changed.values()], facts };
};
