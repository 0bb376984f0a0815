import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { registry } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet } from '@common-ground/platform';
import type { Intervention } from './domain/intervention.js';
import { InterventionService } from './intervention.service.js';

const SERVICE = 'RegistryService';
const shown = (intervention: Intervention): registry.Intervention => ({ ...intervention, modalities: [...intervention.modalities], sides: [...intervention.sides] });

@Controller()
export class InterventionGrpc {
  constructor(private readonly interventions: InterventionService) {}

  @GrpcMethod(SERVICE, 'DesignIntervention')
  async designIntervention(request: registry.DesignInterventionRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.DesignInterventionResponse> {
    return { intervention: shown(await this.interventions.design(request, caller, quiet)) };
  }

  @GrpcMethod(SERVICE, 'ReviseIntervention')
  async reviseIntervention(request: registry.ReviseInterventionRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.ReviseInterventionResponse> {
    return { intervention: shown(await this.interventions.revise(request, caller, quiet)) };
  }

  @GrpcMethod(SERVICE, 'ListInterventions')
  async listInterventions({ page, ...filter }: registry.ListInterventionsRequest, @CurrentCaller() caller: Caller): Promise<registry.ListInterventionsResponse> {
    const { interventions, pageInfo } = await this.interventions.list(page, filter, caller);
    return { interventions: interventions.map(shown), pageInfo };
  }

  @GrpcMethod(SERVICE, 'BatchGetInterventions')
  async batchGetInterventions({ ids }: registry.BatchGetInterventionsRequest, @CurrentCaller() caller: Caller): Promise<registry.BatchGetInterventionsResponse> {
    return { interventions: (await this.interventions.getAmong(ids, caller)).map(shown) };
  }
}
