import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { Accepted } from './domain/submission.js';

type Round = { readonly id: string; readonly mission: string; readonly interventionId: string; readonly wave: string };

/** How much was answered, never what. The aggregate is one respondent in one round. */
export const encodeSurveySubmitted = (round: Round, { respondent, answers, answersInRound, submissions }: Accepted, quiet: boolean): NewFact => ({
  type: Facts.SurveySubmitted.type,
  key: round.interventionId,
  subject: `${round.id}/${respondent}`,
  sequence: submissions,
  mission: round.mission,
  quiet,
  data: Facts.SurveySubmitted.encode({ ...round, roundId: round.id, respondent, answers: answers.length, answersInRound }),
});
