import { afterAll } from '@jest/globals';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { eventLogCompliance } from '../event-log.compliance.fixture.js';
import { eventLogMigrations } from './event-log-migrations.js';
import { PostgresLog } from './postgres-log.js';

let fresh: FreshDatabase | undefined;
afterAll(() => fresh?.drop());

eventLogCompliance('PostgreSQL', async () => {
  fresh = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  return new PostgresLog(fresh.app);
});
