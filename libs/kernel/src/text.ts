import type { Refusal } from './domain-error.js';
import { isCode, isUuid } from './ids.js';

/** Limits that every service shares; lengths in characters (Unicode code points). */
export const LIMITS = { code: 64, title: 200, text: 4_000, batchRows: 1_000, batchIds: 1_000 } as const;
export const DATES = { first: '1990-01-01', last: '2100-01-01' } as const;

type Path = readonly string[];
export type TextRule = { readonly min?: number; readonly max: number; readonly multiline?: boolean };

/** Composed form without outer blanks, so that equal looking texts are equal. */
export const tidy = (value: string): string => value.normalize('NFC').trim();

/** Quotes a value in a message without letting it flood or forge the message. */
export const shown = (value: string): string => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_LINES = /(?![\n\r\t])\p{Cc}/u;
const HALF_A_CHARACTER = /\p{Surrogate}/u;

/** Long enough, short enough, no control characters (line ends and tabs only where `multiline`). */
export const refuseText = (path: Path, value: string, { min = 0, max, multiline = false }: TextRule): Refusal | undefined => {
  const length = value.length > max ? Array.from(value).length : value.length;
  if (min > 0 && length === 0) return { code: 'TEXT_MISSING', message: 'This must be given.', path };
  if (length < min) return { code: 'TEXT_TOO_SHORT', message: `This is ${length} characters long; give at least ${min}.`, path };
  if (length > max) return { code: 'TEXT_TOO_LONG', message: `This is ${length} characters long; at most ${max} fit.`, path };
  if ((multiline ? CONTROL_BUT_LINES : CONTROL).test(value) || HALF_A_CHARACTER.test(value))
    return { code: 'TEXT_HAS_CONTROL_CHARACTERS', message: 'This holds control characters or broken characters; type it again.', path };
  return undefined;
};

export const refuseCode = (path: Path, value: string): Refusal | undefined =>
  isCode(value) ? undefined : { code: 'CODE_INVALID', message: `${shown(value)} is not a code: 1 to ${LIMITS.code} letters, digits, "-", "_", "." or single spaces, starting with a letter or digit.`, path };

export const refuseUuid = (path: Path, value: string): Refusal | undefined =>
  isUuid(value) ? undefined : { code: 'ID_INVALID', message: `${shown(value)} is not an id; make a lower-case UUID on your side.`, path };

export const refuseOneOf = (path: Path, value: string, allowed: readonly string[]): Refusal | undefined =>
  allowed.includes(value) ? undefined : { code: 'VALUE_UNKNOWN', message: `${shown(value)} is none of ${allowed.join(', ')}.`, path };

const isRealDate = (value: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value);
};

/** A day of the calendar, `YYYY-MM-DD`, from 1990 to 2099. */
export const refuseDate = (path: Path, value: string): Refusal | undefined => {
  if (!isRealDate(value)) return { code: 'DATE_INVALID', message: `${shown(value)} is not a day of the calendar; write it as 2026-03-31.`, path };
  if (value < DATES.first || value >= DATES.last)
    return { code: 'DATE_OUT_OF_RANGE', message: `${shown(value)} is not between ${DATES.first} and ${DATES.last}; check the year.`, path };
  return undefined;
};

/** A moment between 1990 and 2099. */
export const refuseMoment = (path: Path, value: Date | undefined): Refusal | undefined => {
  if (!value || Number.isNaN(value.getTime())) return { code: 'MOMENT_INVALID', message: 'This must be a moment with date and time.', path };
  const day = value.toISOString();
  if (!/^\d{4}-/.test(day) || day < DATES.first || day >= DATES.last)
    return { code: 'MOMENT_OUT_OF_RANGE', message: `${shown(day)} is not between ${DATES.first} and ${DATES.last}; check the year.`, path };
  return undefined;
};

/** Both given and real, the end not before the start. `endPath` is where a wrong order is shown. */
export const refuseDateOrder = (endPath: Path, startsOn: string, endsOn: string): Refusal | undefined =>
  endsOn < startsOn ? { code: 'DATES_OUT_OF_ORDER', message: `It ends on ${endsOn}, before it starts on ${startsOn}; swap or mend them.`, path: endPath } : undefined;

/** Every refusal among checks that were made, in order. */
export const refusalsAmong = (...checks: readonly (Refusal | undefined | false)[]): Refusal[] =>
  checks.filter((check): check is Refusal => Boolean(check));
