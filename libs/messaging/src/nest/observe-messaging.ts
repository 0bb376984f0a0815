import type { INestApplicationContext } from '@nestjs/common';
import { NOTHING } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { HealthChecks, Metrics } from '@common-ground/platform';
import type { EventLog } from '../event-log.js';
import type { Follower } from '../operations/running-consumers.js';
import { type ConsumerFigures, EVENT_LOG, MessagingModule, type MessagingFigures, STALLED_AFTER_MS } from './messaging.module.js';

/**
 * What must work before a service takes requests, and the figures that an operator watches.
 *
 * @param followers what reads the log beside the service's own consumer
 */
export const observeMessaging = (app: INestApplicationContext, followers: readonly Follower[] = []): void => {
  const [database, log, messaging, health, metrics] = [app.get(Database), app.get<EventLog>(EVENT_LOG), app.get(MessagingModule), app.get(HealthChecks), app.get(Metrics)];
  for (const follower of followers) messaging.watchAlso(follower);
  health.register('database', async () => {
    await database.read(NOTHING, (tx) => tx.query('SELECT 1'));
    return undefined;
  });
  health.register('event-log', async () => {
    const state = await log.health();
    return state.healthy ? undefined : state.why;
  });
  health.register('consumer', async () => (messaging.stalled() ? `no sign of life for ${STALLED_AFTER_MS / 1_000} s` : undefined));

  // All figures of one look at the metrics come from one reading.
  let reading: Promise<MessagingFigures> | undefined;
  const figures = (): Promise<MessagingFigures> =>
    (reading ??= messaging.figures().finally(() => {
      reading = undefined;
    }));
  const ofConsumers = (name: string, description: string, key: Exclude<keyof ConsumerFigures, 'consumer'>): void =>
    metrics.observeEach(name, description, async () => (await figures()).consumers.flatMap((figure) => (figure[key] === undefined ? [] : [{ labels: { consumer: figure.consumer }, value: figure[key] }])));
  metrics.observe('outbox_oldest_unpublished_seconds', 'Age of the oldest fact that the log does not have yet.', async () => (await figures()).oldestUnpublishedSeconds);
  ofConsumers('consumer_lag_facts', 'Facts that lie in the log and were not applied yet.', 'lagFacts');
  ofConsumers('consumer_lag_seconds', 'Age of the oldest fact that was not applied yet.', 'lagSeconds');
  ofConsumers('consumer_parked_keys', 'Keys that wait for an operator.', 'parkedKeys');
  ofConsumers('consumer_redeliveries', 'Facts that came again and were skipped, since the start.', 'redeliveries');
  metrics.observeEach('database_pool_waiters', 'Pieces of work that wait for a connection.', async () => Object.entries((await figures()).poolWaiters).map(([pool, value]) => ({ labels: { pool }, value })));
};

/** Ends the process when its consumer hangs: whoever watches over it starts a new one. For programs of one service. */
export const exitWhenStalled = (app: INestApplicationContext): void => app.get(MessagingModule).whenStalled(() => process.exit(1));
