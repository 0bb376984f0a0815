import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { evaluation } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_READ, MAY_RUN_SURVEYS } from '../roles.js';
import { SurveyRoundService } from './survey-round.service.js';

const rpc = evaluation.EvaluationServiceService;

@Controller()
export class SurveyRoundGrpc {
  constructor(private readonly rounds: SurveyRoundService) {}

  @Rpc(rpc.openSurveyRound)
  @Roles(...MAY_RUN_SURVEYS)
  async openSurveyRound(@Payload() request: evaluation.OpenSurveyRoundRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<evaluation.OpenSurveyRoundResponse> {
    return { round: await this.rounds.open(request, caller, quiet) };
  }

  @Rpc(rpc.closeSurveyRound)
  @Roles(...MAY_RUN_SURVEYS)
  async closeSurveyRound(@Payload() request: evaluation.CloseSurveyRoundRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<evaluation.CloseSurveyRoundResponse> {
    return { round: await this.rounds.close(request, caller, quiet) };
  }

  @Rpc(rpc.listSurveyRounds)
  @Roles(...MAY_READ)
  async listSurveyRounds(@Payload() { page, ...filter }: evaluation.ListSurveyRoundsRequest, @CurrentCaller() caller: Caller): Promise<evaluation.ListSurveyRoundsResponse> {
    const { rounds, pageInfo } = await this.rounds.list(page, filter, caller);
    return { rounds: [...rounds], pageInfo };
  }

  @Rpc(rpc.batchGetSurveyRounds)
  @Roles(...MAY_READ)
  async batchGetSurveyRounds(@Payload() { ids }: evaluation.BatchGetSurveyRoundsRequest, @CurrentCaller() caller: Caller): Promise<evaluation.BatchGetSurveyRoundsResponse> {
    return { rounds: [...(await this.rounds.getAmong(ids, caller))] };
  }
}
