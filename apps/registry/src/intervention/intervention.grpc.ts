import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { registry } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_READ, MAY_RUN_PROGRAMMES } from '../roles.js';
import type { Intervention } from './domain/intervention.js';
import { InterventionService } from './intervention.service.js';

const rpc = registry.RegistryServiceService;
const shown = (intervention: Intervention): registry.Intervention => ({ ...intervention, modalities: [...intervention.modalities], sides: [...intervention.sides] });

@Controller()
export class InterventionGrpc {
  constructor(private readonly interventions: InterventionService) {}

  @Rpc(rpc.designIntervention)
  @Roles(...MAY_RUN_PROGRAMMES)
  async designIntervention(@Payload() request: registry.DesignInterventionRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.DesignInterventionResponse> {
    return { intervention: shown(await this.interventions.design(request, caller, quiet)) };
  }

  @Rpc(rpc.reviseIntervention)
  @Roles(...MAY_RUN_PROGRAMMES)
  async reviseIntervention(@Payload() request: registry.ReviseInterventionRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.ReviseInterventionResponse> {
    return { intervention: shown(await this.interventions.revise(request, caller, quiet)) };
  }

  @Rpc(rpc.listInterventions)
  @Roles(...MAY_READ)
  async listInterventions(@Payload() { page, ...filter }: registry.ListInterventionsRequest, @CurrentCaller() caller: Caller): Promise<registry.ListInterventionsResponse> {
    const { interventions, pageInfo } = await this.interventions.list(page, filter, caller);
    return { interventions: interventions.map(shown), pageInfo };
  }

  @Rpc(rpc.batchGetInterventions)
  @Roles(...MAY_READ)
  async batchGetInterventions(@Payload() { ids }: registry.BatchGetInterventionsRequest, @CurrentCaller() caller: Caller): Promise<registry.BatchGetInterventionsResponse> {
    return { interventions: (await this.interventions.getAmong(ids, caller)).map(shown) };
  }
}
