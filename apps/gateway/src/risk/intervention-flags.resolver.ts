import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { FlagStatus } from '../graphql/enums.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { Intervention } from '../registry/intervention.types.js';
import { flagOf, RiskFlagConnection } from './flag.types.js';

@Resolver(() => Intervention)
export class InterventionFlagsResolver {
  @ResolveField(() => RiskFlagConnection, { description: 'Its risk flags.' })
  async flags(
    @Parent() { id }: Intervention,
    @Args() page: PageArgs,
    @Args('statuses', { nullable: true, type: () => [FlagStatus], description: 'How far they have come; all when not said.' }) statuses: string[] | null,
    @Context() { services, call, loaders }: GatewayContext,
  ) {
    const request = { page: pageRequest(page), missions: [], interventionIds: [id], statuses: statuses ?? [], rules: [] };
    const { rows, info } = await loaders.pages.get(`flags ${JSON.stringify(request)}`, async () => {
      const { flags, pageInfo } = await services.risk.listFlags(request, call);
      return { rows: flags, info: pageInfo };
    });
    return toConnection(rows.map(flagOf), info);
  }
}
