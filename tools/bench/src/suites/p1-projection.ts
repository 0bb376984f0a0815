import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeFact } from '@common-ground/contracts';
import { gatewayMigrations, handlersFor, PORTFOLIO_PROJECTION, PORTFOLIO_TABLES } from '@common-ground/gateway';
import { type EventLog, FactConsumer, type FactBatchHandler, openLog } from '@common-ground/messaging';
import { createDataSource, Database, type Transaction } from '@common-ground/persistence';
import pg from 'pg';
import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import { timed } from '../harness/processes.js';
import { interleave, OURS, summarise } from '../harness/rounds.js';
import { programmeFacts, type Shape, type Told } from '../stage/facts.js';
import { queryAs, type StagedDatabase } from '../stage/stage.js';

const MODEL = 1;
const PUBLISHED_AT_ONCE = 500;
const OUR_TABLES = ['inbox', 'consumer_mark', 'parked_fact'];

type Statement = { readonly sql: string; readonly parameters: readonly unknown[] };
/** The statements of one chunk; recorded as the projection ran them, run again without it. */
type Recording = Map<string, Statement[][]>;

export const publishAll = async (log: EventLog, told: readonly Told[]): Promise<number> => {
  let count = 0;
  await log.ensureTopics(told.map(({ topic }) => topic));
  for (const { topic, facts } of told) {
    for (let start = 0; start < facts.length; start += PUBLISHED_AT_ONCE) await log.publish(topic, facts.slice(start, start + PUBLISHED_AT_ONCE));
    count += facts.length;
  }
  return count;
};

const recordingTo = (statements: Statement[], tx: Transaction): Transaction => ({
  ...tx,
  query: <T>(sql: string, parameters: readonly unknown[] = []) => {
    statements.push({ sql, parameters });
    return tx.query<T>(sql, parameters);
  },
});

const recorded = (handlers: readonly FactBatchHandler[], recording: Recording): FactBatchHandler[] =>
  handlers.map(({ types, handle }) => ({
    types,
    handle: async (facts, tx) => {
      const statements: Statement[] = [];
      await handle(facts, recordingTo(statements, tx));
      const topic = facts[0]?.delivery.topic ?? '';
      recording.set(topic, [...(recording.get(topic) ?? []), statements]);
    },
  }));

class ProjectionBench {
  readonly recording: Recording = new Map();

  constructor(
    private readonly portfolio: StagedDatabase,
    private readonly log: EventLog,
    private readonly topics: readonly string[],
  ) {}

  empty(): Promise<object[]> {
    return queryAs(this.portfolio.admin, `TRUNCATE ${[...PORTFOLIO_TABLES, ...OUR_TABLES].join(', ')}`);
  }

  /** As the gateway does: reads the log, decodes, enters the inbox, folds. */
  async fold(group: string, recording?: Recording): Promise<void> {
    const source = await createDataSource({ ...this.portfolio.app, poolSize: 4 }, []).initialize();
    const handlers = handlersFor(MODEL, PORTFOLIO_PROJECTION);
    const consumer = new FactConsumer({ group, database: new Database(source), decode: decodeFact, batchHandlers: recording ? recorded(handlers, recording) : handlers });
    const subscription = await this.log.subscribe({ group, topics: this.topics, from: 'earliest', onBatch: (batch) => consumer.handle(batch) });
    try {
      while ((await this.log.lag(group, this.topics)).facts > 0) await pause(20);
      if (consumer.counts.parked > 0) throw new Error(`${consumer.counts.parked} facts were parked`);
    } finally {
      await subscription.close();
      await this.log.forgetGroup(group);
      await source.destroy();
    }
  }

  /** The same statements on bare connections, as many at a time as there are topics; under the same role and scope. */
  async replay(): Promise<void> {
    await Promise.all(
      [...this.recording.values()].map(async (chunks) => {
        const { host, port, user, password, database } = this.portfolio.app;
        const client = new pg.Client({ host, port, user, password, database });
        await client.connect();
        for (const statements of chunks) {
          await client.query("BEGIN; SELECT set_config('app.missions', '*', true), set_config('app.interventions', '*', true)");
          for (const { sql, parameters } of statements) await client.query(sql, [...parameters]);
          await client.query('COMMIT');
        }
        await client.end();
      }),
    );
  }

  /** One digest of everything that the portfolio shows, and how many activities it counts. */
  async content(): Promise<{ digest: string; held: number }> {
    const hash = createHash('sha256');
    for (const table of PORTFOLIO_TABLES) {
      const [row] = await queryAs<{ md5: string | null }>(this.portfolio.admin, `SELECT md5(string_agg(t::text, '' ORDER BY t::text)) AS md5 FROM ${table} t`);
      hash.update(`${table} ${row?.md5}`);
    }
    const [sum] = await queryAs<{ held: string }>(this.portfolio.admin, 'SELECT coalesce(sum(held), 0) AS held FROM portfolio_month');
    return { digest: hash.digest('hex'), held: Number(sum?.held) };
  }
}

/** About 2.4 facts come of one held activity. */
const shapeOf = (quick: boolean): Shape => (quick ? { interventions: 3, people: 20, held: 60, attendees: 5, months: 3 } : { interventions: 120, people: 120, held: 86_000, attendees: 10, months: 36 });

export const heldIn = (told: readonly Told[]): number => {
  const count = (name: string): number => told.flatMap(({ facts }) => facts).filter(({ type }) => type.endsWith(name)).length;
  return count('.ActivityHeld');
};

export const p1Fold: Benchmark = {
  name: 'P1-fold',
  title: 'projection of 200,000 mixed facts from the log into the portfolio',
  run: async ({ quick, say, open }: BenchOptions) => {
    const stage = await open();
    try {
      const [logDatabase, portfolio] = [await stage.eventLog(), await stage.database('gateway', gatewayMigrations)];
      const log = openLog({ kind: 'postgres', database: logDatabase.app });
      stage.later(() => log.close());
      const told = programmeFacts(shapeOf(quick));
      const [facts, held] = [await publishAll(log, told), heldIn(told)];
      say(`${facts} facts lie in the log`);
      const bench = new ProjectionBench(portfolio, log, told.map(({ topic }) => topic));
      await bench.empty();
      await bench.fold('recorded', bench.recording);
      const expected = await bench.content();
      if (expected.held !== held) throw new Error(`${held} activities were held; the portfolio counts ${expected.held}`);
      const check = async (who: string): Promise<void> => {
        if ((await bench.content()).digest !== expected.digest) throw new Error(`${who}: another portfolio came out`);
      };
      const contender = (name: string, work: (round: number) => Promise<void>) => ({
        name,
        run: async (round: number) => {
          await bench.empty();
          const sample = await timed([process.pid, stage.postgresPid], facts, () => work(round));
          await check(name);
          return sample;
        },
      });
      const rounds = await interleave([contender(OURS, (round) => bench.fold(`round-${round}`)), contender('bare', () => bench.replay())], { rounds: quick ? 1 : 3, warmUp: false });
      return [summarise(rounds, { name: 'P1-fold', title: `projection of ${facts} mixed facts, beside the same SQL on bare connections`, unit: 'facts/s', machine: stage.machine, targets: [{ ratio: 'bare', atLeast: 0.5 }] })];
    } finally {
      await stage.close();
    }
  },
};
