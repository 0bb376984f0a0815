import { afterAll } from '@jest/globals';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { eventLogCompliance } from '../event-log.compliance.fixture.js';
import { eventLogMigrations } from './event-log-migrations.js';
import { operationsCompliance } from '../operations/operations.compliance.fixture.js';
import { PostgresLog } from './postgres-log.js';

let fresh: FreshDatabase | undefined;
afterAll(() => fresh?.drop());

const open = async (): Promise<PostgresLog> => {
  fresh ??= await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  return new PostgresLog(fresh.app);
};
eventLogCompliance('PostgreSQL', open);
operationsCompliance('PostgreSQL', open);
