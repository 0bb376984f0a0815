import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { decodeFact, TOPICS } from '@common-ground/contracts';
import { DomainError, EVERYTHING } from '@common-ground/kernel';
import { type Batch, EVENT_LOG, FactConsumer, type EventLog, type Follower, keepSubscribed, type RunningConsumer, type Subscription } from '@common-ground/messaging';
import { Database, once } from '@common-ground/persistence';
import { PortfolioReads } from './portfolio-reads.js';
import { PORTFOLIO_TABLES } from './portfolio.migrations.js';
import { handlersFor } from './projection/projection.js';
import { PORTFOLIO_PROJECTION } from './projection/portfolio-projection.js';

type Folding = { readonly model: number; readonly subscription: Subscription; readonly consumer: FactConsumer };
export type Rebuild = { readonly model: number; readonly state: 'none' | 'building' | 'swapped' | 'failed'; readonly behind: number; readonly why: string | null };

const ALL_TOPICS = Object.values(TOPICS);
const CHECK_EVERY_MS = 200;
/** A rebuild folds so many facts, then lets reads go first, for so long at most. */
const SLICE = 300;
const PATIENCE_MS = 250;
/** Rows that one statement deletes of a model that nobody reads any more. */
const PIECE = 10_000;
const groupOf = (model: number): string => `gateway-portfolio-${model}`;
const NO_REBUILD: Rebuild = { model: 0, state: 'none', behind: 0, why: null };

/**
 * Versions of the portfolio. One is live and follows the log; a rebuild folds the next from the first fact beside it
 * and takes its place when it has caught up. Every model is a consumer group of its own, with its own inbox.
 */
@Injectable()
export class PortfolioModels implements Follower, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Portfolio');
  private live: Folding | undefined;
  private building: Folding | undefined;
  private status: Rebuild = NO_REBUILD;
  private watching: NodeJS.Timeout | undefined;
  private closed = false;
  private clearing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(PortfolioReads) private readonly reads: PortfolioReads,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { live, building, retired } = await this.findModels();
    this.live = await this.fold(live);
    // A process that ended between taking a model in and taking the old one away has left that to us. Nobody waits for it: years of rows take minutes.
    this.clearing = this.clearAllAway(retired);
    // A rebuild that was cut off goes on where its group stood.
    if (building !== undefined) await this.build(building);
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.watching);
    await Promise.all([this.live, this.building].map((folding) => folding?.subscription.close()));
    await this.clearing;
  }

  /** Starts a rebuild, one at a time; the same command again starts no other. @throws DomainError `REBUILD_UNDER_WAY` */
  async rebuild(commandId: string): Promise<Rebuild> {
    let begun: number | undefined;
    await this.database.run(EVERYTHING, (tx) =>
      once(tx, { commandId, name: 'RebuildPortfolio', payload: {} }, async () => {
        if (this.building) throw new DomainError('conflict', 'REBUILD_UNDER_WAY', 'The portfolio is being rebuilt already; wait until it is swapped in.');
        await tx.query('LOCK TABLE portfolio_model IN SHARE ROW EXCLUSIVE MODE');
        const [{ next } = { next: 1 }] = await tx.query<{ next: number }>('SELECT max(model) + 1 AS next FROM portfolio_model');
        await tx.query(`INSERT INTO portfolio_model (model, state) VALUES ($1, 'building')`, [next]);
        begun = next;
        return next;
      }),
    );
    if (begun !== undefined) {
      // An earlier model of this number may have been given up by a process that ended before its group was forgotten.
      await this.log.forgetGroup(groupOf(begun));
      await this.build(begun);
    }
    return this.status;
  }

  progress(): Rebuild {
    return this.status;
  }

  /** The longer silence, of the live model and the one being built. */
  heartbeatAgeMs(): number {
    return Math.max(0, ...[this.live, this.building].map((folding) => folding?.subscription.heartbeatAgeMs() ?? 0));
  }

  /** Of the live model, which people see, and of the one being built. */
  consumers(): readonly RunningConsumer[] {
    const runningOf = (folding: Folding | undefined, rebuilding: boolean): RunningConsumer[] => (folding ? [{ group: groupOf(folding.model), topics: ALL_TOPICS, consumer: folding.consumer, rebuilding }] : []);
    return [...runningOf(this.live, false), ...runningOf(this.building, true)];
  }

  private async findModels(): Promise<{ live: number; building: number | undefined; retired: readonly number[] }> {
    return this.database.run(EVERYTHING, async (tx) => {
      await tx.query('LOCK TABLE portfolio_model IN SHARE ROW EXCLUSIVE MODE');
      const rows = await tx.query<{ model: number; state: string }>('SELECT model, state FROM portfolio_model');
      const live = rows.find(({ state }) => state === 'live')?.model ?? 1;
      if (rows.length === 0) await tx.query(`INSERT INTO portfolio_model (model, state, live_at) VALUES (1, 'live', now())`);
      return { live, building: rows.find(({ state }) => state === 'building')?.model, retired: rows.flatMap(({ model, state }) => (state === 'retired' ? [model] : [])) };
    });
  }

  private async fold(model: number, handle = (consumer: FactConsumer, batch: Batch): Promise<void> => consumer.handle(batch)): Promise<Folding> {
    const group = groupOf(model);
    const consumer = new FactConsumer({
      group,
      database: this.database,
      decode: decodeFact,
      batchHandlers: handlersFor(model, PORTFOLIO_PROJECTION),
      onTrouble: ({ what, reason, type }) => this.logger.warn(`${group}: ${what} ${type ?? ''} ${reason}`),
    });
    const subscription = await keepSubscribed(
      this.log,
      { group, topics: ALL_TOPICS, from: 'earliest', onBatch: (batch) => handle(consumer, batch) },
      (error) => this.logger.warn({ err: error }, `${group}: waits for the event log`),
    );
    return { model, subscription, consumer };
  }

  private async build(model: number): Promise<void> {
    this.building = await this.fold(model, (consumer, batch) => this.foldGently(model, consumer, batch));
    this.status = { model, state: 'building', behind: (await this.behind(model)) ?? 0, why: null };
    this.watch();
  }

  /** While it is built, those who read the live one come first; once it is live, it keeps up as every consumer does. */
  private async foldGently(model: number, consumer: FactConsumer, batch: Batch): Promise<void> {
    for (let start = 0; start < batch.records.length && !batch.stopping(); ) {
      const isLive = this.live?.model === model;
      if (!isLive) await this.reads.giveWay(PATIENCE_MS);
      const records = isLive ? batch.records.slice(start) : batch.records.slice(start, start + SLICE);
      await consumer.handle({ ...batch, records });
      start += records.length;
    }
  }

  private watch(): void {
    this.watching = setTimeout(() => {
      this.step().then(
        () => (this.building && !this.closed ? this.watch() : undefined),
        (error: unknown) => {
          this.status = { ...this.status, why: error instanceof Error ? error.message : String(error) };
          if (!this.closed) this.watch();
        },
      );
    }, CHECK_EVERY_MS);
  }

  private async step(): Promise<void> {
    const { building } = this;
    if (!building) return;
    const behind = await this.behind(building.model);
    this.status = { model: building.model, state: 'building', behind: behind ?? this.status.behind, why: null };
    if (behind !== 0) return;
    const wrong = await this.findWrong(building);
    if (wrong) return this.giveUp(building, wrong);
    await this.swap(building);
  }

  private async behind(model: number): Promise<number | undefined> {
    return (await this.log.lag(groupOf(model), ALL_TOPICS)).facts;
  }

  /** Checked before it is swapped in: nothing parked, and nothing that the live model has and the new one lacks. */
  private async findWrong({ model }: Folding): Promise<string | undefined> {
    return this.database.read(EVERYTHING, async (tx) => {
      const [parked] = await tx.query<{ facts: string }>('SELECT count(*) AS facts FROM parked_fact WHERE consumer_group = $1', [groupOf(model)]);
      if (Number(parked?.facts) > 0) return `${parked?.facts} facts could not be applied; look at what is parked for ${groupOf(model)}`;
      for (const table of ['portfolio_mission', 'portfolio_intervention', 'portfolio_activity', 'portfolio_participant', 'portfolio_respondent']) {
        const [count] = await tx.query<{ live: string; built: string }>(`SELECT count(*) FILTER (WHERE model = $1) AS live, count(*) FILTER (WHERE model = $2) AS built FROM ${table}`, [this.live?.model ?? 0, model]);
        if (Number(count?.built) < Number(count?.live)) return `${table} would shrink from ${count?.live} to ${count?.built} rows`;
      }
      return undefined;
    });
  }

  private async swap(building: Folding): Promise<void> {
    const old = this.live;
    await this.database.run(EVERYTHING, async (tx) => {
      await tx.query(`UPDATE portfolio_model SET state = 'retired' WHERE state = 'live'`);
      await tx.query(`UPDATE portfolio_model SET state = 'live', live_at = now() WHERE model = $1`, [building.model]);
    });
    this.live = building;
    this.building = undefined;
    if (old) await this.drop(old);
    this.status = { model: building.model, state: 'swapped', behind: 0, why: null };
  }

  private async giveUp(building: Folding, why: string): Promise<void> {
    // First of all: a process that ends while it takes the model away must not go on with what is left of it.
    await this.database.run(EVERYTHING, (tx) => tx.query(`UPDATE portfolio_model SET state = 'retired' WHERE model = $1`, [building.model]));
    this.building = undefined;
    await this.drop(building);
    this.status = { model: building.model, state: 'failed', behind: 0, why };
    this.logger.warn(`the rebuild was given up: ${why}`);
  }

  /** Ends a model: its consumer, and all that it kept. */
  private async drop({ model, subscription }: Folding): Promise<void> {
    await subscription.close();
    await this.clearAway(model);
  }

  private async clearAllAway(models: readonly number[]): Promise<void> {
    for (const model of models) if (!this.closed) await this.clearAway(model);
  }

  /** Nobody reads it any more: what cannot be taken away now is taken away at the next start. */
  private async clearAway(model: number): Promise<void> {
    try {
      for (const table of PORTFOLIO_TABLES) await this.deleteAll(table, 'model', model);
      for (const table of ['inbox', 'consumer_mark', 'parked_fact']) await this.deleteAll(table, 'consumer_group', groupOf(model));
      // While its row stands no other model gets its number, so it is no other's group that is forgotten.
      await this.log.forgetGroup(groupOf(model));
      await this.deleteAll('portfolio_model', 'model', model);
    } catch (error) {
      this.logger.warn(`model ${model} could not be taken away: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Piece by piece: one statement over years of attendances would take longer than a statement may. The model's own row goes last. */
  private async deleteAll(table: string, column: 'model' | 'consumer_group', value: number | string): Promise<void> {
    const piece = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${column} = $1 LIMIT ${PIECE})) RETURNING 1 AS gone`;
    for (let gone = PIECE; gone === PIECE; await this.reads.giveWay(PATIENCE_MS)) {
      // The rest at the next start.
      if (this.closed) throw new Error('the gateway is stopping');
      gone = (await this.database.run(EVERYTHING, (tx) => tx.query(piece, [value]))).length;
    }
  }
}
