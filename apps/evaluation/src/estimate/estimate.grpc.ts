import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { evaluation } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Roles, Rpc } from '@common-ground/platform';
import { MAY_READ_ESTIMATES } from '../roles.js';
import { shownEstimate } from './estimate.facts.js';
import { EstimateService } from './estimate.service.js';

@Controller()
export class EstimateGrpc {
  constructor(private readonly estimates: EstimateService) {}

  @Rpc(evaluation.EvaluationServiceService.listEstimates)
  @Roles(...MAY_READ_ESTIMATES)
  async listEstimates(@Payload() { interventionIds }: evaluation.ListEstimatesRequest, @CurrentCaller() caller: Caller): Promise<evaluation.ListEstimatesResponse> {
    return { estimates: (await this.estimates.list(interventionIds, caller)).map(shownEstimate) };
  }
}
