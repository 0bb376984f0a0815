import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { createDataSource, Database, type Transaction } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import type { DataSource } from 'typeorm';
import { type DeliveredFact, type EventLog, FactConsumer, messagingMigrations } from '../index.js';
import { alone, decode, type Message, NUMBER, objects, type Outcome, poison, type Told, TYPES } from './poison.fixture.js';

export const TOPIC = 'test.poison';
const GROUP = 'poisoned';
const SEED = 20_261;
const MOST_MS = 20 * 60_000;
const LEAVES_NO_TRACE: ReadonlySet<Outcome> = new Set(['applied', 'known', 'ignored']);
const KINDS = ['null', 'empty', 'truncated', 'random bytes', 'oversized', 'another message under its type', 'an unknown type', 'no headers but a number', 'a gap in versions', 'an old version', 'an unknown field', 'a new enum value', 'the same id with another payload', 'delivered again', 'a handler that throws a TypeError', 'a handler that throws a RangeError', 'a handler that throws a string', 'a handler that throws undefined', 'a handler that throws a rejected promise'];
const effects = { name: '1790000000951-poison-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, fact_id uuid NOT NULL, key text NOT NULL)' };

/** A log, and a way past it by which anything can be laid into its topic. */
export type PoisonedLog = { readonly log: EventLog; lay(messages: readonly Message[]): Promise<void> };

/** What both transports must live through; `POISON_MESSAGES` asks for more or fewer messages. */
export const poisonSuite = (name: string, open: () => Promise<PoisonedLog>): void => {
  const count = Number(process.env['POISON_MESSAGES'] ?? 100_000);

  describe(`${count} messages of every kind on ${name}`, () => {
    const all = poison(count, SEED);
    let poisoned: PoisonedLog;
    let fresh: FreshDatabase;
    let source: DataSource;
    let database: Database;
    let consumer: FactConsumer;

    const keep = async (tx: Transaction, facts: readonly Pick<DeliveredFact, 'id' | 'key'>[]): Promise<void> => {
      await tx.query('INSERT INTO effect (fact_id, key) SELECT id, key FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS given (id, key, place) ORDER BY place', [facts.map(({ id }) => id), facts.map(({ key }) => key)]);
    };
    const together = async (facts: readonly DeliveredFact[], tx: Transaction): Promise<void> => {
      for (const { data } of facts) objects(data as string);
      await keep(tx, facts);
    };

    beforeAll(async () => {
      poisoned = await open();
      fresh = await freshDatabase({ service: 'messaging', migrations: [...messagingMigrations, effects] });
      source = await createDataSource(fresh.app, []).initialize();
      database = new Database(source);
      consumer = new FactConsumer({ group: GROUP, database, decode, handlers: new Map([[TYPES.alone, alone((fact, { tx }) => keep(tx, [fact]))]]), batchHandlers: [{ types: [TYPES.together], handle: together }] });
      await poisoned.log.ensureTopics([TOPIC]);
      await poisoned.lay(all.map(({ message }) => message));
      const subscription = await poisoned.log.subscribe({ group: GROUP, topics: [TOPIC], from: 'earliest', onBatch: (batch) => consumer.handle(batch) });
      for (const until = Date.now() + MOST_MS; (await poisoned.log.lag(GROUP, [TOPIC])).facts > 0; await pause(250)) if (Date.now() > until) throw new Error('a partition is blocked: the group never came to the end');
      await subscription.close();
    }, MOST_MS + 300_000);
    afterAll(async () => {
      await source?.destroy();
      await fresh?.drop();
      await poisoned?.log.close();
    });

    const read = <T>(sql: string): Promise<T[]> => database.read(EVERYTHING, (tx) => tx.query<T>(sql));
    const idOf = ({ message }: Told): string => message.headers['ce_id'] ?? '';

    it('parks what it must with its verdict and a reason, and nothing else', async () => {
      const parked = await read<{ number: string; verdict: Outcome; reason: string }>(`SELECT headers ->> '${NUMBER}' AS number, verdict, reason FROM parked_fact`);
      const verdicts = new Map(parked.map(({ number, verdict }) => [Number(number), verdict]));
      expect(verdicts.size).toBe(parked.length);
      const wrong = all.flatMap(({ kind, outcome, or }, number) => {
        const seen = verdicts.get(number);
        const fits = [outcome, or].some((one) => one !== undefined && (LEAVES_NO_TRACE.has(one) ? seen === undefined : seen === one));
        return fits ? [] : [`${number}, ${kind}: ${seen ?? 'not parked'} in place of ${outcome}`];
      });
      expect(wrong).toEqual([]);
      expect(parked.filter(({ reason }) => reason === '')).toEqual([]);
      expect(consumer.counts.parked).toBe(parked.length);
    });

    it('applies the rest once, each key in its order', async () => {
      const applied = await read<{ fact_id: string; key: string }>('SELECT fact_id, key FROM effect ORDER BY place');
      const byKey = (facts: readonly { readonly key: string | undefined; readonly id: string }[]): Readonly<Record<string, string[]>> => {
        const keys: Record<string, string[]> = {};
        for (const { key = '', id } of facts) (keys[key] ??= []).push(id);
        return keys;
      };
      expect(byKey(applied.map(({ fact_id, key }) => ({ key, id: fact_id })))).toEqual(byKey(all.filter(({ outcome }) => outcome === 'applied').map((told) => ({ key: told.message.key, id: idOf(told) }))));
    });

    it('accounts for every one of them', () => {
      const { applied, redelivered, ignored, parked } = consumer.counts;
      const of = (outcome: Outcome): number => all.filter((told) => told.outcome === outcome).length;
      expect(applied).toBe(of('applied'));
      // A log may hand the same stretch out twice.
      expect(ignored).toBeGreaterThanOrEqual(of('ignored'));
      expect(applied + redelivered + ignored + parked).toBeGreaterThanOrEqual(count);
      expect(KINDS.filter((kind) => !all.some((told) => told.kind === kind))).toEqual([]);
    });
  });
};
