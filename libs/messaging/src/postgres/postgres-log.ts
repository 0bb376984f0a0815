import { clientOptions, type DatabaseConfig, dropIdle, isSilence } from '@common-ground/persistence';
import pg from 'pg';
import { type EventLog, type Lag, LogForgot, type LogHealth, type ReplayFrom, type ReplayOptions, type SubscribeOptions, type Subscription } from '../event-log.js';
import { headersOf, type EncodedFact } from '../fact.js';
import { wake } from '../wake.js';
import { PostgresSubscription, readAfter, topicBell } from './postgres-subscription.js';

const SMALL_READ = 500;

/** The event log on PostgreSQL, for the embedded mode and small sites. One partition a topic. */
export class PostgresLog implements EventLog {
  private readonly pool: pg.Pool;
  private readonly subscriptions = new Set<PostgresSubscription>();
  /** Of the topics that this process publishes to, as they were last seen. */
  private readonly heads = new Map<string, bigint>();

  constructor(private readonly database: DatabaseConfig) {
    this.pool = new pg.Pool({ ...clientOptions({ applicationName: 'event-log', ...database }), max: database.poolSize ?? 4 });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  private async ask<T extends pg.QueryResultRow>(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult<T>> {
    try {
      return await this.pool.query<T>(query, values);
    } catch (error) {
      if (isSilence(error)) await dropIdle(this.pool);
      throw error;
    }
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    await this.ask('INSERT INTO log_topic (topic) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [topics]);
  }

  async publish(topic: string, facts: readonly EncodedFact[]): Promise<void> {
    if (facts.length === 0) return;
    // A log that was wiped has lost its topics too: nothing may be taken for published then.
    const head = await this.append(topic, facts);
    const before = this.heads.get(topic) ?? 0n;
    this.heads.set(topic, head ?? 0n);
    if (head === undefined || head < before) throw new LogForgot(`The event log has lost the topic ${topic}.`);
    wake(topicBell(topic));
  }

  /** @returns the topic's head, or undefined when there is no such topic */
  private async append(topic: string, facts: readonly EncodedFact[]): Promise<bigint | undefined> {
    // One statement, so one transaction: the head's row lock is held until its facts are visible.
    const { rows } = await this.ask<{ head: string }>({
      name: 'publish',
      text: `
        WITH locked AS (SELECT head FROM log_topic WHERE topic = $1 FOR UPDATE),
        given AS (
          SELECT DISTINCT ON (fact_id) fact_id, key, headers, data, place
          FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::bytea[]) WITH ORDINALITY AS fact (fact_id, key, headers, data, place)
          ORDER BY fact_id, place
        ),
        fresh AS (
          SELECT given.*, row_number() OVER (ORDER BY place) AS step
          FROM given, locked
          WHERE NOT EXISTS (SELECT 1 FROM log_fact WHERE topic = $1 AND log_fact.fact_id = given.fact_id)
        ),
        appended AS (
          INSERT INTO log_fact (topic, position, fact_id, key, headers, data)
          SELECT $1, locked.head + fresh.step, fact_id, key, headers, data FROM fresh, locked
          RETURNING position
        )
        UPDATE log_topic SET head = head + (SELECT count(*) FROM appended) WHERE topic = $1 RETURNING head`,
      values: [topic, facts.map(({ id }) => id), facts.map(({ key }) => key), facts.map((fact) => JSON.stringify(headersOf(fact))), facts.map(({ data }) => Buffer.from(data))],
    });
    return rows[0] && BigInt(rows[0].head);
  }

  async head(topic: string): Promise<bigint> {
    const { rows } = await this.ask<{ head: string }>('SELECT head FROM log_topic WHERE topic = $1', [topic]);
    return BigInt(rows[0]?.head ?? 0);
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    await this.ensureTopics(options.topics);
    const subscription = new PostgresSubscription(this.database, this.pool, options);
    await subscription.start();
    this.subscriptions.add(subscription);
    return {
      heartbeatAgeMs: () => subscription.heartbeatAgeMs(),
      close: async () => {
        this.subscriptions.delete(subscription);
        await subscription.close();
      },
    };
  }

  async replay({ topics, from = { kind: 'beginning' }, signal, onBatch }: ReplayOptions): Promise<void> {
    const stopping = (): boolean => signal?.aborted ?? false;
    for (const topic of topics) {
      const end = await this.head(topic);
      for (let position = (await this.startOf(topic, from)) ?? end; position < end && !stopping(); ) {
        const records = (await readAfter(this.pool, topic, position, SMALL_READ)).filter((record) => record.position <= end);
        if (records.length === 0) break;
        await onBatch({ topic, partition: 0, records, heartbeat: async () => undefined, stopping });
        position = records.at(-1)?.position ?? end;
      }
    }
  }

  /** The position before the first fact that a replay wants; undefined when it wants none of the topic. */
  private async startOf(topic: string, from: ReplayFrom): Promise<bigint | undefined> {
    if (from.kind === 'beginning') return 0n;
    if (from.kind === 'positions') {
      const named = from.positions.find((one) => one.topic === topic);
      return named && named.position - 1n;
    }
    const { rows } = await this.pool.query<{ first: string | null }>('SELECT min(position) AS first FROM log_fact WHERE topic = $1 AND appended_at >= $2', [topic, from.moment]);
    const first = rows[0]?.first;
    return first === null || first === undefined ? undefined : BigInt(first) - 1n;
  }

  async lag(group: string, topics: readonly string[]): Promise<Lag> {
    const { rows } = await this.ask<{ facts: string; seconds: number }>(
      `SELECT coalesce(sum(head - coalesce(log_group.position, 0)), 0) AS facts,
              coalesce(max(extract(epoch FROM clock_timestamp() - (
                SELECT appended_at FROM log_fact
                WHERE log_fact.topic = log_topic.topic AND log_fact.position = coalesce(log_group.position, 0) + 1))), 0)::float8 AS seconds
       FROM log_topic LEFT JOIN log_group ON log_group.topic = log_topic.topic AND consumer_group = $1
       WHERE log_topic.topic = ANY ($2)`,
      [group, topics],
    );
    return { facts: Number(rows[0]?.facts ?? 0), seconds: rows[0]?.seconds ?? 0 };
  }

  async health(): Promise<LogHealth> {
    try {
      await this.ask('SELECT 1');
      return { healthy: true };
    } catch (error) {
      return { healthy: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  async forgetGroup(group: string): Promise<void> {
    await this.ask('DELETE FROM log_group WHERE consumer_group = $1', [group]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    this.subscriptions.clear();
    await this.pool.end();
  }
}
