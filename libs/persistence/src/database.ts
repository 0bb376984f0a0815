import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type Scope } from '@common-ground/kernel';
import pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { dropIdle } from './drop-idle.js';
import { forgetPlans, planNameOf } from './prepared-plans.js';
import { asUnavailable, isPassing, isRetriable, isSilence, isStalePlan } from './storage-errors.js';

/** A transaction under way. Row-level security lets it touch the rows of its scope and no others. */
export type Transaction = {
  readonly scope: Scope;
  /** @returns the rows; for INSERT, UPDATE and DELETE those of RETURNING */
  query<T = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<T[]>;
  /** Runs once the transaction is committed, and never if it is not. Must not throw. */
  afterCommit(work: () => void): void;
  /** `host:port/database`, to tell one database from another within a process. */
  readonly database: string;
};

const ATTEMPTS = 5;
/** Closed when its transaction has ended: what was started within and goes on afterwards may open another. */
type UnderWay = { readonly source: DataSource; readonly outer: UnderWay | undefined; open: boolean };
const underWay = new AsyncLocalStorage<UnderWay>();

const nearestOpen = (): UnderWay | undefined => {
  let store = underWay.getStore();
  while (store && !store.open) store = store.outer;
  return store;
};

const isWithin = (source: DataSource): boolean => {
  for (let store = nearestOpen(); store; store = store.outer) if (store.open && store.source === source) return true;
  return false;
};

/** A name that reads as everything, or as two names, must not widen a scope. */
const setting = (names: '*' | readonly string[]): string => {
  if (names === '*') return '*';
  const odd = names.find((name) => name === '*' || name.includes(','));
  if (odd !== undefined) throw new DomainError('forbidden', 'SCOPE_INVALID', `A scope names missions and interventions one by one; ${JSON.stringify(odd.slice(0, 40))} is no such name.`);
  return names.join(',');
};

/** The only door to a service's database: every piece of work is one transaction under one scope. */
export class Database {
  private readonly name: string;

  constructor(readonly dataSource: DataSource) {
    const { host, port, database } = dataSource.options as { host?: string; port?: number; database?: string };
    this.name = `${host}:${port}/${database}`;
  }

  /** Pieces of work that wait for a connection because all of the pool's are busy. */
  get waiting(): number {
    return this.pool.waitingCount;
  }

  private get pool(): pg.Pool {
    return (this.dataSource.driver as unknown as { readonly master: pg.Pool }).master;
  }

  /**
   * Runs work in one transaction. Serialization failures and deadlocks are tried again, so the work must only touch the transaction.
   *
   * @throws DomainError `unavailable` when the server cannot be reached or is too slow; the work may then have been committed or not
   */
  run<T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.attempt(scope, 'READ WRITE', work);
  }

  /** The same, read only: a snapshot of one moment. */
  read<T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.attempt(scope, 'READ ONLY', work);
  }

  private async attempt<T>(scope: Scope, mode: 'READ WRITE' | 'READ ONLY', work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (isWithin(this.dataSource)) throw new Error('A transaction is under way already: pass its Transaction on in place of starting another, which could wait for it for ever.');
    for (let attempt = 1; ; attempt += 1) {
      const mine: UnderWay = { source: this.dataSource, outer: nearestOpen(), open: true };
      try {
        return await underWay.run(mine, () => this.once(scope, mode, work));
      } catch (error) {
        if (isRetriable(error) && attempt < ATTEMPTS) {
          await pause(attempt * 10 * (1 + (attempt % 3)));
          continue;
        }
        throw isPassing(error) ? asUnavailable(error) : error;
      } finally {
        mine.open = false;
      }
    }
  }

  private async once<T>(scope: Scope, mode: 'READ WRITE' | 'READ ONLY', work: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const committed: (() => void)[] = [];
    const begin = beginning(scope, mode);
    let client: pg.ClientBase | undefined;
    let open = true;
    try {
      client = (await runner.connect()) as pg.ClientBase;
      await client.query(begin);
      const result = await work(transactionOn({ client, isOpen: () => open, scope, database: this.name, committed }));
      open = false;
      const { command } = await client.query('COMMIT');
      // What the server answers when a statement has failed and the work went on all the same.
      if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed, and the work did not say so.');
      for (const notify of committed) notify();
      return result;
    } catch (error) {
      open = false;
      if (isStalePlan(error)) forgetPlans();
      if (isSilence(error)) await discard(runner, error).then(() => dropIdle(this.pool));
      else await client?.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      await runner.release().catch(() => undefined);
    }
  }
}

/** One round trip opens a transaction under its scope. */
const beginning = ({ missions, interventions }: Scope, mode: 'READ WRITE' | 'READ ONLY'): string =>
  `BEGIN ISOLATION LEVEL ${mode === 'READ ONLY' ? 'REPEATABLE READ' : 'READ COMMITTED'} ${mode};
   SELECT set_config('app.missions', ${pg.escapeLiteral(setting(missions))}, true), set_config('app.interventions', ${pg.escapeLiteral(setting(interventions))}, true)`;

/** A connection that does not answer must not go back to the pool, and a ROLLBACK on it would wait as well. */
const discard = (runner: QueryRunner, reason: unknown): Promise<void> => (runner as QueryRunner & { releasePostgresConnection(reason: unknown): Promise<void> }).releasePostgresConnection(reason);

type Opened = { readonly client: pg.ClientBase; readonly isOpen: () => boolean; readonly scope: Scope; readonly database: string; readonly committed: (() => void)[] };

const transactionOn = ({ client, isOpen, scope, database, committed }: Opened): Transaction => ({
  scope,
  database,
  afterCommit: (work) => void committed.push(work),
  query: async <T>(sql: string, parameters: readonly unknown[] = []) => {
    // The connection may be somebody else's by now.
    if (!isOpen()) throw new Error('This transaction has ended: what was started in it must not go on.');
    const name = parameters.length > 0 ? planNameOf(sql) : undefined;
    // Several statements at once, which no parameters can go with, answer with a list; nobody reads it.
    const { rows = [] } = (await client.query({ text: sql, values: [...parameters], ...(name ? { name } : {}) })) as { readonly rows?: unknown[] };
    return rows as T[];
  },
});
