import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf, rowOutcomes } from '../graphql/user-error.js';
import { Intervention, interventionOf } from '../registry/intervention.types.js';
import {
  ActivityFilter,
  CancelActivityInput,
  CorrectActivityInput,
  heldRecordOf,
  newActivityOf,
  PlanActivitiesInput,
  RecordActivitiesHeldInput,
  RecordActivityDidNotHappenInput,
  RecordActivityHeldInput,
  RescheduleActivityInput,
} from './activity.inputs.js';
import {
  Activity,
  ActivityConnection,
  activityOf,
  CancelActivityPayload,
  CorrectActivityPayload,
  PlanActivitiesPayload,
  RecordActivitiesHeldPayload,
  RecordActivityDidNotHappenPayload,
  RecordActivityHeldPayload,
  RescheduleActivityPayload,
} from './activity.types.js';

const answer = (work: () => Promise<{ activity: scheduling.Activity | undefined }>) =>
  outcomeOf(async () => {
    const { activity } = await work();
    return { activity: activity && activityOf(activity) };
  });

@Resolver(() => Activity)
export class ActivityResolver {
  @Query(() => ActivityConnection, { description: 'Activities in the caller’s scope, without rosters.' })
  async activities(@Args() page: PageArgs, @Args('filter', { nullable: true, type: () => ActivityFilter }) filter: ActivityFilter | null, @Context() { services, call }: GatewayContext) {
    const request = { page: pageRequest(page), interventionIds: filter?.interventions ?? [], statuses: filter?.statuses ?? [], from: filter?.from ?? undefined, until: filter?.until ?? undefined, withRoster: false };
    const { activities, pageInfo } = await services.scheduling.listActivities(request, call);
    return toConnection(activities.map(activityOf), pageInfo);
  }

  @Query(() => Activity, { nullable: true, description: 'One activity; null when it is unknown or out of the caller’s scope.' })
  async activity(@Args('id', { type: () => ID }) id: string, @Context() { loaders }: GatewayContext) {
    const found = await loaders.activities.load(id);
    return found ? activityOf(found) : null;
  }

  @ResolveField(() => Intervention, { nullable: true, description: 'The intervention it belongs to.' })
  async intervention(@Parent() { interventionId }: Activity, @Context() { loaders }: GatewayContext) {
    const found = await loaders.interventions.load(interventionId);
    return found ? interventionOf(found) : null;
  }

  @Mutation(() => PlanActivitiesPayload, { description: 'Plans activities. Mission officers of the mission, administrators.' })
  planActivities(@Args('input') { activities, ...input }: PlanActivitiesInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { outcomes } = await services.scheduling.planActivities({ ...input, activities: activities.map(newActivityOf) }, call);
      return { outcomes: rowOutcomes(outcomes) };
    });
  }

  @Mutation(() => RescheduleActivityPayload, { description: 'Moves an activity to another time.' })
  rescheduleActivity(@Args('input') input: RescheduleActivityInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.rescheduleActivity({ ...input, place: input.place ?? '' }, call));
  }

  @Mutation(() => CancelActivityPayload, { description: 'Calls an activity off beforehand.' })
  cancelActivity(@Args('input') input: CancelActivityInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.cancelActivity({ ...input }, call));
  }

  @Mutation(() => RecordActivityHeldPayload, { description: 'Records that an activity took place, who came and how the contact went.' })
  recordActivityHeld(@Args('input') { commandId, record }: RecordActivityHeldInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.recordActivityHeld({ commandId, record: heldRecordOf(record) }, call));
  }

  @Mutation(() => RecordActivitiesHeldPayload, { description: 'Records made offline or imported.' })
  recordActivitiesHeld(@Args('input') { commandId, records }: RecordActivitiesHeldInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { outcomes } = await services.scheduling.recordActivitiesHeld({ commandId, records: records.map(heldRecordOf) }, call);
      return { outcomes: rowOutcomes(outcomes) };
    });
  }

  @Mutation(() => RecordActivityDidNotHappenPayload, { description: 'Records that an activity did not take place, and why.' })
  recordActivityDidNotHappen(@Args('input') input: RecordActivityDidNotHappenInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.recordActivityDidNotHappen({ ...input }, call));
  }

  @Mutation(() => CorrectActivityPayload, { description: 'Puts a record right.' })
  correctActivity(@Args('input') input: CorrectActivityInput, @Context() { services, call }: GatewayContext) {
    const { commandId, activityId, outcome, reason, record } = input;
    return answer(() => services.scheduling.correctActivity({ commandId, activityId, outcome, reason: reason ?? '', record: record ? heldRecordOf(record) : undefined }, call));
  }
}
