import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf } from '../graphql/user-error.js';
import { Mission, MissionConnection, missionOf, RegisterMissionInput, RegisterMissionPayload } from './mission.types.js';

@Resolver(() => Mission)
export class MissionResolver {
  @Query(() => MissionConnection, { description: 'The missions in the caller’s scope, by code.' })
  async missions(@Args() page: PageArgs, @Context() { services, call }: GatewayContext) {
    const { missions, pageInfo } = await services.registry.listMissions({ page: pageRequest(page) }, call);
    return toConnection(missions.map(missionOf), pageInfo);
  }

  @Query(() => Mission, { nullable: true, description: 'One mission; null when it is unknown or out of the caller’s scope.' })
  async mission(@Args('mission', { description: 'Its code.' }) code: string, @Context() { loaders }: GatewayContext) {
    const found = await loaders.missions.load(code);
    return found ? missionOf(found) : null;
  }

  @Mutation(() => RegisterMissionPayload, { description: 'A mission joins the platform. Administrators.' })
  registerMission(@Args('input') input: RegisterMissionInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { mission } = await services.registry.registerMission({ ...input }, call);
      return { mission: mission && missionOf(mission) };
    });
  }
}
