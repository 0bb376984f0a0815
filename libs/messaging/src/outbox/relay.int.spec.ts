import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { eventually, fact } from '../event-log.compliance.fixture.js';
import { appendToOutbox, type EventLog, eventLogMigrations, messagingMigrations, Relay, republish } from '../index.js';
import { PostgresLog } from '../postgres/postgres-log.js';

let service: FreshDatabase;
let logDatabase: FreshDatabase;
let source: DataSource;
let database: Database;
let log: PostgresLog;
const relays: Relay[] = [];
beforeAll(async () => {
  service = await freshDatabase({ service: 'messaging', migrations: messagingMigrations });
  logDatabase = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  source = await createDataSource(service.app, []).initialize();
  database = new Database(source);
  log = new PostgresLog(logDatabase.app);
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.close()));
  await database.run(EVERYTHING, (tx) => tx.query('DELETE FROM outbox'));
});
afterAll(async () => {
  await log?.close();
  await source?.destroy();
  await service?.drop();
  await logDatabase?.drop();
});

const relayTo = (to: EventLog, topic: string, onFedAgain: (facts: number) => void = () => undefined): Relay => {
  const relay = new Relay({ database: service.app, log: to, topic, source: 'test', onTrouble: () => undefined, onFedAgain });
  relays.push(relay);
  relay.start();
  return relay;
};
/** The log, with something between it and the relay. */
const logWith = (publish: EventLog['publish']): EventLog => ({ ensureTopics: (topics: readonly string[]) => log.ensureTopics(topics), head: (topic: string) => log.head(topic), publish }) as unknown as EventLog;
const state = (sequence: number, subject: string, data: Uint8Array = Buffer.from('x')): Promise<void> =>
  database.run(EVERYTHING, (tx) => appendToOutbox(tx, [{ type: 'test.v1.Stated', key: 'one', subject, sequence, mission: 'PE', data }]));
const unpublished = async (): Promise<number> => {
  const [row] = await database.read(EVERYTHING, (tx) => tx.query<{ count: string }>('SELECT count(*) AS count FROM outbox WHERE published_at IS NULL'));
  return Number(row?.count);
};

describe('the relay', () => {
  it('is one at work, however many run, and another takes over', async () => {
    const topic = `test.${randomUUID()}`;
    const subject = randomUUID();
    const sent: number[][] = [[], []];
    const watched = (index: number): EventLog => logWith(async (to, facts) => (sent[index]?.push(...facts.map(({ sequence }) => sequence)), log.publish(to, facts)));
    const first = relayTo(watched(0), topic);
    await state(1, subject);
    await eventually(async () => (await unpublished()) === 0, 'the first published');
    relayTo(watched(1), topic);
    for (let sequence = 2; sequence <= 10; sequence += 1) await state(sequence, subject);
    await eventually(async () => (await unpublished()) === 0, 'ten published');
    expect(sent).toEqual([Array.from({ length: 10 }, (_, index) => index + 1), []]);
    await first.close();
    await state(11, subject);
    await eventually(async () => (await unpublished()) === 0, 'the eleventh published');
    expect(sent[1]).toEqual([11]);
  });

  it('keeps what the log did not take, and sends it in order once it does', async () => {
    const topic = `test.${randomUUID()}`;
    const subject = randomUUID();
    let away = 2;
    const sent: number[] = [];
    const flaky = logWith(async (to, facts) => {
      if ((away -= 1) >= 0) throw new Error('the log is away');
      await log.publish(to, facts);
      sent.push(...facts.map(({ sequence }) => sequence));
    });
    for (let sequence = 1; sequence <= 5; sequence += 1) await state(sequence, subject);
    relayTo(flaky, topic);
    await eventually(async () => (await unpublished()) === 0, 'all published');
    expect(sent).toEqual([1, 2, 3, 4, 5]);
  });

  const inLog = async (topic: string): Promise<string[]> => {
    const seen: string[] = [];
    await log.replay({ topics: [topic], onBatch: async ({ records }) => void seen.push(...records.map(({ headers }) => headers['ce_sequence'] ?? '')) });
    return seen;
  };
  const wipe = async (topic: string): Promise<void> => {
    const client = new pg.Client(logDatabase.admin);
    await client.connect();
    await client.query('DELETE FROM log_fact');
    await client.query('DELETE FROM log_topic WHERE topic = $1', [topic]);
    await client.end();
  };

  it('feeds a log again that was wiped: all that the outbox keeps, in order, before anything new', async () => {
    const topic = `test.${randomUUID()}`;
    const subject = randomUUID();
    const fed: number[] = [];
    relayTo(log, topic, (facts) => fed.push(facts));
    for (let sequence = 1; sequence <= 5; sequence += 1) await state(sequence, subject);
    await eventually(async () => (await unpublished()) === 0, 'five published');
    await wipe(topic);
    await state(6, subject);
    await eventually(async () => (await inLog(topic)).length === 6, 'all six in the log');
    expect(await inLog(topic)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(fed).toEqual([5]);
  });

  it('sees at its start that a log was wiped and made anew in the meantime', async () => {
    const topic = `test.${randomUUID()}`;
    const subject = randomUUID();
    const first = relayTo(log, topic);
    for (let sequence = 1; sequence <= 3; sequence += 1) await state(sequence, subject);
    await eventually(async () => (await unpublished()) === 0, 'three published');
    await first.close();
    await wipe(topic);
    await log.ensureTopics([topic]);
    relayTo(log, topic);
    await eventually(async () => (await inLog(topic)).length === 3, 'three in the log');
    expect(await inLog(topic)).toEqual(['1', '2', '3']);
  });

  it('sees while it works that a log was wiped and made anew, and leaves none of it out', async () => {
    const topic = `test.${randomUUID()}`;
    const subject = randomUUID();
    relayTo(log, topic);
    for (let sequence = 1; sequence <= 3; sequence += 1) await state(sequence, subject);
    await eventually(async () => (await unpublished()) === 0, 'three published');
    await wipe(topic);
    await log.ensureTopics([topic]);
    await state(4, subject);
    await eventually(async () => (await inLog(topic)).length === 4, 'all four in the log');
    expect((await inLog(topic)).sort()).toEqual(['1', '2', '3', '4']);
  });

  it('sends again what an operator asks for, from a point in time on', async () => {
    const topic = `test.${randomUUID()}`;
    const subject = randomUUID();
    const sent: number[] = [];
    relayTo(logWith(async (to, facts) => (sent.push(...facts.map(({ sequence }) => sequence)), log.publish(to, facts))), topic);
    for (const sequence of [1, 2, 3]) await state(sequence, subject);
    await eventually(async () => (await unpublished()) === 0, 'three published');
    await database.run(EVERYTHING, (tx) => tx.query("UPDATE outbox SET published_at = now() - interval '2 hours' WHERE sequence = 1"));
    sent.splice(0);
    expect(await database.run(EVERYTHING, (tx) => republish(tx, new Date(Date.now() - 3_600_000)))).toBe(2);
    await eventually(async () => (await unpublished()) === 0, 'two sent again');
    expect(sent).toEqual([2, 3]);
    expect(await inLog(topic)).toEqual(['1', '2', '3']);
  });
});

describe('the outbox', () => {
  it('refuses the same version of an aggregate twice', async () => {
    const subject = randomUUID();
    await state(1, subject);
    await expect(state(1, subject)).rejects.toThrow('duplicate key');
  });

  it('refuses a fact that no broker would take', async () => {
    await expect(state(1, randomUUID(), Buffer.alloc(600_000))).rejects.toMatchObject({ code: 'FACT_TOO_LARGE' });
  });

  it('is swept of facts published more than 72 hours ago, and of nothing else', async () => {
    const [old, recent] = [randomUUID(), randomUUID()];
    await state(1, old);
    await state(1, recent);
    await database.run(EVERYTHING, (tx) => tx.query("UPDATE outbox SET published_at = now() - CASE WHEN subject = $1 THEN interval '73 hours' ELSE interval '71 hours' END", [old]));
    const subjects = (): Promise<string[]> => database.read(EVERYTHING, async (tx) => (await tx.query<{ subject: string }>('SELECT subject FROM outbox')).map(({ subject }) => subject));
    const topic = `test.${randomUUID()}`;
    await log.ensureTopics([topic]);
    // A log that has something in it is not fed again.
    await log.publish(topic, [fact()]);
    relayTo(log, topic);
    await eventually(async () => !(await subjects()).includes(old), 'the old one swept');
    await pause(50);
    expect(await subjects()).toContain(recent);
  });
});
