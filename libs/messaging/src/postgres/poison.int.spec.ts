import { randomUUID } from 'node:crypto';
import { afterAll } from '@jest/globals';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import pg from 'pg';
import { type Message } from '../poison/poison.fixture.js';
import { poisonSuite, TOPIC } from '../poison/poison-suite.fixture.js';
import { eventLogMigrations } from './event-log-migrations.js';
import { PostgresLog } from './postgres-log.js';

const AT_ONCE = 2_000;
let fresh: FreshDatabase | undefined;
afterAll(() => fresh?.drop());

/** Past the log's own door, which lets nothing in but facts. */
const lay = async (admin: FreshDatabase['admin'], messages: readonly Message[]): Promise<void> => {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    for (let start = 0; start < messages.length; start += AT_ONCE) {
      const some = messages.slice(start, start + AT_ONCE);
      await client.query(
        `INSERT INTO log_fact (topic, position, fact_id, key, headers, data)
         SELECT $1, $2 + place, id, key, headers, data FROM unnest($3::uuid[], $4::text[], $5::jsonb[], $6::bytea[]) WITH ORDINALITY AS given (id, key, headers, data, place)`,
        [TOPIC, start, some.map(() => randomUUID()), some.map(({ key }) => key ?? ''), some.map(({ headers }) => JSON.stringify(headers)), some.map(({ value }) => value)],
      );
    }
    await client.query('UPDATE log_topic SET head = $2 WHERE topic = $1', [TOPIC, messages.length]);
  } finally {
    await client.end();
  }
};

poisonSuite('the PostgreSQL log', async () => {
  fresh = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  const { admin } = fresh;
  return { log: new PostgresLog(fresh.app), lay: (messages) => lay(admin, messages) };
});
