import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { evaluation } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_RUN_SURVEYS } from '../roles.js';
import { ResponseService } from './response.service.js';

const rpc = evaluation.EvaluationServiceService;

@Controller()
export class ResponseGrpc {
  constructor(private readonly responses: ResponseService) {}

  @Rpc(rpc.submitResponse)
  @Roles(...MAY_RUN_SURVEYS)
  async submitResponse(@Payload() request: evaluation.SubmitResponseRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<evaluation.SubmitResponseResponse> {
    return { answersInRound: await this.responses.submit(request, caller, quiet) };
  }

  @Rpc(rpc.submitResponses)
  @Roles(...MAY_RUN_SURVEYS)
  async submitResponses(@Payload() request: evaluation.SubmitResponsesRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<evaluation.SubmitResponsesResponse> {
    return { outcomes: [...(await this.responses.submitBatch(request, caller, quiet))] };
  }
}
