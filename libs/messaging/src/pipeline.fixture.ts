import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { createDataSource, Database, type DatabaseConfig, sqlStateOf } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { appendToOutbox, type EventLog, FactConsumer, type FactHandler, keepSubscribed, messagingMigrations, Relay, type Subscription } from './index.js';

const TYPE = 'test.v1.Counted';
export const effects = { name: '1790000000950-effect', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, fact_id uuid NOT NULL, subject text NOT NULL, sequence bigint NOT NULL)' };
const WRITERS = 4;
/** I6 gives 30 s once the broken part is well; a machine that runs much else beside the tests gets three times as long. */
const RECOVERY_MS = 90_000;
const results = join(import.meta.dirname, '../../../.test-results');

type Effect = { readonly fact_id: string; readonly subject: string; readonly sequence: number };

export type PipelineOptions = {
  readonly openLog: () => EventLog;
  /** How the service reaches its database, when not straight. */
  readonly through?: (database: DatabaseConfig) => DatabaseConfig;
  readonly fresh?: FreshDatabase;
  readonly handler?: FactHandler;
};

/** A machine that is busy may take longer to let somebody in than a service waits at a time. */
const connected = async (database: DatabaseConfig): Promise<DataSource> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await createDataSource(database, []).initialize();
    } catch (error) {
      if (tries === 10) throw error;
      await pause(500);
    }
  }
};

/** Writers, outbox, relay, log, consumer and effect, with a journal of what was acknowledged: whatever breaks between them. */
export class Pipeline {
  readonly topic = `test.${randomUUID()}`;
  readonly group = `group-${randomUUID()}`;
  readonly acknowledged: string[] = [];
  private readonly inDoubt: string[] = [];
  private readonly opened: { close(): Promise<void> }[] = [];
  private writers: Promise<void>[] = [];
  private writing = false;

  private constructor(
    private readonly options: PipelineOptions,
    readonly fresh: FreshDatabase,
    private readonly source: DataSource,
    readonly service: DatabaseConfig,
    private readonly admin: pg.Pool,
  ) {}

  static async start(options: PipelineOptions): Promise<Pipeline> {
    const fresh = options.fresh ?? (await freshDatabase({ service: 'messaging', migrations: [...messagingMigrations, effects] }));
    const service = options.through?.(fresh.app) ?? fresh.app;
    const source = await connected({ ...service, applicationName: 'pipeline-service' });
    const admin = new pg.Pool({ ...fresh.admin, max: 2 });
    admin.on('error', () => undefined);
    const pipeline = new Pipeline(options, fresh, source, service, admin);
    pipeline.addRelay();
    await pipeline.addConsumer();
    pipeline.write();
    await pipeline.flows();
    return pipeline;
  }

  get database(): Database {
    return new Database(this.source);
  }

  /** Each relay has a log client of its own, as in a service of its own. */
  addRelay(): Relay {
    const log = this.options.openLog();
    const relay = new Relay({ database: this.service, log, topic: this.topic, source: 'pipeline', onTrouble: () => undefined });
    relay.start();
    this.opened.push({ close: () => relay.close().then(() => log.close()) });
    return relay;
  }

  async addConsumer(): Promise<{ readonly consumer: FactConsumer; readonly subscription: Subscription; close(): Promise<void> }> {
    const { group, topic } = this;
    const log = this.options.openLog();
    const source = await connected({ ...this.service, poolSize: 3, applicationName: 'pipeline-consumer' });
    const handler: FactHandler = async (fact, context) => {
      await this.options.handler?.(fact, context);
      await context.tx.query('INSERT INTO effect (fact_id, subject, sequence) VALUES ($1, $2, $3)', [fact.id, fact.subject, fact.sequence]);
    };
    const consumer = new FactConsumer({ group, database: new Database(source), handlers: new Map([[TYPE, handler]]), decode: (_type, bytes) => Buffer.from(bytes).toString() });
    const subscription = await keepSubscribed(log, { group, topics: [topic], from: 'earliest', onBatch: (batch) => consumer.handle(batch) }, () => undefined);
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= subscription.close().then(() => log.close()).then(() => source.destroy()));
    this.opened.push({ close });
    return { consumer, subscription, close };
  }

  /** Several writers, each with an aggregate of its own and a version at a time, until told to stop. */
  write(): void {
    this.writing = true;
    this.writers = Array.from({ length: WRITERS }, () => this.writer(randomUUID()));
  }

  async stopWriting(): Promise<void> {
    this.writing = false;
    await Promise.all(this.writers.splice(0));
  }

  private async writer(subject: string): Promise<void> {
    for (let sequence = 1; this.writing; sequence += 1) {
      if (!(await this.state(subject, sequence, () => this.writing))) return;
      await pause(10);
    }
  }

  /** As a client does: the same again until it is acknowledged. */
  private async state(subject: string, sequence: number, goOn: () => boolean): Promise<string | undefined> {
    const id = randomUUID();
    for (;;) {
      const done = await this.database
        .run(EVERYTHING, (tx) => appendToOutbox(tx, [{ id, type: TYPE, key: subject, subject, sequence, mission: 'PE', data: Buffer.from('x') }]))
        // Its version is taken: an earlier try was committed, though nobody heard of it.
        .then(() => true, (error: unknown) => sqlStateOf(error) === '23505');
      if (done) this.acknowledged.push(id);
      if (done) return id;
      if (!goOn()) break;
      await pause(100);
    }
    this.inDoubt.push(id);
    return undefined;
  }

  async applied(): Promise<Effect[]> {
    const { rows } = await this.admin.query<Effect>('SELECT fact_id, subject, sequence::integer AS sequence FROM effect ORDER BY place');
    return rows;
  }

  /** A fact stated from now on takes effect. @returns the milliseconds until it did */
  async flows(patienceMs = 120_000): Promise<number> {
    const began = performance.now();
    const late = (): boolean => performance.now() - began > patienceMs;
    const id = await this.state(randomUUID(), 1, () => !late());
    while (id === undefined || !(await this.has(id))) {
      if (late()) throw new Error(`nothing has taken effect for ${patienceMs} ms`);
      await pause(25);
    }
    return performance.now() - began;
  }

  private async has(id: string): Promise<boolean> {
    const { rowCount } = await this.admin.query('SELECT 1 FROM effect WHERE fact_id = $1', [id]).catch(() => ({ rowCount: 0 }));
    return rowCount === 1;
  }

  /** I6: called when the broken part is well again. The time goes to `.test-results/recovery.jsonl` as well. */
  async recovers(fault: string): Promise<void> {
    const milliseconds = await this.flows();
    mkdirSync(results, { recursive: true });
    appendFileSync(join(results, 'recovery.jsonl'), `${JSON.stringify({ fault, milliseconds: Math.round(milliseconds) })}\n`);
    expect(milliseconds).toBeLessThan(RECOVERY_MS);
  }

  /** I1, I2, I3, I4: all that was acknowledged has taken effect, once, and each aggregate's versions in order without a gap. */
  async check(): Promise<void> {
    await this.stopWriting();
    const until = performance.now() + 60_000;
    const missing = async (): Promise<number> => {
      const seen = new Set((await this.applied()).map(({ fact_id }) => fact_id));
      return this.acknowledged.filter((id) => !seen.has(id)).length;
    };
    while ((await missing()) > 0 && performance.now() < until) await pause(50);
    const seen = await this.applied();
    const ids = seen.map(({ fact_id }) => fact_id);
    expect(await missing()).toBe(0);
    expect(new Set(ids).size).toBe(ids.length);
    const told = new Set([...this.acknowledged, ...this.inDoubt]);
    expect(ids.filter((id) => !told.has(id))).toEqual([]);
    for (const subject of new Set(seen.map((one) => one.subject))) {
      const versions = seen.filter((one) => one.subject === subject).map(({ sequence }) => sequence);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
    const { rows } = await this.admin.query('SELECT reason FROM parked_fact');
    expect(rows).toEqual([]);
  }

  async close(): Promise<void> {
    await this.stopWriting();
    await Promise.all(this.opened.splice(0).map((one) => one.close()));
    await this.source.destroy().catch(() => undefined);
    await this.admin.end();
    await this.fresh.drop();
  }
}
