import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type Scope } from '@common-ground/kernel';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { asUnavailable, isPassing, isRetriable, isSilence } from './storage-errors.js';

/** A transaction under way. Row-level security lets it touch the rows of its scope and no others. */
export type Transaction = {
  readonly manager: EntityManager;
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
    const settings = [setting(scope.missions), setting(scope.interventions), mode === 'READ ONLY' ? 'on' : 'off'];
    try {
      await runner.connect();
      await runner.startTransaction(mode === 'READ ONLY' ? 'REPEATABLE READ' : 'READ COMMITTED');
      await runner.query("SELECT set_config('app.missions', $1, true), set_config('app.interventions', $2, true), set_config('transaction_read_only', $3, true)", settings);
      const result = await work(transactionOn(runner, scope, this.name, committed));
      await runner.commitTransaction();
      for (const notify of committed) notify();
      return result;
    } catch (error) {
      if (isSilence(error)) await discard(runner, error);
      else if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release().catch(() => undefined);
    }
  }
}

/** A connection that does not answer must not go back to the pool, and a ROLLBACK on it would wait as well. */
const discard = (runner: QueryRunner, reason: unknown): Promise<void> => (runner as QueryRunner & { releasePostgresConnection(reason: unknown): Promise<void> }).releasePostgresConnection(reason);

const transactionOn = (runner: QueryRunner, scope: Scope, database: string, committed: (() => void)[]): Transaction => ({
  manager: runner.manager,
  scope,
  database,
  afterCommit: (work) => void committed.push(work),
  query: async <T>(sql: string, parameters: readonly unknown[] = []) => {
    const result = await runner.query(sql, [...parameters], true);
    return result.records as T[];
  },
});
