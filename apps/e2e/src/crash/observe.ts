import type { DatabaseConfig } from '@common-ground/persistence';
import pg from 'pg';
import type { Committed, Effect } from './invariants.js';
import type { Figures } from './portfolio-fold.js';

export type Places = { readonly writer: DatabaseConfig; readonly tally: DatabaseConfig; readonly gateway: DatabaseConfig };
export type Models = { readonly live: number; readonly states: readonly string[] };

const TABLES_OF_MODELS = ['portfolio_activity', 'portfolio_month', 'portfolio_participant', 'portfolio_presence', 'portfolio_reach'];
const numbersOf = (row: Readonly<Record<string, unknown>>): Record<string, number> => Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (name === 'name' ? [] : [[name, Number(value)]])));

/** Looks into a lane's databases from behind, past all that is tested. */
export class Observer {
  private readonly pools: Readonly<Record<keyof Places, pg.Pool>>;

  constructor(places: Places) {
    const pool = (config: DatabaseConfig): pg.Pool => {
      const { host, port, user, password, database } = config;
      return new pg.Pool({ host, port, user, password, database, max: 2, connectionTimeoutMillis: 5_000, query_timeout: 20_000 }).on('error', () => undefined);
    };
    this.pools = { writer: pool(places.writer), tally: pool(places.tally), gateway: pool(places.gateway) };
  }

  committed(keys: readonly string[]): Promise<Committed[]> {
    return this.rows<Committed>('writer', `SELECT fact_id AS "factId", subject, sequence::int, type FROM outbox WHERE key = ANY ($1) ORDER BY id`, [keys]);
  }

  async unpublished(): Promise<number> {
    return this.count('writer', 'SELECT count(*) FROM outbox WHERE published_at IS NULL');
  }

  effects(group: string, keys: readonly string[]): Promise<Effect[]> {
    return this.rows<Effect>('tally', `SELECT fact_id AS "factId", subject, sequence::int FROM effect WHERE consumer_group = $1 AND key = ANY ($2) ORDER BY place`, [group, keys]);
  }

  /** Facts that a group could not apply: here there should be none. */
  async parked(): Promise<number> {
    const [tally, gateway] = await Promise.all([this.count('tally', 'SELECT count(*) FROM parked_fact'), this.count('gateway', 'SELECT count(*) FROM parked_fact')]);
    return tally + gateway;
  }

  async models(): Promise<Models> {
    const rows = await this.rows<{ model: number; state: string }>('gateway', 'SELECT model, state FROM portfolio_model ORDER BY model');
    return { live: rows.find(({ state }) => state === 'live')?.model ?? 0, states: rows.map(({ state }) => state) };
  }

  /** Rows of models that are no longer there, by table. */
  async leftovers(): Promise<string[]> {
    const counted = await Promise.all(TABLES_OF_MODELS.map(async (table) => ({ table, rows: await this.count('gateway', `SELECT count(*) FROM ${table} WHERE model NOT IN (SELECT model FROM portfolio_model)`) })));
    return counted.flatMap(({ table, rows }) => (rows > 0 ? [`${table} keeps ${rows} rows of a model that is gone`] : []));
  }

  /** What the live portfolio shows of these interventions. */
  async portfolio(keys: readonly string[]): Promise<Figures> {
    const months = await this.rows<{ name: string }>(
      'gateway',
      `SELECT 'month ' || intervention_id || ' ' || month AS name, planned, held, cancelled, cooperation_sum AS cooperation, cooperation_n AS "cooperationOf", equal_status_sum AS "equalStatus"
       FROM portfolio_month JOIN portfolio_model USING (model) WHERE state = 'live' AND intervention_id = ANY ($1::uuid[])`,
      [keys],
    );
    const reach = await this.rows<{ name: string }>('gateway', `SELECT 'reach ' || intervention_id || ' ' || side AS name, enrolled, reached FROM portfolio_reach JOIN portfolio_model USING (model) WHERE state = 'live' AND intervention_id = ANY ($1::uuid[])`, [keys]);
    return Object.fromEntries([...months, ...reach].map((row) => [row.name, numbersOf(row)]));
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.pools).map((pool) => pool.end()));
  }

  private async count(where: keyof Places, text: string): Promise<number> {
    const [row] = await this.rows<{ count: string }>(where, text);
    return Number(row?.count ?? 0);
  }

  private async rows<T extends object>(where: keyof Places, text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.pools[where].query<T>(text, [...values])).rows;
  }
}
