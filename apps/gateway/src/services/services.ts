import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { evaluation, operations, registry, risk, scheduling } from '@common-ground/contracts';
import { grpcClient, type GrpcClient } from '@common-ground/platform';

export type ServiceAddresses = { readonly registry: string; readonly scheduling: string; readonly riskMonitoring: string; readonly evaluation: string };
export const SERVICE_ADDRESSES = Symbol('ServiceAddresses');

/** The four services that own the data, by gRPC. */
@Injectable()
export class Services implements OnApplicationShutdown {
  readonly registry: GrpcClient<typeof registry.RegistryServiceService>;
  readonly scheduling: GrpcClient<typeof scheduling.SchedulingServiceService>;
  readonly evaluation: GrpcClient<typeof evaluation.EvaluationServiceService>;
  readonly risk: GrpcClient<typeof risk.RiskServiceService>;
  /** The operator's hand on each of them, by its name. */
  readonly operations: ReadonlyMap<string, GrpcClient<typeof operations.OperationsServiceService>>;

  constructor(@Inject(SERVICE_ADDRESSES) addresses: ServiceAddresses) {
    this.registry = grpcClient(registry.RegistryServiceService, addresses.registry);
    this.scheduling = grpcClient(scheduling.SchedulingServiceService, addresses.scheduling);
    this.evaluation = grpcClient(evaluation.EvaluationServiceService, addresses.evaluation);
    this.risk = grpcClient(risk.RiskServiceService, addresses.riskMonitoring);
    const named = { registry: addresses.registry, scheduling: addresses.scheduling, evaluation: addresses.evaluation, 'risk-monitoring': addresses.riskMonitoring };
    this.operations = new Map(Object.entries(named).map(([name, address]) => [name, grpcClient(operations.OperationsServiceService, address)]));
  }

  onApplicationShutdown(): void {
    for (const client of [this.registry, this.scheduling, this.evaluation, this.risk, ...this.operations.values()]) client.close();
  }
}
