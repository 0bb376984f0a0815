import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { evaluation } from '@common-ground/contracts';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf, rowOutcomes } from '../graphql/user-error.js';
import { Estimate, estimateOf } from './estimate.types.js';
import { Instrument, InstrumentConnection, InstrumentFilter, instrumentOf, PublishInstrumentInput, PublishInstrumentPayload } from './instrument.types.js';
import {
  CloseSurveyRoundInput,
  CloseSurveyRoundPayload,
  OpenSurveyRoundInput,
  OpenSurveyRoundPayload,
  roundOf,
  SubmitResponseInput,
  SubmitResponsePayload,
  SubmitResponsesInput,
  SubmitResponsesPayload,
  SurveyRound,
  SurveyRoundConnection,
  SurveyRoundFilter,
  type SubmissionInput,
} from './round.types.js';

const submissionOf = ({ respondent, answers }: SubmissionInput): evaluation.Submission => ({ respondent, answers: answers.map(({ item, value }) => ({ item, value })) });

@Resolver(() => SurveyRound)
export class EvaluationResolver {
  @Query(() => InstrumentConnection, { description: 'Instruments in the caller’s scope.' })
  async instruments(@Args() page: PageArgs, @Args('filter', { nullable: true, type: () => InstrumentFilter }) filter: InstrumentFilter | null, @Context() { services, call }: GatewayContext) {
    const { instruments, pageInfo } = await services.evaluation.listInstruments({ page: pageRequest(page), missions: filter?.missions ?? [], codes: filter?.codes ?? [] }, call);
    return toConnection(instruments.map(instrumentOf), pageInfo);
  }

  @Query(() => SurveyRoundConnection, { description: 'Survey rounds in the caller’s scope.' })
  async surveyRounds(@Args() page: PageArgs, @Args('filter', { nullable: true, type: () => SurveyRoundFilter }) filter: SurveyRoundFilter | null, @Context() { services, call, caller }: GatewayContext) {
    const { rounds, pageInfo } = await services.evaluation.listSurveyRounds({ page: pageRequest(page), interventionIds: filter?.interventions ?? [], codes: filter?.codes ?? [] }, call);
    return toConnection(rounds.map((row) => roundOf(row, caller)), pageInfo);
  }

  @Query(() => [Estimate], { description: 'Estimates of interventions, up to 100 of them.' })
  async estimates(@Args('interventions', { type: () => [ID] }) interventions: string[], @Context() { services, call }: GatewayContext) {
    const { estimates } = await services.evaluation.listEstimates({ interventionIds: interventions }, call);
    return estimates.map(estimateOf);
  }

  @ResolveField(() => Instrument, { nullable: true, description: 'What is asked.' })
  async instrument(@Parent() { instrumentId }: SurveyRound, @Context() { loaders }: GatewayContext) {
    const found = await loaders.instruments.load(instrumentId);
    return found ? instrumentOf(found) : null;
  }

  @Mutation(() => PublishInstrumentPayload, { description: 'Publishes a questionnaire. Mission officers of the mission, administrators.' })
  publishInstrument(@Args('input') input: PublishInstrumentInput, @Context() { services, call }: GatewayContext) {
    const items = (input.items ?? []).map((item) => ({ ...item, scale: item.scale ?? '', primary: item.primary ?? false }));
    return outcomeOf(async () => {
      const { instrument } = await services.evaluation.publishInstrument({ ...input, items }, call);
      return { instrument: instrument && instrumentOf(instrument) };
    });
  }

  @Mutation(() => OpenSurveyRoundPayload, { description: 'Opens a survey round. Mission officers of the mission, administrators.' })
  openSurveyRound(@Args('input') input: OpenSurveyRoundInput, @Context() { services, call, caller }: GatewayContext) {
    return outcomeOf(async () => {
      const { round } = await services.evaluation.openSurveyRound({ ...input }, call);
      return { surveyRound: round && roundOf(round, caller) };
    });
  }

  @Mutation(() => CloseSurveyRoundPayload, { description: 'Closes a survey round: no more answers are taken.' })
  closeSurveyRound(@Args('input') input: CloseSurveyRoundInput, @Context() { services, call, caller }: GatewayContext) {
    return outcomeOf(async () => {
      const { round } = await services.evaluation.closeSurveyRound({ ...input }, call);
      return { surveyRound: round && roundOf(round, caller) };
    });
  }

  @Mutation(() => SubmitResponsePayload, { description: 'Records one person’s answers.' })
  submitResponse(@Args('input') input: SubmitResponseInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(() => services.evaluation.submitResponse({ commandId: input.commandId, roundId: input.roundId, ...submissionOf(input) }, call));
  }

  @Mutation(() => SubmitResponsesPayload, { description: 'Records many people’s answers.' })
  submitResponses(@Args('input') { commandId, roundId, submissions }: SubmitResponsesInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { outcomes } = await services.evaluation.submitResponses({ commandId, roundId, submissions: submissions.map(submissionOf) }, call);
      return { outcomes: rowOutcomes(outcomes) };
    });
  }
}
