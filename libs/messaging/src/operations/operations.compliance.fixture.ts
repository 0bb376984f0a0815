import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Caller, EVERYTHING, ROLES } from '@common-ground/kernel';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import type { DataSource } from 'typeorm';
import { eventually, fact } from '../event-log.compliance.fixture.js';
import { type EncodedFact, type EventLog, type Fact, type FactContext, FactTransport, messagingMigrations, Operations, PoisonFact, RunningConsumers } from '../index.js';

const effects = { name: '1790000000950-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, fact_id uuid, quiet boolean)' };
const administrator: Caller = { subject: 'the-administrator', roles: ['administrator'], scope: EVERYTHING };
const listed = { consumer: '', key: '', first: 100, after: '' };

/** What an operator can see and do alike on both transports; `open` gives a log. */
export const operationsCompliance = (name: string, open: () => Promise<EventLog>): void => {
  describe(`the operator's hand on ${name}`, () => {
    let log: EventLog;
    let fresh: FreshDatabase;
    let source: DataSource;
    let database: Database;
    let topic: string;
    let service: string;
    let transport: FactTransport;
    let hand: Operations;
    let mended: boolean;

    beforeAll(async () => {
      log = await open();
    }, 120_000);
    afterAll(() => log?.close());
    beforeEach(async () => {
      fresh = await freshDatabase({ service: 'messaging', migrations: [...messagingMigrations, effects] });
      source = await createDataSource(fresh.app, []).initialize();
      database = new Database(source);
      topic = `test.${randomUUID()}`;
      await log.ensureTopics([topic]);
      service = `service-${randomUUID().replace(/\d/g, 'x')}`;
      mended = false;
      transport = new FactTransport({ group: service, topics: [topic], log, database, decode: (_type, bytes) => ({ says: Buffer.from(bytes).toString() }), onTrouble: () => undefined });
      transport.addHandler('test.v1.Counted', async (given: unknown, context: unknown) => handle(given as Fact<{ says: string }>, context as FactContext), true);
      hand = new Operations({ service, database, log, consumers: new RunningConsumers(transport), decode: (_type, bytes) => ({ says: Buffer.from(bytes).toString() }) });
    });
    afterEach(async () => {
      await hand.beforeApplicationShutdown();
      await transport.close();
      await source.destroy();
      await fresh.drop();
    });

    const handle = async ({ id, data }: Fact<{ says: string }>, { tx, quiet }: FactContext): Promise<void> => {
      if (data.says === 'poison' && !mended) throw new PoisonFact('breaks its contract');
      await tx.query('INSERT INTO effect (fact_id, quiet) VALUES ($1, $2)', [id, quiet]);
    };
    const consume = (): Promise<void> => new Promise((resolve, reject) => transport.listen((error) => (error ? reject(error) : resolve())));
    const query = <T>(sql: string): Promise<T[]> => database.run(EVERYTHING, (tx) => tx.query<T>(sql));
    const applied = async (): Promise<string[]> => (await query<{ fact_id: string }>('SELECT fact_id FROM effect ORDER BY place')).map(({ fact_id }) => fact_id);
    const audit = () => query<{ actor: string; action: string; reason: string }>('SELECT actor, action, reason FROM operator_action ORDER BY id');
    const poison = (key = 'bad'): EncodedFact => fact({ key, data: Buffer.from('poison') });
    const behind = (key = 'bad'): EncodedFact[] => [1, 2].map((sequence) => fact({ key, sequence }));

    /** A poisonous fact with two behind it, parked. */
    const parkThree = async (key = 'bad'): Promise<{ facts: EncodedFact[]; ids: string[] }> => {
      const facts = [poison(key), ...behind(key)];
      await log.publish(topic, facts);
      await consume();
      await eventually(async () => (await hand.listParkedFacts(listed, administrator)).totalCount === 3, 'three parked');
      return { facts, ids: (await hand.listParkedFacts(listed, administrator)).facts.map(({ id }) => id) };
    };

    it('tells how far everything is behind', async () => {
      await database.run(EVERYTHING, (tx) => tx.query(`INSERT INTO outbox (fact_id, type, key, subject, sequence, mission, quiet, data) VALUES (gen_random_uuid(), 't', 'k', 's', 1, 'PE', false, '')`));
      await parkThree();
      await eventually(async () => (await hand.getLag(administrator)).consumers[0]?.facts === 0, 'nothing behind');
      expect(await hand.getLag(administrator)).toEqual({
        service,
        unpublished: 1,
        oldestUnpublishedSeconds: expect.any(Number),
        consumers: [{ consumer: service, topics: [topic], facts: 0, seconds: 0, parkedFacts: 3, parkedKeys: 1, redeliveries: expect.any(Number), rebuilding: false }],
      });
    });

    it('shows what is parked page by page, and one with its headers, its content and its history', async () => {
      const { facts, ids } = await parkThree();
      const { facts: rest } = await hand.listParkedFacts({ ...listed, first: 2, after: ids[0] ?? '' }, administrator);
      expect(rest.map(({ id, verdict }) => [id, verdict])).toEqual([[ids[1], 'waiting'], [ids[2], 'waiting']]);
      expect((await hand.listParkedFacts({ ...listed, key: 'other' }, administrator)).facts).toEqual([]);

      const commandId = randomUUID();
      await hand.retryParkedFact({ commandId, id: ids[0] ?? '', reason: 'tried by hand' }, administrator);
      const shown = await hand.getParkedFact({ id: ids[0] ?? '' }, administrator);
      expect(shown).toMatchObject({
        id: ids[0],
        state: 'parked',
        fact: { consumer: service, key: 'bad', verdict: 'poison', reason: 'PoisonFact: breaks its contract', attempts: 2, factId: facts[0]?.id, position: expect.stringMatching(new RegExp(`^${topic}/\\d+/\\d+$`)) },
        headers: { ce_id: facts[0]?.id, ce_mission: 'PE' },
        content: '{"says":"poison"}',
        bytes: 6,
        history: [{ actor: 'the-administrator', action: 'retry', reason: 'tried by hand' }, { action: 'failed', reason: 'PoisonFact: breaks its contract' }],
      });
    });

    it('applies the key of a fact in order, and again is the same', async () => {
      const { facts, ids } = await parkThree();
      const command = { commandId: randomUUID(), id: ids[1] ?? '', reason: '' };
      const release = { consumer: service, key: 'bad', heldBy: '', heldByReason: '' };
      expect(await hand.retryParkedFact(command, administrator)).toEqual({ state: 'parked', release: { ...release, applied: 0, left: 3, heldBy: ids[0], heldByReason: 'PoisonFact: breaks its contract' } });
      mended = true;
      const done = { state: 'applied', release: { ...release, applied: 3, left: 0 } };
      expect(await hand.retryParkedFact(command, administrator)).toEqual(done);
      expect(await hand.retryParkedFact(command, administrator)).toEqual(done);
      // Another command finds it done, and does nothing.
      expect(await hand.retryParkedFact({ ...command, commandId: randomUUID() }, administrator)).toEqual({ state: 'applied', release: { ...release, applied: 0, left: 0 } });
      expect(await applied()).toEqual(facts.map(({ id }) => id));
      expect((await audit()).map(({ action }) => action)).toEqual(['retry', 'failed', 'applied', 'applied', 'applied']);
      expect(await hand.getParkedFact({ id: ids[0] ?? '' }, administrator)).toMatchObject({ state: 'applied', fact: undefined, history: [{ action: 'retry' }, { action: 'failed' }, { action: 'applied', actor: 'the-administrator' }] });
      await expect(hand.discardParkedFact({ commandId: randomUUID(), id: ids[0] ?? '', reason: 'late' }, administrator)).rejects.toMatchObject({ code: 'PARKED_FACT_APPLIED' });
    });

    it('lets a key go wherever it is held back, and knows a key from a slip of the pen', async () => {
      await parkThree('held');
      mended = true;
      const command = { commandId: randomUUID(), key: 'held', consumer: '', reason: 'mended' };
      expect(await hand.retryParkedKey(command, administrator)).toEqual({ known: true, releases: [{ consumer: service, key: 'held', applied: 3, left: 0, heldBy: '', heldByReason: '' }] });
      expect(await hand.retryParkedKey(command, administrator)).toEqual({ known: true, releases: [] });
      expect(await hand.retryParkedKey({ ...command, commandId: randomUUID(), key: 'hold' }, administrator)).toEqual({ known: false, releases: [] });
      expect(await audit()).toEqual(['retry', 'applied', 'applied', 'applied'].map((action) => ({ actor: 'the-administrator', action, reason: 'mended' })));
    });

    it('gives a fact up with a reason and lets the rest go; again is the same, and it stays given up', async () => {
      const { facts, ids } = await parkThree();
      const command = { commandId: randomUUID(), id: ids[0] ?? '', reason: 'made by mistake' };
      await expect(hand.discardParkedFact({ ...command, reason: ' ' }, administrator)).rejects.toMatchObject({ code: 'REASON_MISSING', details: { path: ['reason'] } });
      expect(await audit()).toEqual([]);
      const done = { discarded: { at: expect.any(Date), actor: 'the-administrator', action: 'discard', reason: 'made by mistake' }, release: { consumer: service, key: 'bad', applied: 2, left: 0, heldBy: '', heldByReason: '' } };
      expect(await hand.discardParkedFact(command, administrator)).toEqual(done);
      expect(await hand.discardParkedFact(command, administrator)).toEqual(done);
      const other = await hand.discardParkedFact({ commandId: randomUUID(), id: command.id, reason: 'another' }, { ...administrator, subject: 'somebody else' });
      expect(other).toMatchObject({ discarded: done.discarded, release: { applied: 0 } });
      await expect(hand.retryParkedFact({ commandId: randomUUID(), id: command.id, reason: '' }, administrator)).rejects.toMatchObject({ code: 'PARKED_FACT_DISCARDED', message: expect.stringContaining('made by mistake') });
      expect(await applied()).toEqual(facts.slice(1).map(({ id }) => id));
      expect((await audit()).map(({ action }) => action)).toEqual(['discard', 'applied', 'applied']);
    });

    const replayed = async (from: string, commandId = randomUUID()) => {
      await hand.replayConsumer({ commandId, consumer: service, from, reason: 'the database was restored' }, administrator);
      await eventually(async () => (await hand.getReplay({ consumer: service }, administrator)).replay?.state !== 'running', 'replayed');
      return (await hand.getReplay({ consumer: service }, administrator)).replay;
    };

    it('replays to a consumer what it has missed, skips what it has applied, and alerts nobody', async () => {
      const early = [1, 2, 3].map((sequence) => fact({ sequence }));
      await log.publish(topic, early);
      await consume();
      await eventually(async () => (await applied()).length === 3, 'the first three');
      const moment = new Date().toISOString();
      const late = [4, 5].map((sequence) => fact({ sequence }));
      await log.publish(topic, late);
      await eventually(async () => (await applied()).length === 5, 'all five');
      // As after its database was restored to a time before the last two, while the log's position stayed.
      await query(`DELETE FROM effect WHERE fact_id IN ('${late.map(({ id }) => id).join("','")}')`);
      await query(`DELETE FROM inbox WHERE fact_id IN ('${late.map(({ id }) => id).join("','")}')`);
      await query('DELETE FROM consumer_mark');

      const commandId = randomUUID();
      expect(await replayed(moment, commandId)).toMatchObject({ commandId, consumer: service, from: moment, state: 'done', read: 2, applied: 2, skipped: 0, actor: 'the-administrator' });
      expect(await query('SELECT quiet FROM effect ORDER BY place')).toEqual([false, false, false, true, true].map((quiet) => ({ quiet })));
      expect(await replayed('beginning')).toMatchObject({ state: 'done', read: 5, applied: 0, skipped: 5 });
      // The first command again begins nothing.
      expect(await hand.replayConsumer({ commandId, consumer: service, from: moment, reason: 'the database was restored' }, administrator)).toMatchObject({ replay: { commandId, state: 'done', read: 2 } });
      expect(await applied()).toEqual([...early, ...late].map(({ id }) => id));
      expect((await audit()).map(({ action, reason }) => [action, reason])).toEqual([
        ['replay', 'the database was restored'],
        ['replay-ended', 'done: 2 read, 2 applied, 0 skipped, 0 parked'],
        ['replay', 'the database was restored'],
        ['replay-ended', 'done: 5 read, 0 applied, 5 skipped, 0 parked'],
      ]);
    });

    it('alerts nobody either when what a replay parked is tried again', async () => {
      await consume();
      const one = poison();
      mended = true;
      await log.publish(topic, [one]);
      await eventually(async () => (await applied()).length === 1, 'applied');
      await query('DELETE FROM effect');
      await query('DELETE FROM inbox');
      mended = false;
      expect(await replayed('beginning')).toMatchObject({ state: 'done', parked: 1 });
      mended = true;
      await hand.retryParkedKey({ commandId: randomUUID(), key: 'bad', consumer: '', reason: '' }, administrator);
      expect(await query('SELECT quiet FROM effect')).toEqual([{ quiet: true }]);
    });

    it('starts a replay at a fact’s own position', async () => {
      const { ids } = await parkThree();
      const { fact: last } = await hand.getParkedFact({ id: ids[2] ?? '' }, administrator);
      expect(await replayed(last?.position ?? '')).toMatchObject({ state: 'done', read: 1 });
    });

    it('refuses what makes no sense, naming the field and the way out', async () => {
      await consume();
      const commandId = randomUUID();
      const refusals: [Promise<unknown>, string, string][] = [
        [hand.getParkedFact({ id: '42' }, administrator), 'PARKED_ID_INVALID', 'id'],
        [hand.getParkedFact({ id: 'elsewhere:42' }, administrator), 'PARKED_ID_INVALID', 'id'],
        [hand.getParkedFact({ id: `${service}:999999` }, administrator), 'PARKED_FACT_UNKNOWN', 'id'],
        [hand.retryParkedFact({ commandId, id: `${service}:999999`, reason: '' }, administrator), 'PARKED_FACT_UNKNOWN', 'id'],
        [hand.discardParkedFact({ commandId, id: `${service}:999999`, reason: 'why' }, administrator), 'PARKED_FACT_UNKNOWN', 'id'],
        [hand.retryParkedKey({ commandId, key: ' ', consumer: '', reason: '' }, administrator), 'KEY_MISSING', 'key'],
        [hand.listParkedFacts({ ...listed, first: 101 }, administrator), 'PAGE_SIZE_INVALID', 'page'],
        [hand.listParkedFacts({ ...listed, after: 'x' }, administrator), 'PARKED_ID_INVALID', 'after'],
        [hand.replayConsumer({ commandId, consumer: 'nobody', from: 'beginning', reason: '' }, administrator), 'CONSUMER_UNKNOWN', 'consumer'],
        [hand.getReplay({ consumer: 'nobody' }, administrator), 'CONSUMER_UNKNOWN', 'consumer'],
        [hand.replayConsumer({ commandId, consumer: service, from: 'noon', reason: '' }, administrator), 'REPLAY_FROM_INVALID', 'from'],
        [hand.replayConsumer({ commandId: 'no id', consumer: service, from: 'beginning', reason: '' }, administrator), 'COMMAND_ID_INVALID', 'commandId'],
      ];
      for (const [refused, code, path] of refusals) await expect(refused).rejects.toMatchObject({ code, details: { path: expect.arrayContaining([path]) } });
      await replayed('beginning', commandId);
      await expect(hand.replayConsumer({ commandId, consumer: service, from: '2020-01-01T00:00:00Z', reason: '' }, administrator)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    });

    it('is for administrators alone', async () => {
      for (const role of ROLES.filter((one) => one !== 'administrator')) {
        const caller: Caller = { subject: role, roles: [role], scope: EVERYTHING };
        const commandId = randomUUID();
        const tries = [
          hand.getLag(caller),
          hand.listParkedFacts(listed, caller),
          hand.getParkedFact({ id: `${service}:1` }, caller),
          hand.retryParkedFact({ commandId, id: `${service}:1`, reason: '' }, caller),
          hand.retryParkedKey({ commandId, key: 'bad', consumer: '', reason: '' }, caller),
          hand.discardParkedFact({ commandId, id: `${service}:1`, reason: 'why' }, caller),
          hand.replayConsumer({ commandId, consumer: service, from: 'beginning', reason: '' }, caller),
          hand.getReplay({ consumer: service }, caller),
        ];
        for (const refused of tries) await expect(refused).rejects.toMatchObject({ kind: 'forbidden', code: 'ROLE_MISSING' });
      }
      expect(await audit()).toEqual([]);
    });
  });
};
