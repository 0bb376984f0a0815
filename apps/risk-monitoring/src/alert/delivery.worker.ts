import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EVERYTHING } from '@common-ground/kernel';
import { Database, type Transaction } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { ALERT_SETTINGS, type AlertSettings } from '../settings.js';
import { SecretBox } from '../subscription/secret-box.js';
import { actFor } from '../subscription/subscription.repository.js';
import { Periodic } from '../worker/periodic.js';
import { AddressRefused } from './address-guard.js';
import { type DueAlert, failAbandoned, markDelivered, markTried, takeDueAlerts } from './alert.repository.js';
import type { Outcome } from './domain/alert.js';
import { waitAfter } from './domain/retry.js';
import { EmailChannel } from './email.channel.js';
import { sendWebhook } from './webhook.channel.js';

/** Alerts under way at once; a slow receiving end takes one place, not all. */
const AT_ONCE = 16;

/** What kept a try from succeeding, without anybody's address: a number, a code, or that it failed. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof AddressRefused) return error.message;
  const { responseCode, code, name } = error as { responseCode?: number; code?: string; name?: string };
  if (typeof responseCode === 'number') return `SMTP ${responseCode}`;
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  return typeof code === 'string' && /^[A-Z_0-9]{2,40}$/.test(code) ? `not reached (${code})` : 'not reached';
};

/** Sends what is due, at least once: a worker killed between sending and marking leaves the alert to be sent again under the same id. */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('DeliveryWorker');
  private readonly underWay = new Set<Promise<void>>();
  private readonly email: EmailChannel | undefined;
  private readonly loop: Periodic;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ALERT_SETTINGS) private readonly settings: AlertSettings,
  ) {
    this.email = settings.email && new EmailChannel({ ...settings.email, portalUrl: settings.portalUrl });
    this.loop = new Periodic(() => this.takeUp(), settings.delivery.pollMs, (error) => this.logger.warn(`delivering alerts waits (${error instanceof Error ? error.message : String(error)})`));
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.close();
    await this.settled();
    this.email?.close();
  }

  /** Takes what is due as far as there is room, and sends it without waiting. @returns how many were taken */
  async takeUp(): Promise<number> {
    const limit = AT_ONCE - this.underWay.size;
    if (limit === 0) return 0;
    const now = this.clock.now();
    const taken = await this.acting(async (tx) => {
      await failAbandoned(tx, now);
      return takeDueAlerts(tx, { limit, now, leaseUntil: new Date(now.getTime() + this.settings.delivery.leaseMs) });
    });
    for (const alert of taken) this.follow(this.deliver(alert));
    return taken.length;
  }

  /** Everything under way has come to an end. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private follow(delivery: Promise<void>): void {
    const settled = delivery
      // The lease brings it back.
      .catch((error: unknown) => this.logger.warn(`an alert's outcome could not be kept (${error instanceof Error ? error.name : 'unknown'})`))
      .finally(() => this.underWay.delete(settled));
    this.underWay.add(settled);
  }

  private async deliver(alert: DueAlert): Promise<void> {
    const outcome = await this.send(alert).catch((error: unknown): Outcome => ({ delivered: false, proof: reasonOf(error) }));
    await this.acting((tx) => this.mark(tx, alert, outcome));
  }

  private async send(alert: DueAlert): Promise<Outcome> {
    if (alert.cancelled) return { delivered: false, proof: 'the subscription was cancelled', final: true };
    const target = this.box.open(alert.target, alert.subscriptionId);
    if (alert.channel === 'e-mail') return this.email ? this.email.send(alert, target) : { delivered: false, proof: 'e-mail is not configured' };
    const signingSecret = alert.signingSecret ? this.box.open(alert.signingSecret, alert.subscriptionId) : '';
    return sendWebhook(alert, { url: target, signingSecret, now: this.clock.now() }, this.settings.webhooks);
  }

  private async mark(tx: Transaction, alert: DueAlert, outcome: Outcome): Promise<void> {
    const now = this.clock.now();
    if (outcome.delivered) return markDelivered(tx, alert.id, { proof: outcome.proof, at: now });
    const wait = outcome.final ? undefined : waitAfter(alert.attempts, this.settings.delivery.firstRetryMs, Math.random());
    return markTried(tx, alert, { proof: outcome.proof, dueAt: wait === undefined ? undefined : new Date(now.getTime() + wait) });
  }

  private acting<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.run(EVERYTHING, async (tx) => {
      await actFor(tx, '*');
      return work(tx);
    });
  }
}
