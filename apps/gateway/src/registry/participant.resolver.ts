import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf, rowOutcomes } from '../graphql/user-error.js';
import { Intervention } from './intervention.types.js';
import { EnrolParticipantsInput, EnrolParticipantsPayload, newParticipantOf, ParticipantConnection, participantOf, WithdrawParticipantInput, WithdrawParticipantPayload } from './participant.types.js';

@Resolver(() => Intervention)
export class ParticipantResolver {
  @ResolveField(() => ParticipantConnection, { description: 'People enrolled, by code. Never shown to headquarters.' })
  async participants(
    @Parent() { id }: Intervention,
    @Args() page: PageArgs,
    @Args('side', { nullable: true, type: () => String, description: 'One side only.' }) side: string | null,
    @Context() { services, call, loaders }: GatewayContext,
  ) {
    const request = { page: pageRequest(page), interventionId: id, side: side ?? '', status: '' };
    const { rows, info } = await loaders.pages.get(`participants ${JSON.stringify(request)}`, async () => {
      const { participants, pageInfo } = await services.registry.listParticipants(request, call);
      return { rows: participants, info: pageInfo };
    });
    return toConnection(rows.map(participantOf), info);
  }

  @Mutation(() => EnrolParticipantsPayload, { description: 'Enrols people under pseudonymous codes. Mission officers of the mission, administrators.' })
  enrolParticipants(@Args('input') { participants, ...input }: EnrolParticipantsInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { outcomes } = await services.registry.enrolParticipants({ ...input, participants: participants.map(newParticipantOf) }, call);
      return { outcomes: rowOutcomes(outcomes) };
    });
  }

  @Mutation(() => WithdrawParticipantPayload, { description: 'A person leaves the intervention. Mission officers of the mission, administrators.' })
  withdrawParticipant(@Args('input') input: WithdrawParticipantInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { participant } = await services.registry.withdrawParticipant({ ...input }, call);
      return { participant: participant && participantOf(participant) };
    });
  }
}
