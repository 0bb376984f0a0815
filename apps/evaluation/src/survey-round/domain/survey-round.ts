import { refusalsAmong, refuseCode, refuseDate, refuseDateOrder, refuseOneOf, refuseUuid, throwIfRefused, tidy } from '@common-ground/kernel';

export const BASELINE = 'baseline';
export const LEVELS = ['individual', 'family-and-friends', 'community', 'region'] as const;
export const POPULATIONS = ['participants', 'comparison-group', 'participants-and-comparison', 'general-public'] as const;

/** Everyone but the general public answers under the code of their enrolment. */
export const isOfEnrolled = (population: string): boolean => population !== 'general-public';

type Terms = {
  readonly id: string;
  readonly interventionId: string;
  readonly code: string;
  readonly instrumentId: string;
  /** baseline, post, 6-months, 12-months, or the mission's own. */
  readonly wave: string;
  readonly level: string;
  readonly population: string;
  readonly opensOn: string;
  readonly closesOn: string;
};

/** An instrument put to a population at a wave. Its window is what was planned; closing is done by hand. */
export type SurveyRound = Terms & { readonly mission: string; readonly status: 'open' | 'closed'; /** Counts the facts told about it. */ readonly version: number };
export type OpenSurveyRound = Terms;

export type SurveyRoundFact =
  | { readonly type: 'SurveyRoundOpened'; readonly round: SurveyRound }
  | { readonly type: 'SurveyRoundClosed'; readonly round: SurveyRound };
export type Decision = { readonly state: SurveyRound; readonly facts: readonly SurveyRoundFact[] };

/**
 * @throws DomainError naming every field that is wrong
 * @returns the command as it will be kept
 */
export const checkSurveyRound = (command: OpenSurveyRound): OpenSurveyRound => {
  const { id, interventionId, instrumentId, level, population, opensOn, closesOn } = command;
  const [code, wave] = [tidy(command.code), tidy(command.wave)];
  const dates = refusalsAmong(refuseDate(['opensOn'], opensOn), refuseDate(['closesOn'], closesOn));
  throwIfRefused([
    ...refusalsAmong(
      refuseUuid(['id'], id),
      refuseUuid(['interventionId'], interventionId),
      refuseCode(['code'], code),
      refuseUuid(['instrumentId'], instrumentId),
      refuseCode(['wave'], wave),
      refuseOneOf(['level'], level, LEVELS),
      refuseOneOf(['population'], population, POPULATIONS),
    ),
    ...dates,
    ...refusalsAmong(dates.length === 0 && refuseDateOrder(['closesOn'], opensOn, closesOn)),
  ]);
  return { id, interventionId, instrumentId, level, population, opensOn, closesOn, code, wave };
};

export const openSurveyRound = (command: OpenSurveyRound, mission: string): Decision => {
  const state: SurveyRound = { ...command, mission, status: 'open', version: 1 };
  return { state, facts: [{ type: 'SurveyRoundOpened', round: state }] };
};

/** Closing what is closed changes nothing. */
export const closeSurveyRound = (current: SurveyRound): Decision => {
  if (current.status === 'closed') return { state: current, facts: [] };
  const state: SurveyRound = { ...current, status: 'closed', version: current.version + 1 };
  return { state, facts: [{ type: 'SurveyRoundClosed', round: state }] };
};
