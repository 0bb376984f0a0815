import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { registry } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet } from '@common-ground/platform';
import type { Mission } from './domain/mission.js';
import { MissionService } from './mission.service.js';

const SERVICE = 'RegistryService';
const shown = (mission: Mission): registry.Mission => ({ ...mission, languages: [...mission.languages] });

@Controller()
export class MissionGrpc {
  constructor(private readonly missions: MissionService) {}

  @GrpcMethod(SERVICE, 'RegisterMission')
  async registerMission(request: registry.RegisterMissionRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.RegisterMissionResponse> {
    return { mission: shown(await this.missions.register(request, caller, quiet)) };
  }

  @GrpcMethod(SERVICE, 'ListMissions')
  async listMissions({ page }: registry.ListMissionsRequest, @CurrentCaller() caller: Caller): Promise<registry.ListMissionsResponse> {
    const { missions, pageInfo } = await this.missions.list(page, caller);
    return { missions: missions.map(shown), pageInfo };
  }

  @GrpcMethod(SERVICE, 'BatchGetMissions')
  async batchGetMissions({ missions }: registry.BatchGetMissionsRequest, @CurrentCaller() caller: Caller): Promise<registry.BatchGetMissionsResponse> {
    return { missions: (await this.missions.getAmong(missions, caller)).map(shown) };
  }
}
