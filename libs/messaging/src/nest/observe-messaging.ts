import type { INestApplicationContext } from '@nestjs/common';
import { NOTHING } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { HealthChecks, Metrics } from '@common-ground/platform';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG, type Follower, MessagingModule, type MessagingFigures, STALLED_AFTER_MS } from './messaging.module.js';

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
  const figure = (name: string, description: string, key: keyof MessagingFigures): void => metrics.observe(name, description, async () => (await figures())[key]);
  figure('outbox_oldest_unpublished_seconds', 'Age of the oldest fact that the log does not have yet.', 'oldestUnpublishedSeconds');
  figure('consumer_lag_facts', 'Facts that lie in the log and were not applied yet.', 'lagFacts');
  figure('consumer_lag_seconds', 'Age of the oldest fact that was not applied yet.', 'lagSeconds');
  figure('consumer_parked_keys', 'Keys that wait for an operator.', 'parkedKeys');
  figure('consumer_redeliveries', 'Facts that came again and were skipped.', 'redeliveries');
};

/** Ends the process when its consumer hangs: whoever watches over it starts a new one. For programs of one service. */
export const exitWhenStalled = (app: INestApplicationContext): void => app.get(MessagingModule).whenStalled(() => process.exit(1));
