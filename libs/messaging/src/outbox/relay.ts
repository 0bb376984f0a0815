import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseConfig } from '@common-ground/persistence';
import type pg from 'pg';
import { type EventLog, LogForgot } from '../event-log.js';
import type { EncodedFact } from '../fact.js';
import { openLockSession } from '../lock-session.js';
import { sleepUntilWoken } from '../wake.js';
import { outboxBell } from './outbox-bell.js';
import { republish } from './republish.js';

export type RelayOptions = {
  readonly database: DatabaseConfig;
  readonly log: EventLog;
  readonly topic: string;
  readonly source: string;
  readonly onTrouble: (error: unknown) => void;
  /** The log had lost what it took, and is given it again. */
  readonly onFedAgain?: (facts: number) => void;
};

type OutboxRow = { id: string; fact_id: string; type: string; key: string; subject: string; sequence: string; mission: string; quiet: boolean; traceparent: string | null; data: Buffer; recorded_at: Date };

const LOCK = 7_239_002;
const BATCH = 500;
/** A batch ends with the fact that comes to so many bytes. */
const BATCH_BYTES = 4 * 1024 * 1024;
const NEXT_TO_PUBLISH = `
  SELECT * FROM (
    SELECT *, coalesce(sum(octet_length(data)) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
    FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT ${BATCH}
  ) AS next WHERE bytes_before < ${BATCH_BYTES} ORDER BY id`;
const BUSY_POLL_MS = 25;
const IDLE_POLL_MS = 400;
const RETRY_MS = 500;
const KEEP_HOURS = 72;
const SWEEP_EVERY_MS = 10 * 60_000;
const SWEEP = 5_000;

/**
 * Carries facts from one database's outbox to the log, in order, at least once.
 * A log that has lost what it took is fed again with everything that the outbox keeps, before anything new.
 * Any number may run: a session advisory lock lets one work, and another takes over when its connection ends.
 */
export class Relay {
  private readonly closing = new AbortController();
  private running: Promise<void> | undefined;
  private forgotten = false;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Publishes what is under way, then stops. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private get closed(): boolean {
    return this.closing.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      try {
        await this.session();
      } catch (error) {
        this.forgotten ||= error instanceof LogForgot;
        if (!this.closed) this.options.onTrouble(error);
      }
      if (!this.closed) await pause(RETRY_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  /** One connection's worth of work: it ends when the connection or the log fails, or when the relay closes. */
  private async session(): Promise<void> {
    const { client, end } = await openLockSession(this.options.database, `${this.options.source}-relay`);
    try {
      while (!(await this.holdsLock(client))) {
        if (this.closed) return;
        await pause(RETRY_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
      await this.meetLog(client);
      await this.carry(client);
    } finally {
      await end();
    }
  }

  private async holdsLock(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK]);
    return rows[0]?.locked ?? false;
  }

  /** An empty log beside an outbox whose facts were published is one that was wiped. */
  private async meetLog(client: pg.Client): Promise<void> {
    const { log, topic, onFedAgain } = this.options;
    await log.ensureTopics([topic]);
    if (!this.forgotten && (await log.head(topic)) > 0n) return;
    const facts = await republish(client, new Date(0));
    this.forgotten = false;
    if (facts > 0) onFedAgain?.(facts);
  }

  private async carry(client: pg.Client): Promise<void> {
    let sweptAt = Number.NEGATIVE_INFINITY;
    while (!this.closed) {
      const { rows } = await client.query<OutboxRow>({ name: 'unpublished', text: NEXT_TO_PUBLISH });
      if (rows.length > 0) {
        await this.options.log.publish(this.options.topic, rows.map((row) => this.factOf(row)));
        await client.query({ name: 'published', text: 'UPDATE outbox SET published_at = now() WHERE id = ANY ($1::bigint[])' , values: [rows.map(({ id }) => id)] });
      }
      if (performance.now() - sweptAt > SWEEP_EVERY_MS) {
        const { rowCount } = await client.query(`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE published_at < now() - interval '${KEEP_HOURS} hours' ORDER BY published_at LIMIT ${SWEEP})`);
        // Between batches of facts, until nothing old is left.
        if ((rowCount ?? 0) < SWEEP) sweptAt = performance.now();
      }
      const { host, port, database } = this.options.database;
      if (isAll(rows)) await sleepUntilWoken([outboxBell(`${host}:${port}/${database}`)], rows.length > 0 ? BUSY_POLL_MS : IDLE_POLL_MS, this.closing.signal);
    }
  }

  private factOf(row: OutboxRow): EncodedFact {
    return {
      id: row.fact_id,
      type: row.type,
      source: this.options.source,
      time: row.recorded_at,
      key: row.key,
      subject: row.subject,
      sequence: Number(row.sequence),
      mission: row.mission,
      quiet: row.quiet,
      traceparent: row.traceparent ?? undefined,
      data: row.data,
    };
  }
}

/** Whether nothing more is to be carried, as far as a batch can tell. */
const isAll = (rows: readonly OutboxRow[]): boolean => rows.length < BATCH && rows.reduce((bytes, { data }) => bytes + data.byteLength, 0) < BATCH_BYTES;

/** How many facts are not published yet, and the age in seconds of the oldest; 0 when all are. */
export const UNPUBLISHED = 'SELECT count(*)::integer AS facts, coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0)::float8 AS seconds FROM outbox WHERE published_at IS NULL';
