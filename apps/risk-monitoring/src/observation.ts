import type { INestApplicationContext } from '@nestjs/common';
import { EVERYTHING } from '@common-ground/kernel';
import { observeMessaging } from '@common-ground/messaging';
import { Database } from '@common-ground/persistence';
import { Metrics } from '@common-ground/platform';
import { oldestDueSeconds, recentLatencies, recentlyGivenUp } from './alert/alert.repository.js';

/** What every service shows, and how alerts fare. */
export const observe = (app: INestApplicationContext): void => {
  observeMessaging(app);
  const [metrics, database] = [app.get(Metrics), app.get(Database)];
  metrics.observe('alerts_oldest_due_seconds', 'How long the oldest alert that is due has waited to be sent.', () => database.read(EVERYTHING, oldestDueSeconds));
  metrics.observe('alerts_given_up', 'Alerts of the last 24 hours that could not be delivered.', () => database.read(EVERYTHING, recentlyGivenUp));
  metrics.observeEach('alerts_latency_seconds', 'From the accepted command to the delivered alert, over the last 15 minutes.', async () =>
    (await database.read(EVERYTHING, recentLatencies)).map(({ channel, quantile, seconds }) => ({ labels: { channel, quantile }, value: seconds })),
  );
};
