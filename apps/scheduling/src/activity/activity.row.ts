import { type Activity, type Plan, planOf } from './domain/activity.js';
import type { HeldDetails } from './domain/held-record.js';
import type { Status } from './domain/terms.js';

/** An activity as it lies in its table. */
export type ActivityRow = Plan & { readonly status: Status; readonly reason: string; readonly record: HeldDetails | null; readonly recordedAt: Date | null };

const broken = ({ id, status }: ActivityRow): Error => new Error(`The activity ${id} is ${status} without what belongs to it.`);

/** @throws Error when the row is in a state that the table's checks forbid */
export const activityFrom = (row: ActivityRow): Activity => {
  const { status, reason, record, recordedAt, ...plan } = row;
  switch (status) {
    case 'planned':
    case 'rescheduled':
    case 'unrecorded':
      return { ...plan, status };
    case 'cancelled':
      return { ...plan, status, reason };
    case 'held':
      if (!record || !recordedAt) throw broken(row);
      return { ...plan, status, record, recordedAt };
    case 'did-not-happen':
      if (!recordedAt) throw broken(row);
      return { ...plan, status, reason, recordedAt };
  }
};

export const rowOf = (activity: Activity): ActivityRow => ({
  ...planOf(activity),
  status: activity.status,
  reason: 'reason' in activity ? activity.reason : '',
  record: 'record' in activity ? activity.record : null,
  recordedAt: 'recordedAt' in activity ? activity.recordedAt : null,
});

const moment = (value: Date | null): Date | null => value && new Date(value);

/** A stored answer is JSON: its moments come back as text. */
export const revived = (stored: ActivityRow): ActivityRow => ({
  ...stored,
  plannedStartsAt: new Date(stored.plannedStartsAt),
  plannedEndsAt: new Date(stored.plannedEndsAt),
  startsAt: new Date(stored.startsAt),
  endsAt: new Date(stored.endsAt),
  plannedAt: new Date(stored.plannedAt),
  recordedAt: moment(stored.recordedAt),
});

/** Counts of fewer people than this could give one of them away to somebody who sees no rosters. Nobody is told as 0. */
export const PRESENT_AT_LEAST = 5;

/** For headquarters and monitoring: a side of which one to four came is left out, not told as another number. */
export const withoutSmallCounts = (row: ActivityRow): ActivityRow =>
  row.record ? { ...row, record: { ...row.record, presentBySide: row.record.presentBySide.filter(({ count }) => count === 0 || count >= PRESENT_AT_LEAST) } } : row;
