import type { INestApplicationContext } from '@nestjs/common';
import { NOTHING } from '@common-ground/kernel';
import { EVENT_LOG, type EventLog, MessagingModule, type MessagingFigures } from '@common-ground/messaging';
import { Database } from '@common-ground/persistence';
import { HealthChecks, Metrics } from '@common-ground/platform';

/** What must work before requests are taken, and the figures an operator watches. */
export const observe = (app: INestApplicationContext): void => {
  const [database, log, messaging, health, metrics] = [app.get(Database), app.get<EventLog>(EVENT_LOG), app.get(MessagingModule), app.get(HealthChecks), app.get(Metrics)];
  health.register('database', async () => {
    await database.read(NOTHING, (tx) => tx.query('SELECT 1'));
    return undefined;
  });
  health.register('event-log', async () => {
    const state = await log.health();
    return state.healthy ? undefined : state.why;
  });
  const figure = (name: string, description: string, key: keyof MessagingFigures): void => metrics.observe(name, description, async () => (await messaging.figures())[key]);
  figure('outbox_oldest_unpublished_seconds', 'Age of the oldest fact that the log does not have yet.', 'oldestUnpublishedSeconds');
  figure('consumer_lag_facts', 'Facts that lie in the log and were not applied yet.', 'lagFacts');
  figure('consumer_lag_seconds', 'Age of the oldest fact that was not applied yet.', 'lagSeconds');
  figure('consumer_parked_keys', 'Keys that wait for an operator.', 'parkedKeys');
  figure('consumer_redeliveries', 'Facts that came again and were skipped.', 'redeliveries');
};
