import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { DomainError } from '@common-ground/kernel';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf } from '../graphql/user-error.js';
import {
  designFieldsOf,
  DesignInterventionInput,
  DesignInterventionPayload,
  Intervention,
  InterventionConnection,
  InterventionFilter,
  interventionOf,
  ReviseInterventionInput,
  ReviseInterventionPayload,
} from './intervention.types.js';
import { Mission, missionOf } from './mission.types.js';

@Resolver(() => Intervention)
export class InterventionResolver {
  @Query(() => InterventionConnection, { description: 'Interventions in the caller’s scope.' })
  async interventions(@Args() page: PageArgs, @Args('filter', { nullable: true, type: () => InterventionFilter }) filter: InterventionFilter | null, @Context() { services, call }: GatewayContext) {
    const request = { page: pageRequest(page), missions: filter?.missions ?? [], kinds: filter?.kinds ?? [], codes: filter?.codes ?? [] };
    const { interventions, pageInfo } = await services.registry.listInterventions(request, call);
    return toConnection(interventions.map(interventionOf), pageInfo);
  }

  @Query(() => Intervention, { nullable: true, description: 'One intervention; null when it is unknown or out of the caller’s scope.' })
  async intervention(@Args('id', { type: () => ID }) id: string, @Context() { loaders }: GatewayContext) {
    const found = await loaders.interventions.load(id);
    return found ? interventionOf(found) : null;
  }

  @ResolveField(() => Mission, { description: 'The mission it belongs to.' })
  async mission(@Parent() { missionCode }: Intervention, @Context() { loaders }: GatewayContext) {
    const found = await loaders.missions.load(missionCode);
    if (!found) throw new DomainError('not-found', 'MISSION_UNKNOWN', `Mission ${missionCode} is not in your scope.`);
    return missionOf(found);
  }

  @Mutation(() => DesignInterventionPayload, { description: 'Designs an intervention. Mission officers of the mission, administrators.' })
  designIntervention(@Args('input') input: DesignInterventionInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { mission, code } = input;
      const { intervention } = await services.registry.designIntervention({ ...designFieldsOf(input), mission, code }, call);
      return { intervention: intervention && interventionOf(intervention) };
    });
  }

  @Mutation(() => ReviseInterventionPayload, { description: 'Changes an intervention’s design. Mission officers of the mission, administrators.' })
  reviseIntervention(@Args('input') input: ReviseInterventionInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { intervention } = await services.registry.reviseIntervention(designFieldsOf(input), call);
      return { intervention: intervention && interventionOf(intervention) };
    });
  }
}
