import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf } from '../graphql/user-error.js';
import {
  candidateOf,
  CheckInPairingInput,
  CheckInPairingPayload,
  EndPairingInput,
  EndPairingPayload,
  Pairing,
  PairingConnection,
  PairingFilter,
  pairingOf,
  PairingProposal,
  PairingProposalInput,
  StartPairingInput,
  StartPairingPayload,
} from './pairing.types.js';

const answer = (work: () => Promise<{ pairing: scheduling.Pairing | undefined }>) =>
  outcomeOf(async () => {
    const { pairing } = await work();
    return { pairing: pairing && pairingOf(pairing) };
  });

@Resolver(() => Pairing)
export class PairingResolver {
  @Query(() => PairingConnection, { description: 'Pairings in the caller’s scope. Mission officers, facilitators and administrators.' })
  async pairings(@Args() page: PageArgs, @Args('filter', { nullable: true, type: () => PairingFilter }) filter: PairingFilter | null, @Context() { services, call }: GatewayContext) {
    const { pairings, pageInfo } = await services.scheduling.listPairings({ page: pageRequest(page), interventionIds: filter?.interventions ?? [], statuses: filter?.statuses ?? [] }, call);
    return toConnection(pairings.map(pairingOf), pageInfo);
  }

  @Query(() => PairingProposal, { description: 'Who would fit whom; nothing is started. Mission officers, facilitators and administrators.' })
  pairingProposal(@Args('input') { interventionId, supporters, supported, keepApart }: PairingProposalInput, @Context() { services, call }: GatewayContext) {
    const apart = (keepApart ?? []).map(({ participantIds }) => ({ participantIds: [...participantIds] }));
    return services.scheduling.proposePairings({ interventionId, supporters: supporters.map(candidateOf), supported: supported.map(candidateOf), keepApart: apart }, call);
  }

  @Mutation(() => StartPairingPayload, { description: 'Starts a one-to-one pairing of two enrolled people.' })
  startPairing(@Args('input') input: StartPairingInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.startPairing({ ...input }, call));
  }

  @Mutation(() => CheckInPairingPayload, { description: 'Records how a pair says that it goes.' })
  checkInPairing(@Args('input') input: CheckInPairingInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.checkInPairing({ ...input }, call));
  }

  @Mutation(() => EndPairingPayload, { description: 'Ends a pairing.' })
  endPairing(@Args('input') input: EndPairingInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.endPairing({ ...input }, call));
  }
}
