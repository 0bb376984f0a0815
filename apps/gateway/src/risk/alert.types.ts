import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { risk } from '@common-ground/contracts';
import { AlertChannel, AlertStatus, RiskRuleCode } from '../graphql/enums.js';
import { COMMAND_ID, CREATED_ID, Id, Moment, moment, momentOr, MomentOr, Of, OrOf, said, Text, TextOr, Texts, TextsOr, Whole, WholeOr } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { Payload } from '../graphql/user-error.js';

@ObjectType({ description: 'What a person wants to be alerted to, and how.' })
export class AlertSubscription {
  @Id('Its id.') id!: string;
  @Of(() => AlertChannel, 'How alerts reach them.') channel!: string;
  @TextOr('The address for e-mail, the URL for a webhook.') target!: string | null;
  @Texts('Codes of missions; empty: all in the subscriber’s scope.') missions!: string[];
  @Of(() => [RiskRuleCode], 'Rules; empty: all.') rules!: string[];
  @Whole('Flags of this severity and above, 1 to 25.') minimumSeverity!: number;
  @Moment('When it was made.') createdAt!: Date;
}

export const subscriptionOf = (row: risk.Subscription): AlertSubscription => ({ ...row, target: said(row.target), createdAt: moment(row.createdAt) });

@ObjectType({ description: 'The delivery of a flag to a subscriber.' })
export class Alert {
  @Id('Its id.') id!: string;
  @Field(() => ID, { description: 'The flag it is about.' }) flagId!: string;
  @Text('Code of the mission.') mission!: string;
  @Field(() => ID, { nullable: true, description: 'The intervention it is about.' }) interventionId!: string | null;
  @Of(() => RiskRuleCode, 'The rule that raised the flag.') rule!: string;
  @Text('What the flag is about.') subject!: string;
  @Whole('The flag’s severity when the alert was raised.') severity!: number;
  @Of(() => AlertChannel, 'How it goes to the subscriber.') channel!: string;
  @Of(() => AlertStatus, 'How far it has come.') status!: string;
  @Whole('How often delivery was tried.') attempts!: number;
  @Moment('When it was raised.') raisedAt!: Date;
  @MomentOr('When it was delivered.') deliveredAt!: Date | null;
  @TextOr('What the receiving end said.') proof!: string | null;
}

export const alertOf = (row: risk.Alert): Alert => ({
  ...row,
  interventionId: said(row.interventionId),
  raisedAt: moment(row.raisedAt),
  deliveredAt: momentOr(row.deliveredAt),
  proof: said(row.proof),
});

export const AlertConnection = connectionOf(Alert, 'Alert', 'alerts');

@ObjectType({ description: 'Answer of subscribeToAlerts.' })
export class SubscribeToAlertsPayload extends Payload {
  @OrOf(() => AlertSubscription, 'The subscription.') alertSubscription!: AlertSubscription | null;
  @TextOr('The key that signs a webhook’s calls (Standard Webhooks); shown this once.') signingSecret!: string | null;
}

@ObjectType({ description: 'Answer of cancelAlertSubscription.' })
export class CancelAlertSubscriptionPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The subscription that is no more.' }) alertSubscriptionId!: string | null;
}

@InputType({ description: 'What to be alerted to, and how.' })
export class SubscribeToAlertsInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id(CREATED_ID) id!: string;
  @Of(() => AlertChannel, 'How alerts shall come.') channel!: string;
  @TextOr('The address for e-mail, the URL for a webhook.') target?: string | null;
  @TextsOr('Codes of missions; all in scope when not said.') missions?: string[] | null;
  @OrOf(() => [RiskRuleCode], 'Rules; all when not said.') rules?: string[] | null;
  @WholeOr('Flags of this severity and above, 1 to 25; 1 when not said.') minimumSeverity?: number | null;
}

@InputType({ description: 'A subscription to end.' })
export class CancelAlertSubscriptionInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which subscription.') subscriptionId!: string;
}

@InputType({ description: 'Which alerts.' })
export class AlertFilter {
  @OrOf(() => [AlertChannel], 'Channels; all when not said.') channels?: string[] | null;
  @OrOf(() => [AlertStatus], 'How far they have come; all when not said.') statuses?: string[] | null;
}
