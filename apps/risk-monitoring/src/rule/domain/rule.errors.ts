import { DomainError } from '@common-ground/kernel';

const list = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

/** This slice's refusals. */
export const ruleErrors = {
  unknown: (code: string) =>
    new DomainError('not-found', 'RULE_UNKNOWN', `There is no rule "${code.slice(0, 64)}"; ask for the list of rules.`, {
      path: ['code'],
    }),
  thresholdUnknown: (name: string, known: readonly string[]) =>
    new DomainError(
      'invalid',
      'THRESHOLD_UNKNOWN',
      `"${name.slice(0, 64)}" is no threshold of this rule; it has: ${list(known)}.`,
      { path: ['thresholds', name.slice(0, 64)] },
    ),
  thresholdOutOfRange: (name: string, minimum: number, maximum: number) =>
    new DomainError('invalid', 'THRESHOLD_OUT_OF_RANGE', `${name} must lie between ${minimum} and ${maximum}.`, {
      path: ['thresholds', name],
    }),
  missionUnknown: (mission: string) =>
    new DomainError('not-found', 'MISSION_UNKNOWN', `There is no mission "${mission.slice(0, 64)}" that you can see.`, {
      path: ['mission'],
    }),
};
