import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { said } from '../graphql/fields.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf } from '../graphql/user-error.js';
import {
  Alert,
  AlertConnection,
  AlertFilter,
  alertOf,
  AlertSubscription,
  CancelAlertSubscriptionInput,
  CancelAlertSubscriptionPayload,
  SubscribeToAlertsInput,
  SubscribeToAlertsPayload,
  subscriptionOf,
} from './alert.types.js';
import { flagOf, RiskFlag } from './flag.types.js';

@Resolver(() => Alert)
export class AlertResolver {
  @Query(() => [AlertSubscription], { description: 'The caller’s own subscriptions.' })
  async alertSubscriptions(@Context() { services, call }: GatewayContext) {
    const { subscriptions } = await services.risk.listSubscriptions({}, call);
    return subscriptions.map(subscriptionOf);
  }

  @Query(() => AlertConnection, { description: 'Alerts of the caller’s own subscriptions, latest first.' })
  async alerts(@Args() page: PageArgs, @Args('filter', { nullable: true, type: () => AlertFilter }) filter: AlertFilter | null, @Context() { services, call }: GatewayContext) {
    const { alerts, pageInfo } = await services.risk.listAlerts({ page: pageRequest(page), channels: filter?.channels ?? [], statuses: filter?.statuses ?? [], ids: [] }, call);
    return toConnection(alerts.map(alertOf), pageInfo);
  }

  @ResolveField(() => RiskFlag, { nullable: true, description: 'The flag as it is now.' })
  async flag(@Parent() { flagId }: Alert, @Context() { loaders }: GatewayContext) {
    const found = await loaders.flags.load(flagId);
    return found ? flagOf(found) : null;
  }

  @Mutation(() => SubscribeToAlertsPayload, { description: 'Subscribes the caller to alerts.' })
  subscribeToAlerts(@Args('input') input: SubscribeToAlertsInput, @Context() { services, call }: GatewayContext) {
    const { target, missions, rules, minimumSeverity, ...rest } = input;
    return outcomeOf(async () => {
      const request = { ...rest, target: target ?? '', missions: missions ?? [], rules: rules ?? [], minimumSeverity: minimumSeverity ?? 1 };
      const { subscription, signingSecret } = await services.risk.subscribeToAlerts(request, call);
      return { alertSubscription: subscription && subscriptionOf(subscription), signingSecret: said(signingSecret) };
    });
  }

  @Mutation(() => CancelAlertSubscriptionPayload, { description: 'Ends one of the caller’s subscriptions.' })
  cancelAlertSubscription(@Args('input') input: CancelAlertSubscriptionInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      await services.risk.cancelSubscription({ ...input }, call);
      return { alertSubscriptionId: input.subscriptionId };
    });
  }
}
