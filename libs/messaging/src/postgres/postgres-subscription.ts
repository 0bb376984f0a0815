import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseConfig } from '@common-ground/persistence';
import type pg from 'pg';
import type { SubscribeOptions } from '../event-log.js';
import type { LogRecord } from '../fact.js';
import { openLockSession } from '../lock-session.js';
import { sleepUntilWoken } from '../wake.js';

const READ = 500;
/** A read ends with the record that comes to so many bytes: at least one, however large, and never all that lies there. */
const READ_BYTES = 4 * 1024 * 1024;
const IDLE_POLL_MS = 200;
const STANDBY_MS = 500;

type Queryable = Pick<pg.Pool, 'query'>;
type FactRow = { position: string; key: string; headers: unknown; data: Buffer | null };

/** The name under which whoever publishes in this process wakes those who read a topic. */
export const topicBell = (topic: string): string => `topic:${topic}`;

/** Anyone may have written them: what is no text is left out. */
const headersIn = (headers: unknown): LogRecord['headers'] =>
  Object.fromEntries(Object.entries(typeof headers === 'object' && headers !== null ? headers : {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

export const readAfter = async (client: Queryable, topic: string, position: bigint, limit: number): Promise<LogRecord[]> => {
  const { rows } = await client.query<FactRow>({
    name: 'read-after',
    text: `SELECT position, key, headers, data FROM (
             SELECT position, key, headers, data, coalesce(sum(octet_length(data)) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
             FROM log_fact WHERE topic = $1 AND position > $2 ORDER BY position LIMIT $3
           ) AS next WHERE bytes_before < $4 ORDER BY position`,
    values: [topic, position.toString(), limit, READ_BYTES],
  });
  return rows.map((row) => ({ topic, partition: 0, position: BigInt(row.position), key: row.key, headers: headersIn(row.headers), value: row.data }));
};

/** Whether a read came to the end of its topic, as far as it can tell. */
const isAll = (records: readonly LogRecord[]): boolean => records.length < READ && records.reduce((bytes, { value }) => bytes + (value?.byteLength ?? 0), 0) < READ_BYTES;

/**
 * One member of a consumer group. A session advisory lock per group and topic makes one member read;
 * the others stand by and take over when its connection ends.
 */
export class PostgresSubscription {
  private readonly closing = new AbortController();
  private readonly readers: Promise<void>[] = [];
  private readonly starts = new Map<string, bigint>();
  /** By a clock that nobody sets. */
  private aliveAt = performance.now();

  constructor(
    private readonly database: DatabaseConfig,
    private readonly pool: pg.Pool,
    private readonly options: SubscribeOptions,
  ) {}

  async start(): Promise<void> {
    if (this.options.from === 'latest') {
      const { rows } = await this.pool.query<{ topic: string; head: string }>('SELECT topic, head FROM log_topic WHERE topic = ANY ($1)', [this.options.topics]);
      for (const { topic, head } of rows) this.starts.set(topic, BigInt(head));
    }
    for (const topic of this.options.topics) this.readers.push(this.run(topic));
  }

  heartbeatAgeMs(): number {
    return performance.now() - this.aliveAt;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.readers);
  }

  private get closed(): boolean {
    return this.closing.signal.aborted;
  }

  private async run(topic: string): Promise<void> {
    while (!this.closed) {
      try {
        await (this.options.from === 'latest' ? this.follow(topic) : this.session(topic));
      } catch {
        // The log is away: its health says so, and the position is where it was.
      }
      if (!this.closed) await pause(STANDBY_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  /** A live feed: everything from now on, no group, no position. */
  private async follow(topic: string): Promise<void> {
    while (!this.closed) {
      const records = await this.next(this.pool, topic, this.starts.get(topic) ?? 0n);
      if (records.length > 0) {
        await this.deliver(topic, records);
        this.starts.set(topic, records.at(-1)?.position ?? 0n);
      }
      if (isAll(records)) await sleepUntilWoken([topicBell(topic)], IDLE_POLL_MS, this.closing.signal);
    }
  }

  private async session(topic: string): Promise<void> {
    const { group } = this.options;
    const { client, end } = await openLockSession(this.database, group.slice(0, 60));
    try {
      while (!(await holdsLock(client, group, topic))) {
        if (this.closed) return;
        this.alive();
        await pause(STANDBY_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
      const { rows } = await client.query<{ position: string }>('SELECT position FROM log_group WHERE consumer_group = $1 AND topic = $2', [group, topic]);
      await this.read(client, topic, BigInt(rows[0]?.position ?? 0));
    } finally {
      await end();
    }
  }

  private async read(client: pg.Client, topic: string, from: bigint): Promise<void> {
    let position = from;
    while (!this.closed) {
      const records = await this.next(client, topic, position);
      if (records.length > 0) {
        await this.deliver(topic, records);
        // A batch that was cut short by closing is read again; the inbox knows what was applied.
        if (this.closed) return;
        position = records.at(-1)?.position ?? position;
        await client.query({
          name: 'move-group',
          text: `INSERT INTO log_group (consumer_group, topic, position) VALUES ($1, $2, $3)
                 ON CONFLICT (consumer_group, topic) DO UPDATE SET position = excluded.position, moved_at = now()`,
          values: [this.options.group, topic, position.toString()],
        });
      }
      if (isAll(records)) await sleepUntilWoken([topicBell(topic)], IDLE_POLL_MS, this.closing.signal);
    }
  }

  private async next(client: Queryable, topic: string, position: bigint): Promise<LogRecord[]> {
    const records = await readAfter(client, topic, position, READ);
    this.alive();
    return records;
  }

  private async deliver(topic: string, records: readonly LogRecord[]): Promise<void> {
    await this.options.onBatch({ topic, partition: 0, records, heartbeat: async () => this.alive(), stopping: () => this.closed });
    this.alive();
  }

  private alive(): void {
    this.aliveAt = performance.now();
  }
}

const holdsLock = async (client: pg.Client, group: string, topic: string): Promise<boolean> => {
  const key = createHash('sha256').update(`${group}\0${topic}`).digest().readBigInt64BE().toString();
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1::bigint) AS locked', [key]);
  return rows[0]?.locked ?? false;
};
