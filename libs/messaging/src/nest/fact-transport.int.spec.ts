import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EVERYTHING } from '@common-ground/kernel';
import { Database, PersistenceModule } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { concat, defer, delay, of } from 'rxjs';
import { eventually } from '../event-log.compliance.fixture.js';
import { appendToOutbox, ConsumesFacts, EVENT_LOG, type EventLog, eventLogMigrations, type Fact, type FactContext, FactTransport, HandlesFact, MessagingModule, messagingMigrations, ParkedFacts, PoisonFact } from '../index.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const effects = { name: '1790000000950-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, what text, trace text)' };
const traces = (): string | undefined => trace.getSpanContext(context.active())?.traceId;
let interruptions = 0;

@ConsumesFacts()
class Greeter {
  @HandlesFact('test.v1.Greeted')
  async greetWhenGreeted(@Payload() { data }: Fact<string>, @Ctx() { tx }: FactContext): Promise<void> {
    await tx.query('INSERT INTO effect (what, trace) VALUES ($1, $2)', [`greeted ${data}`, traces()]);
  }
}

@ConsumesFacts()
class SecondGreeter {
  /** An observable is awaited to its end. */
  @HandlesFact('test.v1.Greeted')
  nodWhenGreeted(@Payload() { data }: Fact<string>, @Ctx() { tx }: FactContext): unknown {
    return concat(of(1).pipe(delay(20)), defer(() => tx.query('INSERT INTO effect (what) VALUES ($1)', [`nodded ${data}`])));
  }
}

/** Forgot `@ConsumesFacts()`. */
@Controller()
@Injectable()
class Forgetful {
  @HandlesFact('test.v1.Poisoned')
  async refuseWhenPoisoned(): Promise<void> {
    throw new PoisonFact('breaks its contract');
  }

  @HandlesFact('test.v1.Interrupted')
  async goOnWhenInterrupted(@Payload() { data }: Fact<string>, @Ctx() { tx }: FactContext): Promise<void> {
    // More often than a bug is tried: it must be told from one.
    if ((interruptions += 1) <= 5) throw Object.assign(new Error('Connection terminated'), { code: '08006' });
    await tx.query('INSERT INTO effect (what) VALUES ($1)', [`went on ${data}`]);
  }
}

@Module({ controllers: [Greeter, SecondGreeter, Forgetful] })
class Handlers {}

describe('handlers of facts under Nest', () => {
  let service: FreshDatabase;
  let log: FreshDatabase;
  let app: INestApplication;
  let database: Database;
  const topic = `test.${randomUUID()}`;

  beforeAll(async () => {
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    service = await freshDatabase({ service: 'messaging', migrations: [...messagingMigrations, effects] });
    log = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
    const root = {
      module: class Root {},
      imports: [
        PersistenceModule.forRoot({ config: service.app, entities: [] }),
        MessagingModule.forRoot({ service: 'greeting', topic, log: { kind: 'postgres', database: log.app }, database: service.app, consumes: [topic], decode: (_type, bytes) => Buffer.from(bytes).toString() }),
        Handlers,
      ],
    };
    app = await NestFactory.create(root, new FastifyAdapter(), { logger: false, abortOnError: false });
    app.connectMicroservice({ strategy: app.get(FactTransport) });
    await app.startAllMicroservices();
    await app.init();
    database = app.get(Database);
  });
  afterAll(async () => {
    await app?.close();
    await service?.drop();
    await log?.drop();
    context.disable();
    propagation.disable();
  });

  const state = (type: string, words: string, key = 'one'): Promise<void> =>
    database.run(EVERYTHING, (tx) => appendToOutbox(tx, [{ type: `test.v1.${type}`, key, subject: randomUUID(), sequence: 1, mission: 'PE', data: Buffer.from(words) }]));
  const effectsOf = (): Promise<{ what: string; trace: string | null }[]> => database.read(EVERYTHING, (tx) => tx.query('SELECT what, trace FROM effect ORDER BY place'));

  it('run one after the other in one transaction, under the trace of the command', async () => {
    // The relay has met its log, and waits.
    await state('Unheard', 'x');
    await eventually(async () => (await app.get(MessagingModule).figures()).oldestUnpublishedSeconds === 0, 'published');
    const span = trace.setSpanContext(context.active(), { traceId: TRACE, spanId: '00f067aa0ba902b7', traceFlags: 1 });
    await context.with(span, () => state('Greeted', 'Ana'));
    await eventually(async () => (await effectsOf()).length === 2, 'both handled');
    expect(await effectsOf()).toEqual([{ what: 'greeted Ana', trace: TRACE }, { what: 'nodded Ana', trace: null }]);
  });

  it('park what they refuse, with their own words, even where the error filter was forgotten', async () => {
    await state('Poisoned', 'x', 'bad');
    const parkedFacts = app.get(ParkedFacts);
    await eventually(async () => (await parkedFacts.list({ key: 'bad' })).length === 1, 'parked');
    expect((await parkedFacts.list({ key: 'bad' }))[0]).toMatchObject({ verdict: 'poison', reason: expect.stringContaining('breaks its contract'), attempts: 1 });
    expect((await app.get(MessagingModule).figures()).consumers).toMatchObject([{ consumer: 'greeting', parkedKeys: 1 }]);
  });

  it('are tried again while the storage is away, and not taken for bugs', async () => {
    await state('Interrupted', 'Ben', 'storage');
    await eventually(async () => (await effectsOf()).some(({ what }) => what === 'went on Ben'), 'went on');
    expect(await app.get(ParkedFacts).list({ key: 'storage' })).toEqual([]);
  });

  it('are not needed: facts of other types are passed by', async () => {
    await state('Unheard', 'x');
    await state('Greeted', 'Cy');
    await eventually(async () => (await effectsOf()).some(({ what }) => what === 'nodded Cy'), 'the next one handled');
    await eventually(async () => (await app.get<EventLog>(EVENT_LOG).lag('greeting', [topic])).facts === 0, 'nothing behind');
    expect(app.get(MessagingModule).stalled()).toBe(false);
  });
});
