import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ActivityStatus } from '../graphql/enums.js';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { Intervention } from '../registry/intervention.types.js';
import { ActivityConnection, activityOf } from './activity.types.js';

@Resolver(() => Intervention)
export class InterventionActivitiesResolver {
  @ResolveField(() => ActivityConnection, { description: 'Its activities by time, without rosters.' })
  async activities(
    @Parent() { id }: Intervention,
    @Args() page: PageArgs,
    @Args('statuses', { nullable: true, type: () => [ActivityStatus], description: 'What became of them; all when not said.' }) statuses: string[] | null,
    @Context() { services, call, loaders }: GatewayContext,
  ) {
    const request = { page: pageRequest(page), interventionIds: [id], statuses: statuses ?? [], from: undefined, until: undefined, withRoster: false };
    const { rows, info } = await loaders.pages.get(`activities ${JSON.stringify(request)}`, async () => {
      const { activities, pageInfo } = await services.scheduling.listActivities(request, call);
      return { rows: activities, info: pageInfo };
    });
    return toConnection(rows.map(activityOf), info);
  }
}
