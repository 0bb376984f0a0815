import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { risk } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Roles, Rpc } from '@common-ground/platform';
import { MAY_SUBSCRIBE } from '../roles.js';
import type { Subscription } from './domain/subscription.js';
import { SubscriptionService } from './subscription.service.js';

const rpc = risk.RiskServiceService;
const shown = (subscription: Subscription): risk.Subscription => ({ ...subscription, missions: [...subscription.missions], rules: [...subscription.rules] });

@Controller()
export class SubscriptionGrpc {
  constructor(private readonly subscriptions: SubscriptionService) {}

  @Rpc(rpc.subscribeToAlerts)
  @Roles(...MAY_SUBSCRIBE)
  async subscribeToAlerts(@Payload() request: risk.SubscribeToAlertsRequest, @CurrentCaller() caller: Caller): Promise<risk.SubscribeToAlertsResponse> {
    const { subscription, signingSecret } = await this.subscriptions.subscribe(request, caller);
    return { subscription: shown(subscription), signingSecret };
  }

  @Rpc(rpc.cancelSubscription)
  @Roles(...MAY_SUBSCRIBE)
  async cancelSubscription(@Payload() request: risk.CancelSubscriptionRequest, @CurrentCaller() caller: Caller): Promise<risk.CancelSubscriptionResponse> {
    await this.subscriptions.cancel(request, caller);
    return {};
  }

  @Rpc(rpc.listSubscriptions)
  @Roles(...MAY_SUBSCRIBE)
  async listSubscriptions(@CurrentCaller() caller: Caller): Promise<risk.ListSubscriptionsResponse> {
    return { subscriptions: (await this.subscriptions.list(caller)).map(shown) };
  }
}
