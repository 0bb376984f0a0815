import { isMissionCode, LIMITS, type Refusal, refusalsAmong, refuseLanguages, refuseText, shown, throwIfRefused, tidy, tidyLanguages } from '@common-ground/kernel';
import { isCountry } from './countries.js';

/** A country office. Its code is its identity everywhere. */
export type Mission = {
  readonly mission: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA name. */
  readonly timeZone: string;
  /** BCP 47, in canonical form. */
  readonly languages: readonly string[];
  readonly registeredAt: Date;
};

export type RegisterMission = Omit<Mission, 'registeredAt'>;
export type MissionRegistered = { readonly type: 'MissionRegistered'; readonly mission: Mission };

const refuseMissionCode = (value: string): Refusal | undefined =>
  isMissionCode(value)
    ? undefined
    : { code: 'MISSION_CODE_INVALID', message: `${shown(value)} is not a mission code; write a country's two letters, with a suffix where it has a second office: TR or TR-GZT.`, path: ['mission'] };

const refuseCountry = (value: string): Refusal | undefined =>
  isCountry(value) ? undefined : { code: 'COUNTRY_UNKNOWN', message: `${shown(value)} is no country of ISO 3166-1; write its two capital letters, as PE.`, path: ['country'] };

const isTimeZone = (value: string): boolean => {
  try {
    return value.length <= LIMITS.code && /^[A-Za-z]/.test(value) && Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
};

const refuseTimeZone = (value: string): Refusal | undefined => {
  const path = ['timeZone'];
  if (!isTimeZone(value)) return { code: 'TIME_ZONE_UNKNOWN', message: `${shown(value)} is no time zone of the IANA list; write an area and a city, as America/Lima.`, path };
  const rightlySpelt = Intl.supportedValuesOf('timeZone').find((name) => name.toLowerCase() === value.toLowerCase());
  if (rightlySpelt && rightlySpelt !== value) return { code: 'TIME_ZONE_UNKNOWN', message: `Write ${rightlySpelt} in place of ${shown(value)}.`, path };
  return undefined;
};

/**
 * A mission joins the platform.
 * @throws DomainError naming every field that is wrong
 */
export const registerMission = (command: RegisterMission, now: Date): { state: Mission; facts: readonly MissionRegistered[] } => {
  const name = tidy(command.name);
  throwIfRefused([
    ...refusalsAmong(refuseMissionCode(command.mission), refuseText(['name'], name, { min: 1, max: LIMITS.title }), refuseCountry(command.country), refuseTimeZone(command.timeZone)),
    ...refuseLanguages(['languages'], command.languages, { min: 1 }),
  ]);
  const { mission, country, timeZone } = command;
  const state: Mission = { mission, name, country, timeZone, languages: tidyLanguages(command.languages), registeredAt: now };
  return { state, facts: [{ type: 'MissionRegistered', mission: state }] };
};
