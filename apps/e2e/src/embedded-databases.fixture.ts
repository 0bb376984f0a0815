import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const SERVICES = ['registry', 'scheduling', 'evaluation', 'risk_monitoring', 'gateway'] as const;
const PATIENCE_MS = 60_000;

/** Tries until it holds. The time it may take decides nothing but when to give up. */
export const eventually = async <T>(look: () => Promise<T>): Promise<T> => {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(100);
    }
  }
};

/** The databases of an embedded platform, looked into from behind, as its superuser. */
export class EmbeddedDatabases {
  /** @param folder the platform's data folder */
  constructor(private readonly folder: string) {}

  get port(): number {
    return Number(this.lock()[3]);
  }

  /** @throws Error while PostgreSQL is between two lives and its file names no process */
  get postgresPid(): number {
    const pid = Number.parseInt(this.lock()[0] ?? '', 10);
    if (!(pid > 1)) throw new Error('PostgreSQL names no process of its own yet');
    return pid;
  }

  async query<T extends object>(database: string, text: string, values: readonly unknown[] = []): Promise<T[]> {
    const password = readFileSync(join(this.folder, 'postgres/superuser'), 'utf8').trim();
    const socket = new Socket();
    const client = new pg.Client({ host: '127.0.0.1', port: this.port, user: 'postgres', password, database, connectionTimeoutMillis: 3_000, query_timeout: 15_000, stream: () => socket });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<T>(text, [...values])).rows;
    } finally {
      // Without goodbye: a server that was killed just then never answers one, and what stays open keeps this process from ending.
      socket.destroy();
    }
  }

  /** How many facts the log holds, by topic. */
  async logHeads(): Promise<Record<string, number>> {
    const rows = await this.query<{ topic: string; head: string }>('event_log', 'SELECT topic, head FROM log_topic ORDER BY topic');
    return Object.fromEntries(rows.map(({ topic, head }) => [topic, Number(head)]));
  }

  /** Returns when every fact is published, every consumer has seen the last one, and estimates follow the answers. */
  drained(): Promise<void> {
    return eventually(async () => {
      for (const database of SERVICES) {
        const [waiting] = await this.query<{ facts: string }>(database, 'SELECT count(*) AS facts FROM outbox WHERE published_at IS NULL').catch((error: { code?: string }) => (error.code === '42P01' ? [] : Promise.reject(error)));
        if (Number(waiting?.facts ?? 0) > 0) throw new Error(`${database} has ${waiting?.facts} facts to publish`);
      }
      const [marked] = await this.query<{ marks: string }>('evaluation', 'SELECT count(*) AS marks FROM recomputation_mark');
      if (Number(marked?.marks ?? 0) > 0) throw new Error('estimates wait to be recomputed');
      const behind = await this.query<{ who: string }>('event_log', "SELECT consumer_group || ' on ' || topic AS who FROM log_group JOIN log_topic USING (topic) WHERE log_group.position < head");
      if (behind.length > 0) throw new Error(`behind: ${behind.map(({ who }) => who).join(', ')}`);
    });
  }

  /** Rows of every table that holds a service's own state; answers kept for commands sent again, and consumers' own accounts, are not. */
  async countRows(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const database of SERVICES) {
      const tables = await this.query<{ name: string }>(
        database,
        "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name !~ '^(inbox|consumer_mark|parked_fact|command)$' ORDER BY 1",
      );
      const each = tables.map(({ name }) => `SELECT '${database}.${name}' AS name, count(*) AS rows FROM ${name}`).join(' UNION ALL ');
      for (const { name, rows } of await this.query<{ name: string; rows: string }>(database, each)) counts[name] = Number(rows);
    }
    return counts;
  }

  private lock(): string[] {
    return readFileSync(join(this.folder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n');
  }
}
