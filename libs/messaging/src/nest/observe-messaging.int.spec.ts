import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PersistenceModule } from '@common-ground/persistence';
import { HealthChecks, Metrics, ObservabilityModule } from '@common-ground/platform';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { eventually } from '../event-log.compliance.fixture.js';
import { eventLogMigrations, FactTransport, type Follower, MessagingModule, messagingMigrations, observeMessaging } from '../index.js';

const A_MINUTE_MS = 60_000;

describe('what an operator sees of messaging', () => {
  let service: FreshDatabase;
  let log: FreshDatabase;
  let app: INestApplication;
  const follower = { heartbeatAgeMs: jest.fn<Follower['heartbeatAgeMs']>(() => 0), lag: jest.fn<Follower['lag']>(async () => ({ facts: 3, seconds: 7 })) };
  const stall = jest.fn();

  beforeAll(async () => {
    service = await freshDatabase({ service: 'messaging', migrations: messagingMigrations });
    log = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
    const root = {
      module: class Root {},
      imports: [
        ObservabilityModule.forRoot({ service: 'watched', level: 'silent' }),
        PersistenceModule.forRoot({ config: service.app, entities: [] }),
        MessagingModule.forRoot({ service: 'watched', topic: `test.${randomUUID()}`, log: { kind: 'postgres', database: log.app }, database: service.app, consumes: [], decode: () => undefined }),
      ],
    };
    app = await NestFactory.create(root, new FastifyAdapter(), { logger: false, abortOnError: false });
    observeMessaging(app, [follower]);
    app.get(MessagingModule).whenStalled(stall);
    await app.init();
  });
  afterAll(async () => {
    await app?.close();
    await service?.drop();
    await log?.drop();
  });

  it('is ready while database, log and consumer answer', async () => {
    expect(await app.get(HealthChecks).report()).toEqual({ ready: true, checks: { database: 'ok', 'event-log': 'ok', consumer: 'ok' } });
  });

  it('is every figure of one look from one reading, with the lag of those who read beside the consumer', async () => {
    const reading = jest.spyOn(app.get(MessagingModule), 'figures');
    const shown = await app.get(Metrics).render();
    for (const [name, value] of [['outbox_oldest_unpublished_seconds', 0], ['consumer_lag_facts', 3], ['consumer_lag_seconds', 7], ['consumer_parked_keys', 0], ['consumer_redeliveries', 0]]) {
      expect(shown).toMatch(new RegExp(`^${name}\\{[^}]*\\} ${value}\\b`, 'm'));
    }
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
