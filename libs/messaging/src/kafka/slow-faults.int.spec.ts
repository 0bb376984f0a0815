import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EVERYTHING } from '@common-ground/kernel';
import { type FreshDatabase, freshDatabase, startKafka, type TestKafka } from '@common-ground/testing';
import pg from 'pg';
import { eventLogMigrations, type FactHandler } from '../index.js';
import { Pipeline } from '../pipeline.fixture.js';
import { PostgresLog } from '../postgres/postgres-log.js';
import { KafkaLog } from './kafka-log.js';

const unavailable = process.env['COMMON_GROUND_NO_KAFKA'] === 'true' || process.env['KAFKA_BROKERS'] !== undefined;
const AN_HOUR_MS = 3_600_000;
const LOCK_MS = 30_000;
const A_MINUTE_MS = 60_000;

/** A row that is wanted by every fact and held by somebody else. */
const holdFor = async (flow: Pipeline, statement: string): Promise<() => Promise<void>> => {
  const client = new pg.Client(flow.fresh.admin);
  await client.connect();
  await client.query('BEGIN');
  await client.query(statement);
  return async () => void (await client.query('COMMIT').then(() => client.end()));
};

describe('a lock held for 30 seconds', () => {
  let logDatabase: FreshDatabase;
  const flows: Pipeline[] = [];
  const startPipeline = async (handler?: FactHandler): Promise<Pipeline> => {
    const flow = await Pipeline.start({ openLog: () => new PostgresLog(logDatabase.app), ...(handler && { handler }) });
    flows.push(flow);
    return flow;
  };
  beforeAll(async () => {
    logDatabase = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  });
  afterAll(async () => {
    await Promise.all(flows.map((flow) => flow.close()));
    await logDatabase?.drop();
  });

  it('on what a handler needs holds up facts and parks none; on the outbox it makes commands wait; both end with the lock', async () => {
    const needy = await startPipeline(async (_fact, { tx }) => void (await tx.query(`SELECT 1 FROM consumer_mark WHERE consumer_group = 'needed' FOR UPDATE`)));
    await needy.database.run(EVERYTHING, (tx) => tx.query(`INSERT INTO consumer_mark (consumer_group, topic, partition, position) VALUES ('needed', '', 0, 0)`));
    const plain = await startPipeline();
    const releases = [await holdFor(needy, `SELECT 1 FROM consumer_mark WHERE consumer_group = 'needed' FOR UPDATE`), await holdFor(plain, 'LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE')];
    await pause(LOCK_MS);
    // Commands went on beside the first.
    expect(needy.acknowledged.length).toBeGreaterThan(20);
    await Promise.all(releases.map((release) => release()));
    await Promise.all([needy.recovers('lock on a handler’s row held for 30 s'), plain.recovers('lock on the outbox held for 30 s')]);
    await Promise.all([needy.check(), plain.check()]);
  }, 240_000);
});

(unavailable ? describe.skip : describe)('Apache Kafka', () => {
  let kafka: TestKafka;
  let flow: Pipeline | undefined;
  const startPipeline = async (): Promise<Pipeline> => (flow = await Pipeline.start({ openLog: () => new KafkaLog({ brokers: kafka.brokers, clientId: 'slow-faults', partitions: 3, replicationFactor: 1 }) }));
  beforeAll(async () => {
    Logger.overrideLogger(false);
    kafka = await startKafka();
  }, 180_000);
  afterEach(async () => {
    jest.restoreAllMocks();
    await flow?.close();
    flow = undefined;
  }, 60_000);
  afterAll(() => kafka?.stop(), 60_000);

  it('is not left by a service whose clock is set back an hour, and forward again', async () => {
    const flowing = await startPipeline();
    const now = Date.now.bind(Date);
    let shift = -AN_HOUR_MS;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + shift);
    // Longer than a member of a group may be silent.
    await pause(18_000);
    await flowing.recovers('clock set back an hour');
    shift = AN_HOUR_MS;
    await flowing.recovers('clock set forward two hours');
    jest.restoreAllMocks();
    await flowing.recovers('clock put right');
    await flowing.check();
  }, 240_000);

  it('stands still for a minute: nothing is lost or doubled, and facts flow again by themselves', async () => {
    const flowing = await startPipeline();
    kafka.pause();
    await pause(A_MINUTE_MS);
    kafka.resume();
    await flowing.recovers('broker stands still for 60 seconds');
    await flowing.check();
  }, 300_000);
});
