import type { Refusal } from '@common-ground/kernel';
import type { Status } from './terms.js';

/** What can happen to an activity that is there. */
export type Step = 'reschedule' | 'cancel' | 'record-held' | 'record-did-not-happen' | 'correct' | 'notice-unrecorded';

const OPEN = { reschedule: 'rescheduled', cancel: 'cancelled', 'record-held': 'held', 'record-did-not-happen': 'did-not-happen', 'notice-unrecorded': 'unrecorded' } as const;

/** From a state by a step to the next one; a step that is not here is refused. A correction leads to the outcome it names. */
export const TRANSITIONS: Readonly<Record<Status, Readonly<Partial<Record<Step, Status | 'as-corrected'>>>>> = {
  planned: OPEN,
  rescheduled: OPEN,
  unrecorded: { 'record-held': 'held', 'record-did-not-happen': 'did-not-happen' },
  held: { correct: 'as-corrected' },
  'did-not-happen': { correct: 'as-corrected' },
  cancelled: {},
};

const WHY: Readonly<Record<Status, readonly [string, string]>> = {
  planned: ['NOT_RECORDED', 'Nobody has said yet what became of this activity; record it in place of correcting it.'],
  rescheduled: ['NOT_RECORDED', 'Nobody has said yet what became of this activity; record it in place of correcting it.'],
  unrecorded: ['ACTIVITY_PASSED', 'The time of this activity has passed; record it as held or as did-not-happen.'],
  held: ['ALREADY_RECORDED', 'This activity is recorded as held; correct the record in place of this.'],
  'did-not-happen': ['ALREADY_RECORDED', 'This activity is recorded as did-not-happen; correct the record in place of this.'],
  cancelled: ['ACTIVITY_CANCELLED', 'This activity was cancelled; plan another one.'],
};

export const allows = (status: Status, step: Step): boolean => TRANSITIONS[status][step] !== undefined;

/** Why an activity in this state cannot take this step, or nothing. */
export const refuseStep = (status: Status, step: Step): Refusal | undefined => {
  if (allows(status, step)) return undefined;
  const [code, message] = status === 'unrecorded' && step === 'correct' ? WHY.planned : WHY[status];
  return { code, message, path: ['activityId'] };
};
