import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest } from '../graphql/page.js';
import { outcomeOf } from '../graphql/user-error.js';
import { MessagingDesk } from './messaging-desk.js';
import {
  actionOf,
  ConsumerReplay,
  detailsOf,
  DiscardParkedFactInput,
  DiscardParkedFactPayload,
  MessagingLag,
  ParkedFactDetails,
  parkedFactOf,
  ParkedFactPage,
  releaseOf,
  ReplayConsumerInput,
  ReplayConsumerPayload,
  replayOf,
  RetryParkedFactInput,
  RetryParkedFactPayload,
  RetryParkedKeyInput,
  RetryParkedKeyPayload,
  serviceLagOf,
} from './messaging.types.js';

/** The operator's hand. The same actions are on the command line: `npm run messaging`. */
@Resolver()
export class MessagingResolver {
  constructor(@Inject(MessagingDesk) private readonly desk: MessagingDesk) {}

  @Query(() => MessagingLag, { description: 'How far services and their consumers are behind. Administrators.' })
  async messagingLag(@Context() asking: GatewayContext): Promise<MessagingLag> {
    const { services, away } = await this.desk.lag(asking);
    return { services: services.map(serviceLagOf), away };
  }

  @Query(() => ParkedFactPage, { description: 'Facts that could not be handled, and those that wait behind them, of all services. `after` is the id of a fact. Administrators.' })
  async parkedFacts(
    @Args() page: PageArgs,
    @Args('consumer', { type: () => String, nullable: true, description: 'Only of this consumer.' }) consumer: string | null,
    @Args('key', { type: () => String, nullable: true, description: 'Only of this key.' }) key: string | null,
    @Context() asking: GatewayContext,
  ): Promise<ParkedFactPage> {
    const { facts, ...rest } = await this.desk.parked({ consumer: consumer ?? '', key: key ?? '', ...pageRequest(page) }, asking);
    return { ...rest, facts: facts.map(parkedFactOf) };
  }

  @Query(() => ParkedFactDetails, { description: 'One fact that is or was parked. Administrators.' })
  async parkedFact(@Args('id', { type: () => ID, description: 'Its service and a number, as scheduling:42.' }) id: string, @Context() asking: GatewayContext): Promise<ParkedFactDetails> {
    return detailsOf(await this.desk.fact(id, asking));
  }

  @Query(() => ConsumerReplay, { nullable: true, description: 'The last replay of a consumer; null when there was none. Administrators.' })
  async consumerReplay(@Args('consumer', { description: 'The consumer’s name.' }) consumer: string, @Context() asking: GatewayContext): Promise<ConsumerReplay | null> {
    const { replay } = await this.desk.lastReplay(consumer, asking);
    return replay ? replayOf(replay) : null;
  }

  @Mutation(() => RetryParkedFactPayload, { description: 'Applies the parked facts of one fact’s key in order, until one fails again. Administrators.' })
  retryParkedFact(@Args('input') { commandId, id, reason }: RetryParkedFactInput, @Context() asking: GatewayContext): Promise<RetryParkedFactPayload> {
    return outcomeOf(async () => {
      const { state, release } = await this.desk.retryFact({ commandId, id, reason: reason ?? '' }, asking);
      return { state, release: release ? releaseOf(release) : null };
    });
  }

  @Mutation(() => RetryParkedKeyPayload, { description: 'Applies the parked facts of a key in order, until one fails again, wherever it is held back. Administrators.' })
  retryParkedKey(@Args('input') { commandId, key, consumer, reason }: RetryParkedKeyInput, @Context() asking: GatewayContext): Promise<RetryParkedKeyPayload> {
    return outcomeOf(async () => {
      const { releases, away } = await this.desk.retryKey({ commandId, key, consumer: consumer ?? '', reason: reason ?? '' }, asking);
      return { releases: releases.map(releaseOf), away };
    });
  }

  @Mutation(() => DiscardParkedFactPayload, { description: 'Gives a parked fact up for good, with a reason, and applies those that waited behind it. Administrators.' })
  discardParkedFact(@Args('input') input: DiscardParkedFactInput, @Context() asking: GatewayContext): Promise<DiscardParkedFactPayload> {
    return outcomeOf(async () => {
      const { discarded, release } = await this.desk.discardFact({ ...input }, asking);
      return { discarded: discarded ? actionOf(discarded) : null, release: release ? releaseOf(release) : null };
    });
  }

  @Mutation(() => ReplayConsumerPayload, {
    description: 'Hands a consumer once more what lies in the log: what it has missed it applies, what it has applied it skips, and nobody is alerted. A replay of the portfolio is no rebuild: what was folded stays. Administrators.',
  })
  replayConsumer(@Args('input') { commandId, consumer, from, reason }: ReplayConsumerInput, @Context() asking: GatewayContext): Promise<ReplayConsumerPayload> {
    return outcomeOf(async () => {
      const { replay } = await this.desk.replay({ commandId, consumer, from, reason: reason ?? '' }, asking);
      return { replay: replay ? replayOf(replay) : null };
    });
  }
}
