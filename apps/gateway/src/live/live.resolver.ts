import { Inject } from '@nestjs/common';
import { Args, Context, Resolver, Subscription } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { Alert } from '../risk/alert.types.js';
import { RiskFlag } from '../risk/flag.types.js';
import { LiveService } from './live.service.js';

const asItIs = <T>(value: T): T => value;

@Resolver()
export class LiveResolver {
  constructor(@Inject(LiveService) private readonly live: LiveService) {}

  @Subscription(() => RiskFlag, { description: 'Risk flags in the caller’s scope as they are raised, gain evidence, or are answered.', resolve: asItIs })
  riskFlagChanged(@Args('missions', { type: () => [String], nullable: true, description: 'Codes of missions; all in scope when not said.' }) missions: string[] | null, @Context() context: GatewayContext) {
    return this.live.flagChanges(context, missions ?? []);
  }

  @Subscription(() => Alert, { description: 'The caller’s in-app alerts: first those that wait, then those that come. What arrives counts as delivered.', resolve: asItIs })
  alertReceived(@Context() context: GatewayContext) {
    return this.live.alerts(context);
  }
}
