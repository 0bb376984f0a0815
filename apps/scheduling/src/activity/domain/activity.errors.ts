import { DomainError, type Refusal } from '@common-ground/kernel';

const refusal = (code: string, message: string, ...path: string[]): Refusal => ({ code, message, path });

/** Refusals that rest on what an activity has come to; the rest break a rule of the input. */
const CONFLICTS: ReadonlySet<string> = new Set(['ALREADY_RECORDED', 'NOT_RECORDED', 'ACTIVITY_CANCELLED', 'ACTIVITY_PASSED', 'NOT_STARTED']);
const UNKNOWN: ReadonlySet<string> = new Set(['ACTIVITY_UNKNOWN', 'INTERVENTION_UNKNOWN', 'PARTICIPANT_UNKNOWN']);

/** A single command fails with everything that was wrong with it. */
export const errorOf = (refusals: readonly [Refusal, ...Refusal[]]): DomainError => {
  const [{ code, message, path }] = refusals;
  const kind = CONFLICTS.has(code) ? 'conflict' : UNKNOWN.has(code) ? 'not-found' : 'invalid';
  return new DomainError(kind, code, message, { path }, refusals);
};

export const activityUnknown = (...path: string[]): Refusal => refusal('ACTIVITY_UNKNOWN', 'There is no such activity in your scope; check the id.', ...path);
export const interventionUnknown = (): Refusal => refusal('INTERVENTION_UNKNOWN', 'There is no such intervention in your scope; check the id, or try again in a moment if it was designed just now.', 'interventionId');

export const recordRefusals = {
  participantUnknown: (index: number) => refusal('PARTICIPANT_UNKNOWN', 'Nobody with this id is enrolled in this intervention; check the id, or try again in a moment if they were enrolled just now.', 'roster', String(index), 'participantId'),
  withdrawn: (index: number) => refusal('PARTICIPANT_WITHDRAWN', 'This person left the intervention before this activity; take them off the roster.', 'roster', String(index), 'participantId'),
  participantTwice: (index: number) => refusal('PARTICIPANT_TWICE', 'This person is on the roster twice; keep one entry.', 'roster', String(index), 'participantId'),
  rosterTooLong: (count: number, most: number) => refusal('ROSTER_TOO_LONG', `The roster has ${count} people; at most ${most} fit.`, 'roster'),
  tooManyGroups: (count: number, most: number) => refusal('GROUPS_TOO_MANY', `${count} groups were given; at most ${most} fit.`, 'groups'),
  groupEmpty: (index: number) => refusal('GROUP_EMPTY', 'This group has nobody in it; leave it out.', 'groups', String(index), 'participantIds'),
  groupNameTwice: (index: number) => refusal('GROUP_NAME_TWICE', 'Another group has this name; give each its own.', 'groups', String(index), 'name'),
  memberNotPresent: (group: number, member: number) => refusal('MEMBER_NOT_PRESENT', 'This person is not marked present on the roster; mark them present or take them out of the group.', 'groups', String(group), 'participantIds', String(member)),
  memberTwice: (group: number, member: number) => refusal('MEMBER_IN_TWO_GROUPS', 'This person is in a group already; nobody is in two groups at once.', 'groups', String(group), 'participantIds', String(member)),
  condition: (name: string, value: number) => refusal('CONDITION_OUT_OF_RANGE', `${value} is no observation: give 1 to 5, or 0 when it was not observed.`, 'conditions', name),
  notStarted: () => refusal('NOT_STARTED', 'This activity has not started yet; record it once it has, or reschedule or cancel it.', 'startsAt'),
} as const;

export const timeRefusals = {
  outOfOrder: () => refusal('ENDS_BEFORE_START', 'It must end after it starts; mend one of the two.', 'endsAt'),
  tooLong: (days: number) => refusal('ACTIVITY_TOO_LONG', `One activity lasts at most ${days} days; plan several.`, 'endsAt'),
  outside: (startsOn: string, endsOn: string) => refusal('OUTSIDE_INTERVENTION', `The intervention runs from ${startsOn} to ${endsOn}; choose a day within, or revise the intervention first.`, 'startsAt'),
} as const;

export const planRefusals = {
  idTwice: (row: number) => refusal('ID_TWICE', `Row ${row} of this batch has this id already; make one id for each activity.`, 'id'),
  codeTwice: (row: number) => refusal('CODE_TWICE', `Row ${row} of this batch has this code already; give each activity its own.`, 'code'),
  codeTaken: () => refusal('CODE_TAKEN', 'Another activity of this intervention has this code; give this one another.', 'code'),
  idTaken: () => refusal('ID_TAKEN', 'This id was used for another activity; make a new one.', 'id'),
  differs: (field: string) => refusal('ACTIVITY_DIFFERS', `This activity is there already with another ${field}; reschedule it in place of planning it again.`, field),
} as const;
