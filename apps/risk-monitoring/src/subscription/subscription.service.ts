import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Caller, isUuid, requireRole } from '@common-ground/kernel';
import { Database, once } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { MAY_SUBSCRIBE } from '../roles.js';
import { RULE_CODES } from '../rule/domain/rule.js';
import { ALERT_SETTINGS, type AlertSettings } from '../settings.js';
import { subscribe, type SubscribeToAlerts, type Subscription } from './domain/subscription.js';
import { subscriptionErrors } from './domain/subscription.errors.js';
import { SecretBox } from './secret-box.js';
import { actFor, cancelSubscription, findSubscription, insertSubscription, listSubscriptions, type SealedSubscription } from './subscription.repository.js';

export type Subscribed = { readonly subscription: Subscription; readonly signingSecret: string };

const MOST_EACH = 50;
const SECRET_BYTES = 32;

@Injectable()
export class SubscriptionService {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ALERT_SETTINGS) private readonly settings: AlertSettings,
  ) {}

  /** The signing secret of a webhook is part of this command's answer, also when it is sent again, and of no other. */
  async subscribe({ commandId, ...command }: SubscribeToAlerts & { readonly commandId: string }, caller: Caller): Promise<Subscribed> {
    requireRole(caller, ...MAY_SUBSCRIBE);
    if (command.channel === 'e-mail' && !this.settings.email) throw subscriptionErrors.emailOff();
    const terms = { knownRules: RULE_CODES, webhooks: this.settings.webhooks, now: this.clock.now() };
    const subscription = subscribe(command, { subject: caller.subject, scopeMissions: caller.scope.missions }, terms);
    return this.database.run(caller.scope, async (tx) => {
      await actFor(tx, caller.subject);
      // Whose command it is belongs to it: nobody gets another's secret by repeating their command.
      const payload = { ...command, subscriber: caller.subject };
      const { id } = await once(tx, { commandId, name: 'SubscribeToAlerts', payload }, async () => {
        if ((await listSubscriptions(tx, caller.subject)).length >= MOST_EACH) throw subscriptionErrors.tooMany(MOST_EACH);
        if (!(await insertSubscription(tx, this.sealed(subscription)))) throw subscriptionErrors.idTaken();
        return { id: subscription.id };
      });
      const stored = await findSubscription(tx, id);
      if (!stored) throw subscriptionErrors.unknown();
      return { subscription: this.opened(stored), signingSecret: stored.signingSecret ? this.box.open(stored.signingSecret, id) : '' };
    });
  }

  async cancel({ commandId, subscriptionId }: { readonly commandId: string; readonly subscriptionId: string }, caller: Caller): Promise<void> {
    requireRole(caller, ...MAY_SUBSCRIBE);
    await this.database.run(caller.scope, async (tx) => {
      await actFor(tx, caller.subject);
      const known = isUuid(subscriptionId) && (await findSubscription(tx, subscriptionId));
      if (!known) throw subscriptionErrors.unknown();
      await once(tx, { commandId, name: 'CancelSubscription', payload: { subscriptionId } }, () => cancelSubscription(tx, subscriptionId, this.clock.now()));
    });
  }

  async list(caller: Caller): Promise<readonly Subscription[]> {
    requireRole(caller, ...MAY_SUBSCRIBE);
    return this.database.read(caller.scope, async (tx) => {
      await actFor(tx, caller.subject);
      return (await listSubscriptions(tx, caller.subject)).map((row) => this.opened(row));
    });
  }

  private sealed({ target, scopeMissions, cancelledAt: _, ...plain }: Subscription): SealedSubscription {
    const secret = plain.channel === 'webhook' ? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}` : undefined;
    return {
      ...plain,
      target: this.box.seal(target, plain.id),
      targetDigest: this.box.digest(target),
      signingSecret: secret ? this.box.seal(secret, plain.id) : null,
      scopeMissions: scopeMissions === '*' ? null : scopeMissions,
      cancelledAt: null,
    };
  }

  private opened({ target, targetDigest: _, signingSecret: __, scopeMissions, cancelledAt, ...plain }: SealedSubscription): Subscription {
    return { ...plain, target: this.box.open(target, plain.id), scopeMissions: scopeMissions ?? '*', ...(cancelledAt ? { cancelledAt } : {}) };
  }
}
