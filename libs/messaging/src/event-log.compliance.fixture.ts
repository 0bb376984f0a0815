import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import type { DataSource } from 'typeorm';
import { appendToOutbox, type EncodedFact, type EventLog, FactConsumer, type FactHandler, type LogRecord, messagingMigrations, ParkedFacts, PoisonFact, Relay, type ReplayFrom, type Subscription } from './index.js';

const TYPE = 'test.v1.Counted';
const effects = { name: '1790000000950-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, consumer_group text, fact_id uuid, key text, subject text, sequence bigint)' };

export const fact = (changes: Partial<EncodedFact> = {}): EncodedFact => ({
  id: randomUUID(),
  type: TYPE,
  source: 'test',
  time: new Date(),
  key: 'one',
  subject: 'subject',
  sequence: 1,
  mission: 'PE',
  quiet: false,
  data: Buffer.from('data'),
  ...changes,
});

/** Waits for something to become true; fails after a while, so a timing never decides. */
export const eventually = async (holds: () => Promise<boolean> | boolean, what: string): Promise<void> => {
  const until = Date.now() + 40_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`never came true: ${what}`);
    await pause(25);
  }
};

/** What both transports must do alike; `open` gives a log whose topics nobody used before. */
export const eventLogCompliance = (name: string, open: () => Promise<EventLog>): void => {
  describe(`the event log on ${name}`, () => {
    let log: EventLog;
    let fresh: FreshDatabase;
    let source: DataSource;
    let database: Database;
    let topic: string;
    let group: string;
    const subscriptions: Subscription[] = [];

    beforeAll(async () => {
      log = await open();
    }, 120_000);
    afterAll(() => log?.close());
    beforeEach(async () => {
      fresh = await freshDatabase({ service: 'messaging', migrations: [...messagingMigrations, effects] });
      source = await createDataSource(fresh.app, []).initialize();
      database = new Database(source);
      topic = `test.${randomUUID()}`;
      group = `group-${randomUUID()}`;
      await log.ensureTopics([topic]);
    });
    afterEach(async () => {
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.close()));
      await source.destroy();
      await fresh.drop();
    });

    const effect: FactHandler = async (one, { tx }) => {
      await tx.query('INSERT INTO effect (consumer_group, fact_id, key, subject, sequence) VALUES ($1, $2, $3, $4, $5)', [group, one.id, one.key, one.subject, one.sequence]);
    };
    const consumerWith = (handler: FactHandler = effect): FactConsumer => new FactConsumer({ group, database, handlers: new Map([[TYPE, handler]]), decode: (_type, bytes) => Buffer.from(bytes).toString() });
    const consume = async (consumer: FactConsumer): Promise<Subscription> => {
      const subscription = await log.subscribe({ group, topics: [topic], from: 'earliest', onBatch: (batch) => consumer.handle(batch) });
      subscriptions.push(subscription);
      return subscription;
    };
    type Effect = { fact_id: string; key: string; subject: string; sequence: string };
    const applied = (): Promise<Effect[]> => database.read(EVERYTHING, (tx) => tx.query<Effect>('SELECT fact_id, key, subject, sequence FROM effect ORDER BY place'));

    it('keeps the order of an aggregate under concurrent writers, some of whom roll back', async () => {
      await consume(consumerWith());
      const relay = new Relay({ database: fresh.app, log, topic, source: 'test', onTrouble: () => undefined });
      relay.start();
      const written: string[] = [];
      const writer = async (subject: string): Promise<void> => {
        for (let sequence = 1; sequence <= 15; sequence += 1) {
          const id = randomUUID();
          const write = (fails: boolean) =>
            database.run(EVERYTHING, async (tx) => {
              await appendToOutbox(tx, [{ id: fails ? randomUUID() : id, type: TYPE, key: subject.slice(-1), subject, sequence, mission: 'PE', data: Buffer.from('x') }]);
              await pause(sequence % 3);
              if (fails) throw new Error('rolled back');
            });
          if (sequence % 4 === 0) await write(true).catch(() => undefined);
          await write(false);
          written.push(id);
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, index) => writer(`aggregate-${index}`)));
      await eventually(async () => (await applied()).length >= written.length, 'every fact applied');
      await relay.close();
      const seen = await applied();
      expect(seen.map(({ fact_id }) => fact_id).sort()).toEqual(written.sort());
      for (let index = 0; index < 16; index += 1) {
        const versions = seen.filter(({ subject }) => subject === `aggregate-${index}`).map(({ sequence }) => Number(sequence));
        expect(versions).toEqual(Array.from({ length: 15 }, (_, step) => step + 1));
      }
    });

    it('applies once what is delivered twice', async () => {
      const facts = Array.from({ length: 20 }, (_, index) => fact({ sequence: index, subject: `s${index}` }));
      await log.publish(topic, facts);
      await log.publish(topic, facts);
      const last = fact({ key: 'one', subject: 'last' });
      await log.publish(topic, [last]);
      const consumer = consumerWith();
      await consume(consumer);
      await eventually(async () => (await applied()).some(({ fact_id }) => fact_id === last.id), 'the last fact applied');
      expect(await applied()).toHaveLength(21);
      // And once more from the start, as after a lost offset.
      await log.replay({ topics: [topic], onBatch: (batch) => consumer.handle(batch) });
      expect(await applied()).toHaveLength(21);
      expect(consumer.counts.redelivered).toBeGreaterThanOrEqual(21);
    });

    it('parks a key whose fact cannot be handled, and holds up nobody else', async () => {
      const poison = fact({ key: 'bad', subject: 'poison' });
      const behind = [1, 2, 3].map((sequence) => fact({ key: 'bad', subject: 'behind', sequence }));
      const others = [1, 2, 3, 4].map((sequence) => fact({ key: 'good', subject: 'other', sequence }));
      let mended = false;
      const consumer = consumerWith(async (one, context) => {
        if (one.id === poison.id && !mended) throw new PoisonFact('breaks its contract');
        await effect(one, context);
      });
      await log.publish(topic, [others[0], poison, others[1], behind[0], others[2], behind[1], behind[2], others[3]] as EncodedFact[]);
      await consume(consumer);
      await eventually(async () => (await applied()).length === 4, 'the other key applied');
      const parkedFacts = new ParkedFacts(database, (wanted) => (wanted === group ? consumer : undefined));
      await eventually(async () => (await parkedFacts.list({ group })).length === 4, 'the bad key parked');
      const parked = await parkedFacts.list({ group, key: 'bad' });
      expect(parked.map(({ verdict }) => verdict)).toEqual(['poison', 'waiting', 'waiting', 'waiting']);
      expect(parked[0]?.reason).toContain('breaks its contract');

      expect(await parkedFacts.retry(group, 'bad', 'operator')).toMatchObject({ applied: 0, stillParked: { reason: expect.stringContaining('breaks') } });
      mended = true;
      expect(await parkedFacts.retry(group, 'bad', 'operator')).toEqual({ applied: 4 });
      const order = (await applied()).filter(({ key }) => key === 'bad').map(({ fact_id }) => fact_id);
      expect(order).toEqual([poison, ...behind].map(({ id }) => id));
    });

    it('gives up a parked fact only with a reason, and then lets the rest of its key go', async () => {
      const poison = fact({ key: 'bad', subject: 'poison' });
      const behind = fact({ key: 'bad', subject: 'behind' });
      const consumer = consumerWith(async (one, context) => {
        if (one.id === poison.id) throw new PoisonFact('never');
        await effect(one, context);
      });
      await log.publish(topic, [poison, behind]);
      await consume(consumer);
      const parkedFacts = new ParkedFacts(database, () => consumer);
      await eventually(async () => (await parkedFacts.list({ group })).length === 2, 'both parked');
      const [head] = await parkedFacts.list({ group });
      await expect(parkedFacts.discard(head?.id ?? '', 'operator', ' ')).rejects.toMatchObject({ code: 'REASON_MISSING' });
      expect(await parkedFacts.discard(head?.id ?? '', 'operator', 'made by mistake')).toEqual({ applied: 1 });
      expect((await applied()).map(({ fact_id }) => fact_id)).toEqual([behind.id]);
      const audit = await database.read(EVERYTHING, (tx) => tx.query('SELECT actor, action, reason FROM operator_action ORDER BY id'));
      expect(audit).toEqual([
        { actor: 'operator', action: 'discard', reason: 'made by mistake' },
        { actor: 'operator', action: 'applied', reason: 'made by mistake' },
      ]);
    });

    it('tries a handler with a bug a few times and then parks, whatever it throws', async () => {
      const thrown: unknown[] = [new TypeError('of undefined'), new RangeError('index out of range'), 'text', undefined, Promise.reject(new Error('late'))];
      thrown.forEach((value) => void (value instanceof Promise && value.catch(() => undefined)));
      let tries = 0;
      const facts = thrown.map((_, index) => fact({ key: `k${index}`, subject: `s${index}` }));
      const fine = fact({ key: 'fine', subject: 'fine' });
      const consumer = consumerWith(async (one, context) => {
        const index = facts.findIndex(({ id }) => id === one.id);
        if (index < 0) return effect(one, context);
        tries += 1;
        throw thrown[index];
      });
      await log.publish(topic, [...facts, fine]);
      await consume(consumer);
      await eventually(async () => (await applied()).length === 1, 'the fine fact applied');
      const parkedFacts = new ParkedFacts(database, () => consumer);
      await eventually(async () => (await parkedFacts.list({ group })).length === thrown.length, 'every bug parked');
      expect(tries).toBeGreaterThanOrEqual(3 * thrown.length);
    });

    it('replays from the start to what lies there now', async () => {
      const facts = Array.from({ length: 1_200 }, (_, index) => fact({ sequence: index, key: `k${index % 7}`, subject: `s${index % 7}` }));
      await log.publish(topic, facts);
      const seen: string[] = [];
      await log.replay({ topics: [topic], onBatch: async ({ records }) => void seen.push(...records.map(({ headers }) => headers['ce_id'] ?? '')) });
      expect(seen.sort()).toEqual(facts.map(({ id }) => id).sort());
    });

    it('replays from a moment on, and from a position on, that fact first', async () => {
      const idsFrom = async (from: ReplayFrom, topics = [topic]): Promise<string[]> => {
        const seen: string[] = [];
        await log.replay({ topics, from, onBatch: async ({ records }) => void seen.push(...records.map(({ headers }) => headers['ce_id'] ?? '')) });
        return seen;
      };
      const early = Array.from({ length: 700 }, (_, sequence) => fact({ sequence }));
      await log.publish(topic, early);
      await pause(50);
      const moment = new Date();
      await pause(50);
      const late = Array.from({ length: 10 }, (_, sequence) => fact({ sequence }));
      await log.publish(topic, late);
      expect(await idsFrom({ kind: 'moment', moment })).toEqual(late.map(({ id }) => id));
      expect(await idsFrom({ kind: 'moment', moment: new Date(Date.now() + 60_000) })).toEqual([]);

      const records: LogRecord[] = [];
      await log.replay({ topics: [topic], onBatch: async (batch) => void records.push(...batch.records) });
      const [middle, other] = [records[650], `test.${randomUUID()}`];
      await log.ensureTopics([other]);
      await log.publish(other, [fact()]);
      expect(await idsFrom({ kind: 'positions', positions: middle ? [middle] : [] }, [topic, other])).toEqual(records.slice(650).map(({ headers }) => headers['ce_id']));
    });

    it('ends a replay early when told to', async () => {
      await log.publish(topic, Array.from({ length: 1_200 }, (_, sequence) => fact({ sequence, data: Buffer.alloc(700) })));
      const enough = new AbortController();
      let read = 0;
      await log.replay({
        topics: [topic],
        signal: enough.signal,
        onBatch: async ({ records, stopping }) => {
          expect(stopping()).toBe(false);
          read += records.length;
          enough.abort();
          expect(stopping()).toBe(true);
        },
      });
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(1_200);
    });

    it('gives a live feed what comes from now on, and nothing older', async () => {
      await log.publish(topic, [fact({ subject: 'old' })]);
      const seen: string[] = [];
      const subscription = await log.subscribe({ group: 'live', topics: [topic], from: 'latest', onBatch: async ({ records }) => void seen.push(...records.map(({ headers }) => headers['ce_subject'] ?? '')) });
      subscriptions.push(subscription);
      await eventually(async () => {
        await log.publish(topic, [fact({ subject: 'new' })]);
        await pause(100);
        return seen.length > 0;
      }, 'something live');
      expect(new Set(seen)).toEqual(new Set(['new']));
    });

    it('goes on after a subscriber that throws anything, and skips nothing', async () => {
      const facts = Array.from({ length: 6 }, (_, index) => fact({ sequence: index, key: `k${index}` }));
      await log.publish(topic, facts);
      const seen = new Set<string>();
      let failures = 0;
      subscriptions.push(
        await log.subscribe({
          group,
          topics: [topic],
          from: 'earliest',
          onBatch: async ({ records }) => {
            if ((failures += 1) <= 2) throw new TypeError('of undefined');
            for (const { headers } of records) seen.add(headers['ce_id'] ?? '');
          },
        }),
      );
      await eventually(() => seen.size === facts.length, 'every fact seen');
      expect([...seen].sort()).toEqual(facts.map(({ id }) => id).sort());
    });

    it('publishes in one go what is larger than a broker takes at once', async () => {
      const facts = Array.from({ length: 40 }, (_, index) => fact({ sequence: index, data: Buffer.alloc(60_000, index) }));
      await log.publish(topic, facts);
      const seen: string[] = [];
      await log.replay({ topics: [topic], onBatch: async ({ records }) => void seen.push(...records.map(({ headers }) => headers['ce_id'] ?? '')) });
      expect(seen).toEqual(facts.map(({ id }) => id));
    });

    it('tells whoever asked for a replay that it failed', async () => {
      await log.publish(topic, [fact()]);
      await expect(log.replay({ topics: [topic], onBatch: () => Promise.reject(new RangeError('mine')) })).rejects.toThrow('mine');
    });

    it('says how far behind a group is', async () => {
      const began = performance.now();
      await log.publish(topic, [1, 2, 3].map((sequence) => fact({ sequence })));
      await pause(1_200);
      const behind = await log.lag(group, [topic]);
      const seconds = (performance.now() - began) / 1_000;
      expect(behind.facts).toBe(3);
      expect(behind.seconds).toBeGreaterThan(1);
      expect(behind.seconds).toBeLessThan(seconds * 1.2 + 1);
      await consume(consumerWith());
      await eventually(async () => (await log.lag(group, [topic])).facts === 0, 'no lag');
      expect(await log.lag(group, [topic])).toEqual({ facts: 0, seconds: 0 });
      expect(await log.health()).toEqual({ healthy: true });
    });

    it('stops in the middle of a load without losing or doubling anything', async () => {
      const facts = Array.from({ length: 3_000 }, (_, index) => fact({ sequence: index, key: `k${index % 5}`, subject: `s${index % 5}` }));
      await log.publish(topic, facts);
      const slow = consumerWith(async (one, context) => {
        if (one.sequence % 50 === 0) await pause(2);
        await effect(one, context);
      });
      const first = await consume(slow);
      await eventually(async () => (await applied()).length > 0, 'some applied');
      subscriptions.splice(0);
      await first.close();
      const before = (await applied()).length;
      await pause(150);
      expect(await applied()).toHaveLength(before);
      await consume(consumerWith());
      await eventually(async () => (await applied()).length >= facts.length, 'all applied');
      expect((await applied()).map(({ fact_id }) => fact_id).sort()).toEqual(facts.map(({ id }) => id).sort());
    });
  });
};
