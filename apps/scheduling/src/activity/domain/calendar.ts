import { type Refusal, refusalsAmong, refuseMoment } from '@common-ground/kernel';
import type { Setting } from './activity.js';
import { timeRefusals } from './activity.errors.js';
import { LONGEST_ACTIVITY_DAYS } from './terms.js';

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, made);
  return made;
};

/** The day of the calendar that a moment falls on in a time zone, YYYY-MM-DD. */
export const dayOf = (moment: Date, timeZone: string): string => {
  const parts = new Map(formatFor(timeZone).formatToParts(moment).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
};

/** The calendar month of a moment in a time zone, YYYY-MM. */
export const monthOf = (moment: Date, timeZone: string): string => dayOf(moment, timeZone).slice(0, 7);

/** Both moments real, the end after the start, not absurdly long. */
export const refuseTimes = (startsAt: Date | undefined, endsAt: Date | undefined): Refusal[] => {
  const wrong = refusalsAmong(refuseMoment(['startsAt'], startsAt), refuseMoment(['endsAt'], endsAt));
  if (wrong.length > 0 || !startsAt || !endsAt) return wrong;
  const length = endsAt.getTime() - startsAt.getTime();
  return refusalsAmong(length <= 0 && timeRefusals.outOfOrder(), length > LONGEST_ACTIVITY_DAYS * DAY_MS && timeRefusals.tooLong(LONGEST_ACTIVITY_DAYS));
};

/** The start lies within the intervention's dates, both inclusive, in the mission's time zone. */
export const refuseOutside = ({ startsOn, endsOn, timeZone }: Setting, startsAt: Date): Refusal | undefined => {
  const day = dayOf(startsAt, timeZone);
  return day < startsOn || day > endsOn ? timeRefusals.outside(startsOn, endsOn) : undefined;
};
