import { LIMITS, type Refusal, refusalsAmong, refuseOneOf, refuseText, tidy } from '@common-ground/kernel';
import { type Activity, type ActivityFact, type ActivityThatDidNotHappen, type CancelledActivity, type HeldActivity, planOf, type RescheduledActivity, type Setting, type UnrecordedActivity } from './activity.js';
import { recordRefusals } from './activity.errors.js';
import { monthOf, refuseOutside, refuseTimes } from './calendar.js';
import { type HeldRecord, type KnownParticipants, readHeldRecord, sameRecord } from './held-record.js';
import { OUTCOMES, REASONS } from './terms.js';
import { refuseStep } from './transitions.js';

export type Refused = { readonly refusals: readonly [Refusal, ...Refusal[]] };
/** The state a command leads to and the facts to tell; no fact when nothing changed. */
export type Decided = { readonly state: Activity; readonly facts: readonly ActivityFact[] };
export type Decision = Decided | Refused;

export const isRefused = (decision: object): decision is Refused => 'refusals' in decision;

const unchanged = (state: Activity): Decided => ({ state, facts: [] });
const refusedFor = (refusals: readonly Refusal[]): Refused | undefined => {
  const [first, ...others] = refusals;
  return first && { refusals: [first, ...others] };
};

export type Reschedule = { readonly startsAt: Date | undefined; readonly endsAt: Date | undefined; /** Empty: where it was. */ readonly place: string };

export const rescheduleActivity = (current: Activity, said: Reschedule, setting: Setting): Decision => {
  const { startsAt, endsAt } = said;
  const place = tidy(said.place) || current.place;
  const refused = refusedFor([...refusalsAmong(refuseStep(current.status, 'reschedule'), refuseText(['place'], place, { max: LIMITS.title })), ...refuseTimes(startsAt, endsAt)]);
  if (refused || !startsAt || !endsAt) return refused ?? unchanged(current);
  const outside = refuseOutside(setting, startsAt);
  if (outside) return { refusals: [outside] };
  if (place === current.place && startsAt.getTime() === current.startsAt.getTime() && endsAt.getTime() === current.endsAt.getTime()) return unchanged(current);
  const state: RescheduledActivity = { ...planOf(current), status: 'rescheduled', place, startsAt, endsAt, plannedStartsAt: startsAt, plannedEndsAt: endsAt, version: current.version + 1 };
  return { state, facts: [{ type: 'ActivityRescheduled', activity: state, month: monthOf(startsAt, setting.timeZone), previousStartsAt: current.startsAt }] };
};

/** Cancelling again for the same reason changes nothing. */
export const cancelActivity = (current: Activity, reason: string, { timeZone }: Setting): Decision => {
  const wrong = refuseOneOf(['reason'], reason, REASONS);
  if (wrong) return { refusals: [wrong] };
  if (current.status === 'cancelled' && current.reason === reason) return unchanged(current);
  const refused = refuseStep(current.status, 'cancel');
  if (refused) return { refusals: [refused] };
  const state: CancelledActivity = { ...planOf(current), status: 'cancelled', reason, version: current.version + 1 };
  return { state, facts: [{ type: 'ActivityCancelled', activity: state, month: monthOf(state.startsAt, timeZone) }] };
};

export type Knowledge = { readonly setting: Setting; readonly people: KnownParticipants };

/** The same record again changes nothing; another one is a correction. */
export const recordHeld = (current: Activity, said: HeldRecord, { setting, people }: Knowledge, now: Date): Decision => {
  const step = refuseStep(current.status, 'record-held');
  if (step && current.status !== 'held') return { refusals: [step] };
  const read = readHeldRecord(current, said, setting, people, now);
  if (isRefused(read)) return read;
  if (current.status === 'held' && sameRecord(current, read)) return unchanged(current);
  if (step) return { refusals: [step] };
  const state: HeldActivity = { ...planOf(current), ...read, status: 'held', recordedAt: now, version: current.version + 1 };
  return { state, facts: [{ type: 'ActivityHeld', activity: state, month: monthOf(state.startsAt, setting.timeZone) }] };
};

export const recordDidNotHappen = (current: Activity, reason: string, { timeZone }: Setting, now: Date): Decision => {
  const wrong = refuseOneOf(['reason'], reason, REASONS);
  if (wrong) return { refusals: [wrong] };
  if (current.status === 'did-not-happen' && current.reason === reason) return unchanged(current);
  const refused = refuseStep(current.status, 'record-did-not-happen') ?? (current.startsAt > now ? recordRefusals.notStarted() : undefined);
  if (refused) return { refusals: [{ ...refused, path: ['activityId'] }] };
  const state: ActivityThatDidNotHappen = { ...planOf(current), status: 'did-not-happen', reason, recordedAt: now, version: current.version + 1 };
  return { state, facts: [{ type: 'ActivityDidNotHappen', activity: state, month: monthOf(state.startsAt, timeZone) }] };
};

export type Correction = { readonly outcome: string; readonly reason: string; readonly record?: HeldRecord | undefined };

const below = (prefix: string, { refusals: [first, ...others] }: Refused): Refused => {
  const moved = ({ path, ...rest }: Refusal): Refusal => ({ ...rest, path: [prefix, ...path] });
  return { refusals: [moved(first), ...others.map(moved)] };
};

/** The whole record as it should have been; the same again changes nothing. */
export const correctActivity = (current: Activity, said: Correction, { setting, people }: Knowledge, now: Date): Decision => {
  const refused = refusedFor(refusalsAmong(refuseStep(current.status, 'correct'), refuseOneOf(['outcome'], said.outcome, OUTCOMES)));
  if (refused) return refused;
  const corrected = said.outcome === 'held' ? correctedAsHeld(current, said, { setting, people }, now) : correctedAsDidNotHappen(current, said, now);
  if (isRefused(corrected)) return corrected;
  if (corrected === current) return unchanged(current);
  return { state: corrected, facts: [{ type: 'ActivityCorrected', activity: corrected, month: monthOf(corrected.startsAt, setting.timeZone) }] };
};

type Recorded = HeldActivity | ActivityThatDidNotHappen;

const correctedAsHeld = (current: Activity, { record }: Correction, { setting, people }: Knowledge, now: Date): Recorded | Refused => {
  if (!record) return { refusals: [{ code: 'RECORD_MISSING', message: 'Give the whole record of the activity as it was held.', path: ['record'] }] };
  const read = readHeldRecord(current, record, setting, people, now);
  if (isRefused(read)) return below('record', read);
  if (current.status === 'held' && sameRecord(current, read)) return current;
  return { ...planOf(current), ...read, status: 'held', recordedAt: now, version: current.version + 1 };
};

const correctedAsDidNotHappen = (current: Activity, { reason }: Correction, now: Date): Recorded | Refused => {
  const wrong = refuseOneOf(['reason'], reason, REASONS);
  if (wrong) return { refusals: [wrong] };
  if (current.status === 'did-not-happen' && current.reason === reason) return current;
  const { plannedStartsAt: startsAt, plannedEndsAt: endsAt } = current;
  return { ...planOf(current), status: 'did-not-happen', startsAt, endsAt, reason, recordedAt: now, version: current.version + 1 };
};

/** Grace: how long after its end an activity may wait to be recorded; and how long after it was planned, for what is entered late. */
export type Grace = { readonly afterEndMs: number; readonly afterPlanningMs: number };

/** Its time has passed and nobody said what became of it. */
export const noticeUnrecorded = (current: Activity, { timeZone }: Setting, grace: Grace, now: Date): Decided => {
  const due = now.getTime() - current.endsAt.getTime() >= grace.afterEndMs && now.getTime() - current.plannedAt.getTime() >= grace.afterPlanningMs;
  if (!due || refuseStep(current.status, 'notice-unrecorded')) return unchanged(current);
  const state: UnrecordedActivity = { ...planOf(current), status: 'unrecorded', version: current.version + 1 };
  return { state, facts: [{ type: 'ActivityUnrecorded', activity: state, month: monthOf(state.startsAt, timeZone) }] };
};
