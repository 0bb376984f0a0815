import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { type Batch, type ConsumerTrouble, FactConsumer, type FactHandler, headersOf, type LogRecord, messagingMigrations, type ParkedFact, ParkedFacts, PoisonFact } from '../index.js';

const TYPE = 'test.v1.Counted';
const topic = 'test.v1';
const effects = { name: '1790000000950-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, consumer_group text, key text, sequence bigint); CREATE TABLE counter (name text PRIMARY KEY, value integer NOT NULL)' };

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

const batchOf = (records: readonly LogRecord[], beat: () => void = () => undefined): Batch => ({ topic, partition: 0, records, heartbeat: async () => beat(), stopping: () => false });
const recordOf = (position: number, key: string, sequence = position, time = new Date()): LogRecord => {
  const fact = { id: randomUUID(), key, time, type: TYPE, source: 'test', subject: key, sequence, mission: 'PE', quiet: false, data: Buffer.from('x') };
  return { topic, partition: 0, position: BigInt(position), key, headers: headersOf(fact), value: fact.data };
};
/** So many facts of so many keys, in turns; the sequence counts within a key. */
const inTurns = (keys: readonly string[], each: number): LogRecord[] => Array.from({ length: keys.length * each }, (_, index) => recordOf(index, keys[index % keys.length] ?? '', Math.floor(index / keys.length) + 1));
const effectOf =
  (group: string): FactHandler =>
  async ({ key, sequence }, { tx }) =>
    void (await tx.query('INSERT INTO effect (consumer_group, key, sequence) VALUES ($1, $2, $3)', [group, key, sequence]));
const consumerOf = (group: string, handler: FactHandler, more: { readonly handlerMs?: number; readonly onTrouble?: (trouble: ConsumerTrouble) => void } = {}): FactConsumer =>
  new FactConsumer({ group, database, decode: (_type, bytes) => Buffer.from(bytes).toString(), handlers: new Map([[TYPE, handler]]), ...more });
const appliedBy = async (group: string, key: string): Promise<number[]> => {
  const rows = await database.read(EVERYTHING, (tx) => tx.query<{ sequence: string }>('SELECT sequence FROM effect WHERE consumer_group = $1 AND key = $2 ORDER BY place', [group, key]));
  return rows.map(({ sequence }) => Number(sequence));
};
const parkedBy = (group: string, key?: string): Promise<ParkedFact[]> => new ParkedFacts(database, () => undefined).list({ group, ...(key === undefined ? {} : { key }), limit: 1_000 });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a chunk with facts that fail', () => {
  it('goes on with every other key, tries a bug three times and parks poison at once, each with the rest of its key', async () => {
    const group = randomUUID();
    const tries = new Map<string, number>();
    const consumer = consumerOf(group, async (fact, context) => {
      tries.set(`${fact.key} ${fact.sequence}`, (tries.get(`${fact.key} ${fact.sequence}`) ?? 0) + 1);
      await effectOf(group)(fact, context);
      if (fact.key === 'bug' && fact.sequence === 4) throw new TypeError('of undefined');
      if (fact.key === 'poison' && fact.sequence === 7) throw new PoisonFact('breaks its contract');
    });
    await consumer.handle(batchOf(inTurns(['a', 'bug', 'b', 'poison', 'c'], 12)));
    for (const key of ['a', 'b', 'c']) expect(await appliedBy(group, key)).toEqual(upTo(12));
    expect([await appliedBy(group, 'bug'), await appliedBy(group, 'poison')]).toEqual([upTo(3), upTo(6)]);
    expect((await parkedBy(group, 'bug')).map(({ verdict, record }) => [verdict, Number(record.headers['ce_sequence'])])).toEqual([['bug', 4], ...upTo(12).slice(4).map((sequence) => ['waiting', sequence])]);
    expect((await parkedBy(group, 'poison')).map(({ verdict }) => verdict)).toEqual(['poison', ...Array<string>(5).fill('waiting')]);
    // Before the first one that failed everything was tried once more, and was rolled back with it.
    expect(tries.get('bug 4')).toBe(3);
    expect(tries.get('poison 7')).toBe(1);
    expect(consumer.counts).toEqual({ applied: 36 + 3 + 6, parked: 9 + 6, redelivered: 0, ignored: 0 });
  });

  it('holds up one key alone while a row that it needs is locked, and applies it once the row is free', async () => {
    const group = randomUUID();
    await database.run(EVERYTHING, (tx) => tx.query('INSERT INTO counter VALUES ($1, 0)', [group]));
    const holder = new pg.Client(fresh.admin);
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM counter WHERE name = $1 FOR UPDATE', [group]);
    const consumer = consumerOf(group, async (fact, context) => {
      if (fact.key === 'locked') await context.tx.query('UPDATE counter SET value = value + 1 WHERE name = $1', [group]);
      await effectOf(group)(fact, context);
    });
    const handled = consumer.handle(batchOf(inTurns(['locked', 'free'], 5)));
    while ((await appliedBy(group, 'free')).length < 5) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await appliedBy(group, 'locked')).toEqual([]);
    await holder.query('COMMIT');
    await holder.end();
    await handled;
    expect([await appliedBy(group, 'locked'), await appliedBy(group, 'free')]).toEqual([upTo(5), upTo(5)]);
    expect(consumer.counts).toEqual({ applied: 10, parked: 0, redelivered: 0, ignored: 0 });
  });

  it('leaves nothing of a handler that was given up and still goes on', async () => {
    const group = randomUUID();
    const late: Promise<unknown>[] = [];
    const consumer = consumerOf(
      group,
      (fact, context) => {
        if (fact.key !== 'hangs') return effectOf(group)(fact, context);
        const goesOn = new Promise((resolve) => setTimeout(resolve, 150)).then(() => effectOf(group)(fact, context));
        late.push(goesOn.catch(() => undefined));
        return goesOn;
      },
      { handlerMs: 50 },
    );
    await consumer.handle(batchOf(inTurns(['a', 'hangs', 'b'], 2)));
    await Promise.all(late);
    expect(late).toHaveLength(3);
    expect([await appliedBy(group, 'a'), await appliedBy(group, 'b'), await appliedBy(group, 'hangs')]).toEqual([upTo(2), upTo(2), []]);
    expect((await parkedBy(group, 'hangs')).map(({ verdict }) => verdict)).toEqual(['bug', 'waiting']);
  });

  it.each([['hangs', () => new Promise<void>(() => undefined)], ['fails', () => Promise.reject(new RangeError('index out of range'))]])('finds the one fact of a batch with which its handler %s, in few calls', async (_what, trouble) => {
    const group = randomUUID();
    let calls = 0;
    const consumer = new FactConsumer({
      group,
      database,
      decode: (_type, bytes) => Buffer.from(bytes).toString(),
      handlerMs: 300,
      batchHandlers: [
        {
          types: [TYPE],
          handle: async (facts, tx) => {
            calls += 1;
            if (facts.some(({ key }) => key === 'bad')) return trouble();
            await tx.query('INSERT INTO effect (consumer_group, key, sequence) SELECT $1, * FROM unnest($2::text[], $3::bigint[])', [group, facts.map(({ key }) => key), facts.map(({ sequence }) => sequence)]);
          },
        },
      ],
    });
    await consumer.handle(batchOf([...inTurns(['a', 'b'], 30), recordOf(60, 'bad', 1), ...inTurns(['c'], 30), recordOf(91, 'bad', 2)]));
    for (const key of ['a', 'b', 'c']) expect(await appliedBy(group, key)).toEqual(upTo(30));
    expect((await parkedBy(group)).map(({ verdict }) => verdict)).toEqual(['bug', 'waiting']);
    expect(calls).toBeLessThan(60);
  });

  it('is not undone by a promise that is thrown and rejects by itself', async () => {
    const group = randomUUID();
    const consumer = consumerOf(group, async (fact, context) => {
      if (fact.key === 'odd') throw Promise.reject(new Error('late'));
      await effectOf(group)(fact, context);
    });
    await consumer.handle(batchOf(inTurns(['odd', 'fine'], 1)));
    expect(await appliedBy(group, 'fine')).toEqual([1]);
    expect((await parkedBy(group, 'odd'))[0]?.reason).toBe('no error but a value was thrown (object)');
  });

  it('gives signs of life between slow facts, so that the group does not take the partition away', async () => {
    const group = randomUUID();
    let beats = 0;
    await consumerOf(group, effectOf(group)).handle(batchOf(inTurns(['a'], 200), () => void (beats += 1)));
    expect(beats).toBeGreaterThanOrEqual(200 / 25);
  });
});

describe('records that no table could keep', () => {
  const odd = (change: Partial<LogRecord> & { readonly header?: readonly [string, string] }, position: number): LogRecord => {
    const record = recordOf(position, 'fine');
    const { header, ...rest } = change;
    return { ...record, ...rest, headers: header ? { ...record.headers, [header[0]]: header[1] } : record.headers };
  };

  it.each<[string, Parameters<typeof odd>[0]]>([
    ['a key with a NUL', { key: 'a\0b' }],
    ['a key of 300 characters', { key: 'k'.repeat(300) }],
    ['a subject with a NUL', { header: ['ce_subject', 'a\0b'] }],
    ['a mission of 2,000 characters', { header: ['ce_mission', 'P'.repeat(2_000)] }],
    ['half a character where a header is cut', { header: ['ce_subject', `${'x'.repeat(999)}😀`] }],
  ])('%s is parked as unreadable and holds up nothing', async (_name, change) => {
    const group = randomUUID();
    const consumer = consumerOf(group, effectOf(group));
    await consumer.handle(batchOf([odd(change, 1), recordOf(2, 'fine', 1)]));
    expect(await appliedBy(group, 'fine')).toEqual([1]);
    expect((await parkedBy(group)).map(({ verdict, attempts }) => [verdict, attempts])).toEqual([['unreadable', 0]]);
  });

  it('dated long before any calendar, and far ahead, are facts all the same and hold up nothing', async () => {
    const group = randomUUID();
    const consumer = consumerOf(group, effectOf(group));
    await consumer.handle(batchOf([recordOf(1, 'old', 1, new Date(-8.64e15))]));
    await consumer.handle(batchOf([recordOf(2, 'old', 2, new Date(8.64e15))]));
    expect(await appliedBy(group, 'old')).toEqual([1, 2]);
  });

  it('that cannot even be parked leave their place and the reason, and the others of the chunk are settled', async () => {
    const group = randomUUID();
    const admin = new pg.Client(fresh.admin);
    await admin.connect();
    await admin.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.headers ? 'unkeepable' THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$`);
    await admin.query('CREATE TRIGGER refuse BEFORE INSERT ON parked_fact FOR EACH ROW EXECUTE FUNCTION refuse()');
    const consumer = consumerOf(group, effectOf(group));
    const unkeepable: LogRecord = { topic, partition: 0, position: 3n, key: 'x', headers: { unkeepable: 'yes' }, value: Buffer.from('x') };
    await consumer.handle(batchOf([recordOf(1, 'a', 1), recordOf(2, 'b', 1), unkeepable, recordOf(4, 'a', 2)]));
    await admin.query('DROP TRIGGER refuse ON parked_fact; DROP FUNCTION refuse');
    await admin.end();
    expect([await appliedBy(group, 'a'), await appliedBy(group, 'b')]).toEqual([[1, 2], [1]]);
    expect(await parkedBy(group)).toMatchObject([{ verdict: 'unreadable', reason: expect.stringContaining('not this one'), record: { position: 3n, value: null } }]);
    expect(consumer.counts).toEqual({ applied: 3, parked: 1, redelivered: 0, ignored: 0 });
  });
});
