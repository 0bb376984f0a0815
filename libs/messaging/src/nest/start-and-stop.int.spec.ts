import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EVERYTHING } from '@common-ground/kernel';
import { Database, PersistenceModule } from '@common-ground/persistence';
import { HealthChecks, ObservabilityModule } from '@common-ground/platform';
import { FaultProxy, type FreshDatabase, freshDatabase, testPostgres } from '@common-ground/testing';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { eventually } from '../event-log.compliance.fixture.js';
import { appendToOutbox, ConsumesFacts, eventLogMigrations, type Fact, type FactContext, FactTransport, HandlesFact, type LogConfig, MessagingModule, messagingMigrations, observeMessaging, Relay } from '../index.js';

const effects = { name: '1790000000950-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, fact_id uuid NOT NULL, sequence bigint NOT NULL)' };

@ConsumesFacts()
class Counter {
  @HandlesFact('test.v1.Counted')
  async countWhenCounted(@Payload() { id, sequence }: Fact, @Ctx() { tx }: FactContext): Promise<void> {
    await tx.query('INSERT INTO effect (fact_id, sequence) VALUES ($1, $2)', [id, sequence]);
  }
}

@Module({ controllers: [Counter] })
class Handlers {}

let service: FreshDatabase;
let log: FreshDatabase;
let line: FaultProxy;
let topic: string;
const apps: INestApplication[] = [];
beforeEach(async () => {
  topic = `test.${randomUUID()}`;
  service = await freshDatabase({ service: 'messaging', migrations: [...messagingMigrations, effects] });
  log = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  const { host, port } = testPostgres();
  line = await FaultProxy.start(() => ({ host, port }));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await line.close();
  await service.drop();
  await log.drop();
});

const start = async (config: LogConfig): Promise<INestApplication> => {
  const root = {
    module: class Root {},
    imports: [
      ObservabilityModule.forRoot({ service: 'counting', level: 'silent' }),
      PersistenceModule.forRoot({ config: service.app, entities: [] }),
      MessagingModule.forRoot({ service: 'counting', topic, log: config, database: service.app, consumes: [topic], decode: () => 'counted' }),
      Handlers,
    ],
  };
  const app = await NestFactory.create(root, new FastifyAdapter(), { logger: false, abortOnError: false });
  apps.push(app);
  app.connectMicroservice({ strategy: app.get(FactTransport) });
  observeMessaging(app);
  await app.init();
  await app.startAllMicroservices();
  return app;
};
const overTheLine = (): LogConfig => ({ kind: 'postgres', database: { ...log.app, port: line.port } });
const state = (app: INestApplication, sequence: number, subject = 'one'): Promise<void> =>
  app.get(Database).run(EVERYTHING, (tx) => appendToOutbox(tx, [{ type: 'test.v1.Counted', key: subject, subject, sequence, mission: 'PE', data: Buffer.from('x') }]));
const effectsOf = async (): Promise<number[]> => {
  const client = new pg.Client(service.admin);
  await client.connect();
  return client.query<{ sequence: string }>('SELECT sequence FROM effect ORDER BY place').then(({ rows }) => rows.map(({ sequence }) => Number(sequence))).finally(() => client.end());
};

describe('a service that starts while its log is away', () => {
  it('takes commands, is not ready, and comes to life when the log does, by itself', async () => {
    line.cut();
    const app = await start(overTheLine());
    expect(await app.get(HealthChecks).report()).toMatchObject({ ready: false, checks: { database: 'ok' } });
    await state(app, 1);
    await state(app, 2);
    line.mend();
    await eventually(async () => (await effectsOf()).length === 2, 'both applied');
    expect(await effectsOf()).toEqual([1, 2]);
    expect(await app.get(HealthChecks).report()).toMatchObject({ ready: true });
  }, 120_000);

  it('does so for a broker that does not answer, and can be stopped meanwhile', async () => {
    line.spoil({ silent: 'both' });
    const app = await start({ kind: 'kafka', brokers: [`127.0.0.1:${line.port}`], clientId: 'counting' });
    await state(app, 1);
    const { ready, checks } = await app.get(HealthChecks).report();
    expect([ready, checks['event-log']]).toEqual([false, 'no answer within 2 s']);
    await app.close();
  }, 120_000);
});

describe('a service that is stopped under load', () => {
  it('stops its consumer, then its relay, then its pools, and the next one finds every fact once and in order', async () => {
    const first = await start(overTheLine());
    const told: string[] = [];
    const note = <T extends object>(target: T, method: keyof T & string, name: string): void => {
      const original = target[method] as unknown as (...given: unknown[]) => unknown;
      (jest.spyOn(target as never, method as never) as unknown as { mockImplementation(by: (...given: unknown[]) => unknown): void }).mockImplementation(function (this: unknown, ...given) {
        told.push(name);
        return original.apply(this, given);
      });
    };
    note(HealthChecks.prototype, 'stop', 'not ready');
    note(FactTransport.prototype, 'close', 'consumer');
    note(Relay.prototype, 'close', 'relay');
    note(DataSource.prototype, 'destroy', 'pools');
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        const done = await state(first, acknowledged + 1).then(() => true, () => false);
        if (!done) return;
        acknowledged += 1;
      }
    })();
    while ((await effectsOf()).length < 20) await pause(20);
    await first.close();
    await writing;
    expect([...new Set(told)]).toEqual(['not ready', 'consumer', 'relay', 'pools']);
    await start(overTheLine());
    await eventually(async () => (await effectsOf()).length >= acknowledged, 'all applied');
    const seen = await effectsOf();
    expect(seen).toEqual(seen.map((_, index) => index + 1));
  }, 120_000);
});
