import { Inject } from '@nestjs/common';
import { Args, Context, InputType, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { requireRole } from '@common-ground/kernel';
import type { GatewayContext } from '../graphql/context.js';
import { COMMAND_ID, Id, OrOf } from '../graphql/fields.js';
import { PageArgs, pageRequest } from '../graphql/page.js';
import { outcomeOf, Payload } from '../graphql/user-error.js';
import { PortfolioModels } from './portfolio-models.js';
import { PortfolioService } from './portfolio.service.js';
import { PortfolioConnection, PortfolioFilter, PortfolioRebuild, PortfolioRow, PortfolioSort } from './portfolio.types.js';

@InputType({ description: 'Rebuilds the portfolio.' })
export class RebuildPortfolioInput {
  @Id(COMMAND_ID) commandId!: string;
}

@ObjectType({ description: 'Answer of rebuildPortfolio.' })
export class RebuildPortfolioPayload extends Payload {
  @OrOf(() => PortfolioRebuild, 'The rebuild that was begun.') rebuild!: PortfolioRebuild | null;
}

@Resolver(() => PortfolioRow)
export class PortfolioResolver {
  constructor(
    @Inject(PortfolioService) private readonly portfolioService: PortfolioService,
    @Inject(PortfolioModels) private readonly models: PortfolioModels,
  ) {}

  @Query(() => PortfolioConnection, { description: 'What is done across missions and what comes of it: aggregates only, small numbers of people withheld. Headquarters and monitoring staff see all missions, mission officers their own.' })
  portfolio(
    @Args() page: PageArgs,
    @Args('filter', { type: () => PortfolioFilter, nullable: true }) filter: PortfolioFilter | null,
    @Args('sort', { type: () => [PortfolioSort], nullable: true }) sort: PortfolioSort[] | null,
    @Context() { caller }: GatewayContext,
  ): Promise<PortfolioConnection> {
    const { first, after } = pageRequest(page);
    return this.portfolioService.read({ first, after, filter, sort }, caller);
  }

  @Query(() => PortfolioRebuild, { description: 'How far the rebuild of the portfolio has come. Administrators.' })
  portfolioRebuild(@Context() { caller }: GatewayContext): PortfolioRebuild {
    requireRole(caller, 'administrator');
    return this.models.progress();
  }

  @Mutation(() => RebuildPortfolioPayload, { description: 'Folds the portfolio anew from the first fact, beside the one that is read, and swaps it in when it has caught up. Nobody is alerted. Administrators.' })
  rebuildPortfolio(@Args('input') { commandId }: RebuildPortfolioInput, @Context() { caller }: GatewayContext): Promise<RebuildPortfolioPayload> {
    return outcomeOf(async () => {
      requireRole(caller, 'administrator');
      return { rebuild: await this.models.rebuild(commandId) };
    });
  }
}

