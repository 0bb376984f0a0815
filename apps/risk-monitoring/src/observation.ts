import type { INestApplicationContext } from '@nestjs/common';
import { EVERYTHING } from '@common-ground/kernel';
import { observeMessaging } from '@common-ground/messaging';
import { Database } from '@common-ground/persistence';
import { Metrics } from '@common-ground/platform';
import { oldestDueSeconds } from './alert/alert.repository.js';

/** What every service shows, and how late alerts are. */
export const observe = (app: INestApplicationContext): void => {
  observeMessaging(app);
  app.get(Metrics).observe('alerts_oldest_due_seconds', 'How long the oldest alert that is due has waited to be sent.', () => app.get(Database).read(EVERYTHING, oldestDueSeconds));
};
