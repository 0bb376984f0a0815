import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import type { DataSource } from 'typeorm';
import { eventually } from '../event-log.compliance.fixture.js';
import { appendToOutbox, type EncodedFact, type EventLog, eventLogMigrations, messagingMigrations, Relay } from '../index.js';
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
});
afterAll(async () => {
  await log?.close();
  await source?.destroy();
  await service?.drop();
  await logDatabase?.drop();
});

const relayTo = (to: EventLog, topic: string): Relay => {
  const relay = new Relay({ database: service.app, log: to, topic, source: 'test', onTrouble: () => undefined });
  relays.push(relay);
  relay.start();
  return relay;
};
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
    const watched = (index: number): EventLog =>
      ({ publish: async (to: string, facts: readonly EncodedFact[]) => (sent[index]?.push(...facts.map(({ sequence }) => sequence)), log.publish(to, facts)) }) as unknown as EventLog;
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
    const flaky = {
      publish: async (to: string, facts: readonly EncodedFact[]) => {
        if ((away -= 1) >= 0) throw new Error('the log is away');
        await log.publish(to, facts);
        sent.push(...facts.map(({ sequence }) => sequence));
      },
    } as unknown as EventLog;
    for (let sequence = 1; sequence <= 5; sequence += 1) await state(sequence, subject);
    relayTo(flaky, topic);
    await eventually(async () => (await unpublished()) === 0, 'all published');
    expect(sent).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes nothing for published that a wiped log could lose', async () => {
    const topic = `test.${randomUUID()}`;
    await log.ensureTopics([topic]);
    await log.publish(topic, []);
    // No such topic any more, as in a log that was made anew.
    const lost = `test.${randomUUID()}`;
    relayTo(log, lost);
    await state(1, randomUUID());
    await eventually(async () => (await unpublished()) === 0, 'published');
    const seen: string[] = [];
    await log.replay({ topics: [lost], onBatch: async ({ records }) => void seen.push(...records.map(({ headers }) => headers['ce_sequence'] ?? '')) });
    expect(seen).toEqual(['1']);
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
    relayTo(log, `test.${randomUUID()}`);
    await eventually(async () => !(await subjects()).includes(old), 'the old one swept');
    await pause(50);
    expect(await subjects()).toContain(recent);
  });
});
