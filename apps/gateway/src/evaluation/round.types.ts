import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { evaluation } from '@common-ground/contracts';
import { type Caller, hasRole } from '@common-ground/kernel';
import { COMMAND_ID, CREATED_ID, Day, Id, Of, Real, Text, TextsOr, WholeOr } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { batchPayloadOf, Payload, payloadOf } from '../graphql/user-error.js';
import { DEFAULT_THRESHOLD } from '../portfolio/domain/people-count.js';

@ObjectType({ description: 'An instrument asked in one wave, at one level, of one population, within a window.' })
export class SurveyRound {
  @Id('Its id.') id!: string;
  @Field(() => ID, { description: 'The intervention it is about.' }) interventionId!: string;
  @Field(() => ID, { description: 'What is asked.' }) instrumentId!: string;
  @Text('Its code.') code!: string;
  @Text('baseline, post, 6-months, 12-months, or the mission’s own.') wave!: string;
  @Text('individual, family-and-friends, community or region.') level!: string;
  @Text('participants, comparison-group, participants-and-comparison or general-public.') population!: string;
  @Day('First day of the window.') opensOn!: string;
  @Day('Last day of the window.') closesOn!: string;
  @Text('open, or closed by hand.') status!: string;
  @WholeOr('People who answered; null to headquarters and monitoring staff when they are one to four.') respondents!: number | null;
  @WholeOr('Answers they gave; null when the respondents are.') answers!: number | null;
}

/** Who works with people may know how few they are; the portfolio's other readers may not. */
const mayCountFew = (caller: Caller): boolean => hasRole(caller, 'administrator') || caller.scope.missions !== '*';

export const roundOf = (row: evaluation.SurveyRound, caller: Caller): SurveyRound =>
  row.respondents > 0 && row.respondents < DEFAULT_THRESHOLD && !mayCountFew(caller) ? { ...row, respondents: null, answers: null } : { ...row };

export const SurveyRoundConnection = connectionOf(SurveyRound, 'SurveyRound', 'survey rounds');
export const OpenSurveyRoundPayload = payloadOf('OpenSurveyRoundPayload', SurveyRound, 'surveyRound', 'The round as opened.');
export const CloseSurveyRoundPayload = payloadOf('CloseSurveyRoundPayload', SurveyRound, 'surveyRound', 'The round as closed.');
export const SubmitResponsesPayload = batchPayloadOf('SubmitResponsesPayload');

@ObjectType({ description: 'Answer of submitResponse.' })
export class SubmitResponsePayload extends Payload {
  @WholeOr('Answers of this respondent in the round so far.') answersInRound!: number | null;
}

@InputType({ description: 'Which survey rounds.' })
export class SurveyRoundFilter {
  @TextsOr('Ids of interventions; all in scope when not said.') interventions?: string[] | null;
  @TextsOr('Exact codes; all when not said.') codes?: string[] | null;
}

@InputType({ description: 'A round to open.' })
export class OpenSurveyRoundInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id(CREATED_ID) id!: string;
  @Id('The intervention.') interventionId!: string;
  @Text('A code, new within the intervention.') code!: string;
  @Id('The instrument.') instrumentId!: string;
  @Text('baseline, post, 6-months, 12-months, or the mission’s own.') wave!: string;
  @Text('individual, family-and-friends, community or region.') level!: string;
  @Text('participants, comparison-group, participants-and-comparison or general-public.') population!: string;
  @Day('First day of the window.') opensOn!: string;
  @Day('Last day of the window.') closesOn!: string;
}

@InputType({ description: 'A round to close.' })
export class CloseSurveyRoundInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which round.') roundId!: string;
}

@InputType({ description: 'One answer.' })
export class AnswerInput {
  @Text('The item’s code.') item!: string;
  @Real('The answer, within the item’s range.') value!: number;
}

@InputType({ description: 'One person’s answers.' })
export class SubmissionInput {
  @Text('The code that links waves: the one under which the person was enrolled.') respondent!: string;
  @Of(() => [AnswerInput], 'The answers.') answers!: AnswerInput[];
}

@InputType({ description: 'One person’s answers in a round.' })
export class SubmitResponseInput extends SubmissionInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('The round.') roundId!: string;
}

@InputType({ description: 'Up to 1,000 people’s answers in a round; each is accepted or refused on its own.' })
export class SubmitResponsesInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('The round.') roundId!: string;
  @Of(() => [SubmissionInput], 'The people’s answers.') submissions!: SubmissionInput[];
}
