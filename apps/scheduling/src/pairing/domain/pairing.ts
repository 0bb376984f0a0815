import { type Refusal, refusalsAmong, refuseDate, refuseDateOrder, refuseOneOf } from '@common-ground/kernel';
import { pairingRefusals } from './pairing.errors.js';

/** How a pair says that it goes. */
export const COURSES = ['well', 'mixed', 'badly', 'not-met'] as const;
/** Why a pairing ended; nobody is marked for it. */
export const END_REASONS = ['completed', 'moved-away', 'no-time', 'did-not-fit', 'safeguarding', 'other'] as const;
/** A support plan runs for a year at most. */
export const LONGEST_MONTHS = 12;
export const CHECK_INS_AT_MOST = 100;

export type CheckIn = { readonly checkedInOn: string; readonly course: string };
/** Days of the calendar, YYYY-MM-DD. `version` counts the facts told about it. */
export type Pairing = {
  readonly id: string;
  readonly mission: string;
  readonly interventionId: string;
  readonly supporterId: string;
  readonly supportedId: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly checkIns: readonly CheckIn[];
  readonly version: number;
} & ({ readonly status: 'active' } | { readonly status: 'ended'; readonly endedOn: string; readonly reason: string });

export type PairingFact =
  | { readonly type: 'PairingStarted'; readonly pairing: Pairing; readonly supporterSide: string; readonly supportedSide: string }
  | { readonly type: 'PairingCheckedIn'; readonly pairing: Pairing; readonly checkIn: CheckIn }
  | { readonly type: 'PairingEnded'; readonly pairing: Pairing; readonly endedOn: string; readonly reason: string };

/** No fact when nothing changed. */
export type Decision = { readonly state: Pairing; readonly facts: readonly PairingFact[] } | { readonly refusals: readonly [Refusal, ...Refusal[]] };
export const isRefused = (decision: Decision): decision is { readonly refusals: readonly [Refusal, ...Refusal[]] } => 'refusals' in decision;

export type KnownPerson = { readonly id: string; readonly interventionId: string; readonly side: string; readonly withdrawnAt: Date | null };
export type NewPairing = { readonly pairingId: string; readonly interventionId: string; readonly supporterId: string; readonly supportedId: string; readonly startsOn: string; readonly endsOn: string };
export type Surroundings = {
  readonly mission: string;
  /** Of the intervention, both days included. */
  readonly startsOn: string;
  readonly supporter: KnownPerson | undefined;
  readonly supported: KnownPerson | undefined;
  /** Active pairings of the one who is supported. */
  readonly standing: readonly Pairing[];
};

const refused = (...checks: readonly (Refusal | undefined | false)[]): Decision | undefined => {
  const [first, ...others] = refusalsAmong(...checks);
  return first && { refusals: [first, ...others] };
};

/** The same day of the month, `months` later, or the last day of that month. */
const monthsLater = (day: string, months: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
};

const missing = (person: KnownPerson | undefined, interventionId: string, field: string): Refusal | false | undefined =>
  person?.interventionId !== interventionId ? pairingRefusals.participantUnknown(field) : person.withdrawnAt !== null && pairingRefusals.withdrawn(field);

export const startPairing = (said: NewPairing, { mission, startsOn, supporter, supported, standing }: Surroundings): Decision => {
  const dates = refusalsAmong(refuseDate(['startsOn'], said.startsOn), refuseDate(['endsOn'], said.endsOn));
  const wrong = refused(
    ...dates,
    dates.length === 0 && refuseDateOrder(['endsOn'], said.startsOn, said.endsOn),
    dates.length === 0 && said.endsOn > monthsLater(said.startsOn, LONGEST_MONTHS) && pairingRefusals.tooLong(monthsLater(said.startsOn, LONGEST_MONTHS)),
    dates.length === 0 && said.startsOn < startsOn && pairingRefusals.beforeIntervention(startsOn),
    said.supporterId === said.supportedId && pairingRefusals.sameTwice(),
    missing(supporter, said.interventionId, 'supporterId'),
    missing(supported, said.interventionId, 'supportedId'),
    standing.length > 0 && pairingRefusals.pairedAlready(),
  );
  if (wrong) return wrong;
  const { pairingId: id, interventionId, supporterId, supportedId, startsOn: from, endsOn } = said;
  const state: Pairing = { id, mission, interventionId, supporterId, supportedId, startsOn: from, endsOn, checkIns: [], version: 1, status: 'active' };
  return { state, facts: [{ type: 'PairingStarted', pairing: state, supporterSide: supporter?.side ?? '', supportedSide: supported?.side ?? '' }] };
};

/** What is there already under this id, the same: again is the same. Otherwise the id was used for another pairing. */
export const startAgain = (there: Pairing, said: NewPairing): Decision =>
  there.interventionId === said.interventionId && there.supporterId === said.supporterId && there.supportedId === said.supportedId && there.startsOn === said.startsOn && there.endsOn === said.endsOn
    ? { state: there, facts: [] }
    : { refusals: [pairingRefusals.idTaken()] };

/** One check-in a day; the same again changes nothing. */
export const checkIn = (current: Pairing, said: CheckIn, today: string): Decision => {
  const wrong =
    refused(refuseDate(['checkedInOn'], said.checkedInOn), refuseOneOf(['course'], said.course, COURSES)) ??
    refused(said.checkedInOn > today && pairingRefusals.notYet('checkedInOn'), said.checkedInOn < current.startsOn && pairingRefusals.beforeStart('checkedInOn', current.startsOn));
  if (wrong) return wrong;
  const known = current.checkIns.find(({ checkedInOn }) => checkedInOn === said.checkedInOn);
  if (known?.course === said.course) return { state: current, facts: [] };
  const late = refused(
    known && pairingRefusals.checkedInAlready(known.course),
    current.status === 'ended' && pairingRefusals.ended(current.endedOn),
    current.checkIns.length >= CHECK_INS_AT_MOST && pairingRefusals.tooManyCheckIns(CHECK_INS_AT_MOST),
  );
  if (late) return late;
  const added: CheckIn = { checkedInOn: said.checkedInOn, course: said.course };
  const checkIns = [...current.checkIns, added].sort((left, right) => (left.checkedInOn < right.checkedInOn ? -1 : 1));
  const state: Pairing = { ...current, checkIns, version: current.version + 1 };
  return { state, facts: [{ type: 'PairingCheckedIn', pairing: state, checkIn: added }] };
};

/** Ending again on the same day for the same reason changes nothing. */
export const endPairing = (current: Pairing, said: { readonly endedOn: string; readonly reason: string }, today: string): Decision => {
  const wrong =
    refused(refuseDate(['endedOn'], said.endedOn), refuseOneOf(['reason'], said.reason, END_REASONS)) ??
    refused(said.endedOn > today && pairingRefusals.notYet('endedOn'), said.endedOn < current.startsOn && pairingRefusals.beforeStart('endedOn', current.startsOn));
  if (wrong) return wrong;
  if (current.status === 'ended')
    return current.endedOn === said.endedOn && current.reason === said.reason ? { state: current, facts: [] } : { refusals: [pairingRefusals.ended(current.endedOn)] };
  const { endedOn, reason } = said;
  const state: Pairing = { ...current, status: 'ended', endedOn, reason, version: current.version + 1 };
  return { state, facts: [{ type: 'PairingEnded', pairing: state, endedOn, reason }] };
};
