import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EVERYTHING } from '@common-ground/kernel';
import { Database, PersistenceModule } from '@common-ground/persistence';
import { HealthChecks, Metrics, ObservabilityModule } from '@common-ground/platform';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { eventually, fact } from '../event-log.compliance.fixture.js';
import { EVENT_LOG, type EventLog, eventLogMigrations, FactConsumer, FactTransport, type Follower, MessagingModule, messagingMigrations, observeMessaging } from '../index.js';

const A_MINUTE_MS = 60_000;

describe('what an operator sees of messaging', () => {
  let service: FreshDatabase;
  let log: FreshDatabase;
  let app: INestApplication;
  const topic = `test.${randomUUID()}`;
  const follower = { heartbeatAgeMs: jest.fn<Follower['heartbeatAgeMs']>(() => 0), consumers: jest.fn<Follower['consumers']>(() => []) };
  const stall = jest.fn();

  beforeAll(async () => {
    service = await freshDatabase({ service: 'messaging', migrations: messagingMigrations });
    log = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
    const root = {
      module: class Root {},
      imports: [
        ObservabilityModule.forRoot({ service: 'watched', level: 'silent' }),
        PersistenceModule.forRoot({ config: service.app, entities: [] }),
        MessagingModule.forRoot({ service: 'watched', topic, log: { kind: 'postgres', database: log.app }, database: service.app, consumes: [], decode: () => undefined }),
      ],
    };
    app = await NestFactory.create(root, new FastifyAdapter(), { logger: false, abortOnError: false });
    observeMessaging(app, [follower]);
    app.get(MessagingModule).whenStalled(stall);
    await app.init();
    const consumer = new FactConsumer({ group: 'beside', database: app.get(Database), decode: () => undefined });
    consumer.counts.redelivered = 5;
    follower.consumers.mockReturnValue([{ group: 'beside', topics: [topic], consumer }, { group: 'rebuilt', topics: [topic], consumer, rebuilding: true }]);
    await app.get(Database).run(EVERYTHING, async (tx) => {
      for (const group of ['beside', 'gone']) await tx.query(`INSERT INTO parked_fact (consumer_group, fact_id, topic, partition, position, key, headers, verdict, reason) VALUES ($1, gen_random_uuid(), 'test', 0, 1, 'one', '{}', 'poison', 'a test')`, [group]);
    });
    // The relay makes it in its own time, for its log may be away at the start.
    await app.get<EventLog>(EVENT_LOG).ensureTopics([topic]);
    await app.get<EventLog>(EVENT_LOG).publish(topic, [1, 2, 3].map((sequence) => fact({ sequence })));
  });
  afterAll(async () => {
    await app?.close();
    await service?.drop();
    await log?.drop();
  });

  it('is ready while database, log and consumer answer', async () => {
    expect(await app.get(HealthChecks).report()).toEqual({ ready: true, checks: { database: 'ok', 'event-log': 'ok', consumer: 'ok' } });
  });

  it('is every figure of one look from one reading, by consumer, with the lag of those who read beside the service and not of what is rebuilt', async () => {
    const reading = jest.spyOn(app.get(MessagingModule), 'figures');
    const shown = await app.get(Metrics).render();
    const lines = shown.split('\n').flatMap((line) => (/^(outbox|consumer|database)_/.test(line) ? [line.replace(/,?otel_scope_name="[^"]*",service_name="watched"/, '')] : []));
    expect(lines.filter((line) => !line.startsWith('consumer_lag_seconds'))).toEqual([
      'outbox_oldest_unpublished_seconds{} 0',
      'consumer_lag_facts{consumer="beside"} 3',
      'consumer_parked_keys{consumer="beside"} 1',
      'consumer_parked_keys{consumer="rebuilt"} 0',
      'consumer_parked_keys{consumer="gone"} 1',
      'consumer_redeliveries{consumer="beside"} 5',
      'consumer_redeliveries{consumer="rebuilt"} 5',
      'consumer_redeliveries{consumer="gone"} 0',
      'database_pool_waiters{pool="requests"} 0',
    ]);
    expect(lines.filter((line) => line.startsWith('consumer_lag_seconds'))).toEqual([expect.stringMatching(/^consumer_lag_seconds\{consumer="beside"\} \d/)]);
    expect(reading).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['the consumer', () => jest.spyOn(app.get(FactTransport), 'heartbeatAgeMs').mockReturnValueOnce(A_MINUTE_MS)],
    ['one who reads beside it', () => follower.heartbeatAgeMs.mockReturnValueOnce(A_MINUTE_MS)],
  ])('is not ready once %s is silent for three session timeouts', async (_who, fallSilent) => {
    fallSilent();
    expect(await app.get(HealthChecks).report()).toMatchObject({ ready: false, checks: { consumer: 'no sign of life for 45 s' } });
    expect((await app.get(HealthChecks).report()).ready).toBe(true);
  });

  it('says once that the process should end', async () => {
    expect(stall).not.toHaveBeenCalled();
    follower.heartbeatAgeMs.mockReturnValue(A_MINUTE_MS);
    await eventually(async () => stall.mock.calls.length === 1, 'told');
  });
});
