import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { registry } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_READ, MAY_REGISTER_MISSIONS } from '../roles.js';
import type { Mission } from './domain/mission.js';
import { MissionService } from './mission.service.js';

const rpc = registry.RegistryServiceService;
const shown = (mission: Mission): registry.Mission => ({ ...mission, languages: [...mission.languages] });

@Controller()
export class MissionGrpc {
  constructor(private readonly missions: MissionService) {}

  @Rpc(rpc.registerMission)
  @Roles(...MAY_REGISTER_MISSIONS)
  async registerMission(@Payload() request: registry.RegisterMissionRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.RegisterMissionResponse> {
    return { mission: shown(await this.missions.register(request, caller, quiet)) };
  }

  @Rpc(rpc.listMissions)
  @Roles(...MAY_READ)
  async listMissions(@Payload() { page }: registry.ListMissionsRequest, @CurrentCaller() caller: Caller): Promise<registry.ListMissionsResponse> {
    const { missions, pageInfo } = await this.missions.list(page, caller);
    return { missions: missions.map(shown), pageInfo };
  }

  @Rpc(rpc.batchGetMissions)
  @Roles(...MAY_READ)
  async batchGetMissions(@Payload() { missions }: registry.BatchGetMissionsRequest, @CurrentCaller() caller: Caller): Promise<registry.BatchGetMissionsResponse> {
    return { missions: (await this.missions.getAmong(missions, caller)).map(shown) };
  }
}
