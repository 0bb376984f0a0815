import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DatabaseConfig, EmbeddedPostgres } from '@common-ground/persistence';
import { FaultProxy, type FreshDatabase, freshDatabase, testPostgres } from '@common-ground/testing';
import pg from 'pg';
import { eventLogMigrations, messagingMigrations } from '../index.js';
import { effects, Pipeline } from '../pipeline.fixture.js';
import { databaseOn, startOwnServer } from './own-server.fixture.js';
import { PostgresLog } from './postgres-log.js';

/** A statement of a superuser's, on a connection of its own. */
const ask = async <T extends pg.QueryResultRow>(database: DatabaseConfig, sql: string, values: unknown[] = []): Promise<T[]> => {
  const client = new pg.Client(database);
  client.on('error', () => undefined);
  await client.connect();
  return client.query<T>(sql, values).then(({ rows }) => rows).finally(() => client.end());
};

describe('PostgreSQL that fails, under the services and under the log', () => {
  let line: FaultProxy;
  let logDatabase: FreshDatabase;
  let pipeline: Pipeline | undefined;
  const spoilable = (database: DatabaseConfig): DatabaseConfig => ({ ...database, port: line.port });
  const startPipeline = async (): Promise<Pipeline> => (pipeline = await Pipeline.start({ openLog: () => new PostgresLog(spoilable(logDatabase.app)), through: spoilable }));

  beforeAll(async () => {
    const { host, port } = testPostgres();
    line = await FaultProxy.start(() => ({ host, port }));
  });
  beforeEach(async () => {
    logDatabase = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  });
  afterEach(async () => {
    line.mend();
    await pipeline?.close();
    pipeline = undefined;
    await logDatabase.drop();
  });
  afterAll(() => line?.close());

  it.each<[string, () => Promise<void>]>([
    ['is 200 ms slow each way', async () => { line.spoil({ delayMs: 200 }); await pause(4_000); }],
    ['carries 20 KB a second', async () => { line.spoil({ bytesPerSecond: 20_000 }); await pause(4_000); }],
    ['is reset again and again', async () => { for (let times = 0; times < 10; times += 1) { line.reset(); await pause(300); } }],
    ['is half open: nothing comes back', async () => { line.spoil({ silent: 'to-client' }); await pause(4_000); }],
    ['is a black hole', async () => { line.spoil({ silent: 'both' }); await pause(4_000); }],
    ['is forgotten by a router: neither end hears of it', async () => line.abandon()],
    ['is cut', async () => { line.cut(); await pause(3_000); }],
  ])('loses nothing, doubles nothing and keeps the order when the line to it %s', async (name, fault) => {
    const flow = await startPipeline();
    await fault();
    if (!name.includes('router')) line.mend();
    await flow.recovers(`line to PostgreSQL ${name}`);
    await flow.check();
  }, 180_000);

  it.each([
    ['the relay', 'pipeline-relay'],
    ['the consumer', 'pipeline-consumer'],
    ['the service', 'pipeline-service'],
    ['the log', 'event-log'],
    ['the log’s reader', 'group-%'],
  ])('goes on when the backends of %s are killed, over and over', async (who, application) => {
    const flow = await startPipeline();
    for (let times = 0; times < 5; times += 1) {
      await ask(flow.fresh.admin, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE $1 AND datname = ANY ($2)', [application, [flow.fresh.admin.database, logDatabase.admin.database]]);
      await pause(100);
    }
    await flow.recovers(`backends of ${who} killed`);
    await flow.check();
  }, 180_000);

  it('goes on when every connection of the pools was taken for a while', async () => {
    const flow = await startPipeline();
    const holders = Array.from({ length: 10 }, () => flow.database.run({ missions: '*', interventions: '*' }, () => pause(4_000)).catch(() => undefined));
    await Promise.all(holders);
    await flow.recovers('pool exhausted for 4 s');
    await flow.check();
  }, 180_000);

  it('lets two relays take turns as their connections are killed, and publishes in order', async () => {
    const flow = await startPipeline();
    flow.addRelay();
    for (let times = 0; times < 4; times += 1) {
      await ask(flow.fresh.admin, `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted AND datname = $1 AND application_name = 'pipeline-relay'`, [flow.fresh.admin.database]);
      await pause(700);
    }
    await flow.recovers('two relays, the one at work killed four times');
    await flow.check();
  }, 180_000);

  it('publishes and consumes beside long transactions, in its own database and in a neighbour’s', async () => {
    const flow = await startPipeline();
    const clients = await Promise.all(
      [flow.fresh.admin, testPostgres()].map(async (database) => {
        const client = new pg.Client(database);
        await client.connect();
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await client.query('SELECT txid_current()');
        return client;
      }),
    );
    // Facts stated while they are open take effect while they are open.
    for (let times = 0; times < 3; times += 1) expect(await flow.flows()).toBeLessThan(30_000);
    for (const client of clients) await client.query('COMMIT').then(() => client.end());
    await flow.recovers('long transactions');
    await flow.check();
  }, 180_000);

  it('frees the lock of a relay whose line died without a word, so that another takes over', async () => {
    const flow = await startPipeline();
    line.abandon();
    flow.addRelay();
    await flow.recovers('line of the relay at work forgotten, another stands by');
    await flow.check();
  }, 180_000);
});

describe('a PostgreSQL of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-stopped-'));
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    server = await startOwnServer(folder);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('that is stopped at once (-m immediate) and started again loses nothing that was acknowledged', async () => {
    const log = await databaseOn(server, 'event_log', eventLogMigrations);
    const flow = await Pipeline.start({ openLog: () => new PostgresLog(log.app), fresh: await databaseOn(server, 'service', [...messagingMigrations, effects]) });
    for (let times = 0; times < 3; times += 1) {
      const pid = server.pid() ?? 0;
      process.kill(pid, 'SIGQUIT');
      while (server.pid() === pid) await pause(50);
      await flow.recovers('PostgreSQL stopped -m immediate');
    }
    await flow.check();
    await flow.close();
  }, 180_000);
});
