import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError, EVERYTHING } from '@common-ground/kernel';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { type Batch, FactConsumer, type FactConsumerOptions, type FactContext, type FactHandler, headersOf, type LogRecord, messagingMigrations, ParkedFacts, PoisonFact } from '../index.js';

const TYPE = 'test.v1.Counted';
const topic = 'test.v1';
const effects = { name: '1790000000950-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, consumer_group text, fact_id uuid)' };

let fresh: FreshDatabase;
let source: DataSource;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase({ service: 'messaging', migrations: [...messagingMigrations, effects] });
  source = await createDataSource(fresh.app, []).initialize();
  database = new Database(source);
});
afterAll(async () => {
  await source?.destroy();
  await fresh?.drop();
});

const batchOf = (records: readonly LogRecord[]): Batch => ({ topic, partition: 0, records, heartbeat: async () => undefined, stopping: () => false });
const recordOf = (position: number, changes: { readonly id?: string; readonly key?: string; readonly data?: string; readonly time?: Date } = {}): LogRecord => {
  const { id = randomUUID(), key = 'one', data = 'fine', time = new Date() } = changes;
  const fact = { id, key, time, type: TYPE, source: 'test', subject: key, sequence: position, mission: 'PE', quiet: false, data: Buffer.from(data) };
  return { topic, partition: 0, position: BigInt(position), key, headers: headersOf(fact), value: fact.data };
};
const decode = (_type: string, bytes: Uint8Array): string => {
  const text = Buffer.from(bytes).toString();
  if (text === 'undecodable') throw new RangeError('index out of range');
  return text;
};
const consumerOf = (group: string, handler: FactHandler = effectOf(group), more: Partial<FactConsumerOptions> = {}): FactConsumer =>
  new FactConsumer({ group, database, decode, handlers: new Map([[TYPE, handler]]), ...more });
const effectOf =
  (group: string): FactHandler =>
  async ({ id, data }, { tx }) => {
    if (data === 'poison') throw new PoisonFact('breaks its contract');
    await tx.query('INSERT INTO effect (consumer_group, fact_id) VALUES ($1, $2)', [group, id]);
  };
/** The same effect, in one statement for many. */
const batchConsumerOf = (group: string, sizes: number[] = []): FactConsumer =>
  new FactConsumer({
    group,
    database,
    decode,
    batchHandlers: [
      {
        types: [TYPE],
        handle: async (facts, tx) => {
          if (facts.some(({ data }) => data === 'poison')) throw new PoisonFact('breaks its contract');
          sizes.push(facts.length);
          await tx.query('INSERT INTO effect (consumer_group, fact_id) SELECT $1, id FROM unnest($2::uuid[]) WITH ORDINALITY AS given (id, place) ORDER BY place', [group, facts.map(({ id }) => id)]);
        },
      },
    ],
  });
const appliedBy = (group: string): Promise<string[]> =>
  database.read(EVERYTHING, async (tx) => (await tx.query<{ fact_id: string }>('SELECT fact_id FROM effect WHERE consumer_group = $1 ORDER BY place', [group])).map(({ fact_id }) => fact_id));

describe('the consumer', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const message = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('fine' as const), key }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('poison' as const, 'undecodable' as const), key }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('unknown' as const), key }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('noise' as const), key: fc.option(fc.string(), { nil: undefined }), value: fc.option(fc.uint8Array(), { nil: null }), headers: fc.dictionary(fc.string(), fc.string()) }) },
  );
  type Message = typeof message extends fc.Arbitrary<infer T> ? T : never;
  const toRecord = (one: Message, position: number): LogRecord => {
    if (one.kind === 'noise') return { topic, partition: 0, position: BigInt(position), key: one.key, headers: one.headers, value: one.value };
    const record = recordOf(position, { key: one.key, data: one.kind });
    return one.kind === 'unknown' ? { ...record, headers: { ...record.headers, ce_type: 'test.v1.Unheard' } } : record;
  };

  it.each([
    ['one by one', (group: string) => consumerOf(group)],
    ['together', (group: string) => batchConsumerOf(group)],
  ])('that handles facts %s applies each key once and in order up to its first poison, parks the rest and ignores what it does not know, whatever comes', async (_how, consumerFor) => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 30 }), fc.array(fc.nat(29), { maxLength: 5 }), async (messages, again) => {
        const group = randomUUID();
        const consumer = consumerFor(group);
        const records = messages.map(toRecord);
        await consumer.handle(batchOf(records));
        // Redelivered, as after a lost offset, in part and then in full.
        for (const index of again) await consumer.handle(batchOf(records.slice(index, index + 7)));
        await consumer.handle(batchOf(records));

        const seen = await appliedBy(group);
        for (const one of ['a', 'b', 'c']) {
          const own = messages.flatMap((message, index) => (message.key === one && message.kind !== 'unknown' && message.kind !== 'noise' ? [{ kind: message.kind, id: records[index]?.headers['ce_id'] ?? '' }] : []));
          const firstBad = own.findIndex(({ kind }) => kind !== 'fine');
          const expected = (firstBad < 0 ? own : own.slice(0, firstBad)).map(({ id }) => id);
          expect(seen.filter((id) => own.some((fact) => fact.id === id))).toEqual(expected);
          const parked = await new ParkedFacts(database, () => consumer).list({ group, key: one });
          expect(parked.filter(({ verdict }) => verdict !== 'unreadable').map(({ record }) => record.headers['ce_id'])).toEqual(own.slice(firstBad < 0 ? own.length : firstBad).map(({ id }) => id));
        }
        const unreadable = (await new ParkedFacts(database, () => consumer).list({ group })).filter(({ verdict }) => verdict === 'unreadable');
        expect(unreadable).toHaveLength(messages.filter(({ kind }) => kind === 'noise').length);
      }),
      { numRuns: 60 },
    );
  });

  it('hands a chunk to its batch handler at once, and each fact of it once', async () => {
    const [group, sizes] = [randomUUID(), [] as number[]];
    const consumer = batchConsumerOf(group, sizes);
    const records = Array.from({ length: 40 }, (_, index) => recordOf(index, { key: `k${index % 3}` }));
    await consumer.handle(batchOf([...records, ...records.slice(0, 10)]));
    await consumer.handle(batchOf(records.slice(5)));
    expect(sizes).toEqual([40]);
    expect(await appliedBy(group)).toEqual(records.map(({ headers }) => headers['ce_id']));
    expect(consumer.counts).toMatchObject({ applied: 40, redelivered: 45 });
  });

  it('lets nothing overtake anything where one type is handled alone and others together', async () => {
    const [group, seen] = [randomUUID(), [] as string[]];
    const consumer = consumerOf(group, async ({ data }) => void seen.push(`alone ${data}`), {
      batchHandlers: [
        { types: ['test.v1.Left', 'test.v1.Right'], handle: async (facts) => void seen.push(facts.map(({ type, data, delivery }) => `${type.slice(8)} ${data} at ${delivery.position}`).join(', ')) },
        { types: ['test.v1.Other'], handle: async (facts) => void seen.push(facts.map(({ data }) => `other ${data}`).join(', ')) },
      ],
    });
    const types = ['Left', 'Right', 'Left', 'Counted', 'Right', 'Other', 'Left'];
    await consumer.handle(batchOf(types.map((type, index) => ({ ...recordOf(index, { data: String(index) }), headers: { ...recordOf(index).headers, ce_type: `test.v1.${type}` } }))));
    expect(seen).toEqual(['Left 0 at 0, Right 1 at 1, Left 2 at 2', 'alone 3', 'Right 4 at 4', 'other 5', 'Left 6 at 6']);
  });

  it('parks one bad fact of a batch alone, and lets it go when it is mended', async () => {
    const group = randomUUID();
    const consumer = batchConsumerOf(group);
    const records = [recordOf(1, { key: 'a' }), recordOf(2, { key: 'b', data: 'poison' }), recordOf(3, { key: 'b' }), recordOf(4, { key: 'a' })];
    await consumer.handle(batchOf(records));
    expect(await appliedBy(group)).toEqual([records[0], records[3]].map((record) => record?.headers['ce_id']));
    const parkedFacts = new ParkedFacts(database, () => consumer);
    const [poison] = await parkedFacts.list({ group, key: 'b' });
    await parkedFacts.discard(poison?.id ?? '', 'operator', 'a test');
    await parkedFacts.retry(group, 'b', 'operator');
    expect(await appliedBy(group)).toEqual([records[0], records[3], records[2]].map((record) => record?.headers['ce_id']));
  });

  it('describes an oversized message and does not keep it', async () => {
    const group = randomUUID();
    const consumer = consumerOf(group);
    await consumer.handle(batchOf([{ ...recordOf(1), headers: {}, value: Buffer.alloc(2_000_000) }]));
    const [parked] = await new ParkedFacts(database, () => consumer).list({ group });
    expect(parked).toMatchObject({ verdict: 'unreadable', reason: expect.stringContaining('2000000 bytes'), record: { value: null } });
  });

  it('never counts an unreadable message as applied, however often it is tried', async () => {
    const group = randomUUID();
    const consumer = consumerOf(group);
    await consumer.handle(batchOf([{ ...recordOf(1), headers: {} }]));
    const parkedFacts = new ParkedFacts(database, () => consumer);
    expect(await parkedFacts.retry(group, 'one', 'operator')).toMatchObject({ applied: 0, stillParked: { reason: expect.stringContaining('ce_type') } });
    expect(await parkedFacts.list({ group })).toHaveLength(1);
  });

  it('keeps a fact that was given up from coming back with the next replay', async () => {
    const group = randomUUID();
    const consumer = consumerOf(group);
    const poison = recordOf(1, { data: 'poison' });
    await consumer.handle(batchOf([poison]));
    const parkedFacts = new ParkedFacts(database, () => consumer);
    const [parked] = await parkedFacts.list({ group });
    await parkedFacts.discard(parked?.id ?? '', 'operator', 'a test');
    await consumer.handle(batchOf([poison]));
    expect(await parkedFacts.list({ group })).toEqual([]);
  });

  it('leaves no fact behind that came to wait while its key was let go', async () => {
    const group = randomUUID();
    let mended = false;
    const consumer = consumerOf(group, async (fact, context) => {
      if (fact.data === 'poison' && !mended) throw new PoisonFact('not yet');
      await effectOf(group)({ ...fact, data: 'fine' }, context);
    });
    await consumer.handle(batchOf([recordOf(1, { data: 'poison' })]));
    mended = true;
    const parkedFacts = new ParkedFacts(database, () => consumer, 60_000);
    const later = Array.from({ length: 60 }, (_, index) => recordOf(index + 2));
    const arriving = (async () => {
      for (const record of later) await consumer.handle(batchOf([record]));
    })();
    await Promise.all([arriving, parkedFacts.retry(group, 'one', 'operator')]);
    expect(await parkedFacts.list({ group })).toEqual([]);
    expect((await appliedBy(group)).slice(1)).toEqual(later.map(({ headers }) => headers['ce_id']));
  });

  it('parks a fact whose handler hangs, and goes on', async () => {
    const group = randomUUID();
    const consumer = consumerOf(group, (fact, context) => (fact.data === 'poison' ? new Promise(() => undefined) : effectOf(group)(fact, context)), { handlerMs: 100 });
    const other = recordOf(2, { key: 'other' });
    await consumer.handle(batchOf([recordOf(1, { data: 'poison' }), other]));
    expect(await appliedBy(group)).toEqual([other.headers['ce_id']]);
    expect((await new ParkedFacts(database, () => consumer).list({ group }))[0]?.reason).toContain('HandlerTooSlow');
  });

  it('waits for a storage that is away without parking anything', async () => {
    const group = randomUUID();
    let away = 4;
    const consumer = consumerOf(group, async (fact, context) => {
      if ((away -= 1) >= 0) throw new DomainError('unavailable', 'STORAGE_UNAVAILABLE', 'away');
      await effectOf(group)(fact, context);
    });
    const record = recordOf(1);
    await consumer.handle(batchOf([record]));
    expect(await appliedBy(group)).toEqual([record.headers['ce_id']]);
    expect(consumer.counts.parked).toBe(0);
  });

  it('calls replayed what comes again, and not what is new to a log that was wiped', async () => {
    const group = randomUUID();
    const told: boolean[] = [];
    const consumer = consumerOf(group, async (_fact, { replayed }: FactContext) => void told.push(replayed));
    const old = new Date(Date.now() - 60_000);
    await consumer.handle(batchOf([recordOf(7)]));
    await consumer.handle(batchOf([recordOf(3, { time: old })]));
    await consumer.handle(batchOf([recordOf(1)]));
    expect(told).toEqual([false, true, false]);
  });

  it('keeps the audit of operators append-only', async () => {
    await expect(database.run(EVERYTHING, (tx) => tx.query('DELETE FROM operator_action'))).rejects.toThrow('append-only');
  });
});
