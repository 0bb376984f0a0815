import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { SurveyRoundFact } from './domain/survey-round.js';

/** The only place that knows both this slice's facts and how they travel. */
export const encodeSurveyRoundFact = ({ type, round }: SurveyRoundFact, quiet: boolean): NewFact => {
  const said = { ...round, roundId: round.id };
  const data = type === 'SurveyRoundOpened' ? Facts.SurveyRoundOpened.encode(said) : Facts.SurveyRoundClosed.encode(said);
  return { type: Facts[type].type, key: round.interventionId, subject: round.id, sequence: round.version, mission: round.mission, quiet, data };
};
