import { DomainError, type Refusal } from '@common-ground/kernel';

const refusal = (code: string, message: string, ...path: string[]): Refusal => ({ code, message, path });

const CONFLICTS: ReadonlySet<string> = new Set(['PAIRED_ALREADY', 'PAIRING_ENDED', 'CHECKED_IN_ALREADY', 'ID_TAKEN']);
const UNKNOWN: ReadonlySet<string> = new Set(['PAIRING_UNKNOWN', 'INTERVENTION_UNKNOWN', 'PARTICIPANT_UNKNOWN']);

/** A command fails with everything that was wrong with it. */
export const errorOf = (refusals: readonly [Refusal, ...Refusal[]]): DomainError => {
  const [{ code, message, path }] = refusals;
  const kind = CONFLICTS.has(code) ? 'conflict' : UNKNOWN.has(code) ? 'not-found' : 'invalid';
  return new DomainError(kind, code, message, { path }, refusals);
};

export const pairingRefusals = {
  unknown: () => refusal('PAIRING_UNKNOWN', 'There is no such pairing in your scope; check the id.', 'pairingId'),
  interventionUnknown: () => refusal('INTERVENTION_UNKNOWN', 'There is no such intervention in your scope; check the id, or try again in a moment if it was designed just now.', 'interventionId'),
  participantUnknown: (...path: string[]) => refusal('PARTICIPANT_UNKNOWN', 'Nobody with this id is enrolled in this intervention; check the id, or try again in a moment if they were enrolled just now.', ...path),
  withdrawn: (...path: string[]) => refusal('PARTICIPANT_WITHDRAWN', 'This person left the intervention; pair somebody who is in it.', ...path),
  sameTwice: () => refusal('PAIRED_WITH_ONESELF', 'A pair is two people; give another supporter.', 'supporterId'),
  pairedAlready: () => refusal('PAIRED_ALREADY', 'This person is supported in a pairing that has not ended; end that one first.', 'supportedId'),
  tooLong: (latest: string) => refusal('PAIRING_TOO_LONG', `A support plan runs for twelve months at most; end it by ${latest}.`, 'endsOn'),
  beforeIntervention: (startsOn: string) => refusal('OUTSIDE_INTERVENTION', `The intervention begins on ${startsOn}; start on that day or later.`, 'startsOn'),
  beforeStart: (field: string, startsOn: string) => refusal('BEFORE_START', `The pairing begins on ${startsOn}; give that day or a later one.`, field),
  notYet: (field: string) => refusal('DAY_TO_COME', 'This day is still to come; say it once it has.', field),
  idTaken: () => refusal('ID_TAKEN', 'This id was used for another pairing; make a new one.', 'pairingId'),
  ended: (endedOn: string) => refusal('PAIRING_ENDED', `This pairing ended on ${endedOn}; start a new one to go on.`, 'pairingId'),
  checkedInAlready: (course: string) => refusal('CHECKED_IN_ALREADY', `On this day the pair said "${course}"; one check-in a day.`, 'checkedInOn'),
  nobody: (side: string) => refusal('CANDIDATES_MISSING', 'Give at least one person.', side),
  tooMany: (side: string, count: number, most: number) => refusal('CANDIDATES_TOO_MANY', `${count} people were given; send at most ${most} at a time.`, side),
  candidateTwice: (...path: string[]) => refusal('CANDIDATE_TWICE', 'This person is in the list twice; keep one entry.', ...path),
  onBothSides: (...path: string[]) => refusal('CANDIDATE_ON_BOTH_SIDES', 'This person is among the supported too; keep them in one of the two lists.', ...path),
  capacity: (value: number, most: number, ...path: string[]) => refusal('CAPACITY_OUT_OF_RANGE', `${value} is no number of people to support: give 1 to ${most}.`, ...path),
  notTwo: (...path: string[]) => refusal('PAIR_OF_TWO', 'Two people are kept apart: give two ids.', ...path),
  tooManyCheckIns: (most: number) => refusal('CHECK_INS_TOO_MANY', `A pairing has at most ${most} check-ins.`, 'pairingId'),
} as const;
