import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import { timed } from '../harness/processes.js';
import type { BenchResult } from '../harness/result.js';
import { type Contender, interleave, OURS, quantile, summarise } from '../harness/rounds.js';
import { drive, type Shot } from '../stage/load.js';
import { activityId, recordOf, unrecordAll } from '../stage/programme.js';
import { adminUrl, queryAs, type StagedDatabase, type StagedService } from '../stage/stage.js';
import { expectRecorded, openWritesStage, type WritesStage } from './writes-stage.js';

const INTERVENTIONS = 20;
const MUTATION = 'mutation ($input: RecordActivityHeldInput!) { recordActivityHeld(input: $input) { activity { id status version } errors { code message } } }';

/** Spread over interventions, as people are. */
const placeOf = (index: number): [number, number] => [index % INTERVENTIONS, Math.floor(index / INTERVENTIONS)];

type Way = { readonly name: string; readonly service: StagedService; readonly database: StagedDatabase; readonly pids: readonly number[]; readonly shot: (index: number) => Shot; readonly read: (answer: string) => unknown };

const graphql = (headers: Readonly<Record<string, string>>, more: (index: number) => object) => (index: number): Shot => ({
  path: '/graphql',
  headers,
  body: JSON.stringify({ query: MUTATION, variables: { input: { commandId: randomUUID(), ...more(index), record: recordOf(...placeOf(index)) } } }),
});
const readGraphql = (answer: string): unknown => (JSON.parse(answer) as { data?: { recordActivityHeld?: { activity?: unknown } } }).data?.recordActivityHeld?.activity;

const waysOf = async ({ stage, scheduling, bare, orm, gateway, service, headers }: WritesStage): Promise<Way[]> => {
  const [fastify, apollo] = [await stage.program('bare-fastify.main.js', { DATABASE_URL: adminUrl(bare) }), await stage.program('typeorm-apollo.main.js', { DATABASE_URL: adminUrl(orm) })];
  const post = (index: number): Shot => ({ path: '/record', body: JSON.stringify({ intervention: placeOf(index)[0], record: recordOf(...placeOf(index)) }) });
  return [
    { name: OURS, service: gateway, database: scheduling, pids: [gateway.pid, service.pid, stage.postgresPid], shot: graphql(headers, () => ({})), read: readGraphql },
    { name: 'bare', service: fastify, database: bare, pids: [fastify.pid, stage.postgresPid], shot: post, read: (answer) => JSON.parse(answer) as unknown },
    { name: 'typeorm+apollo', service: apollo, database: orm, pids: [apollo.pid, stage.postgresPid], shot: graphql({}, (index) => ({ intervention: placeOf(index)[0] })), read: readGraphql },
  ];
};

const check = (way: Way) => (answer: string, index: number): void => {
  const { id, status, version } = (way.read(answer) ?? {}) as { id?: string; status?: string; version?: number };
  if (id !== activityId(...placeOf(index)) || status !== 'HELD' || version !== 2) throw new Error(`${way.name} answered ${answer.slice(0, 300)}`);
};

/** What was told goes to the log after the answer; its last batch is not to fall into somebody else's turn. */
const drained = async ({ admin }: StagedDatabase): Promise<void> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const [left] = await queryAs<{ facts: string }>(admin, 'SELECT count(*) AS facts FROM outbox WHERE published_at IS NULL');
    if (Number(left?.facts) === 0) return;
    await pause(100);
  }
  throw new Error('the relay did not publish what was recorded');
};

const measure = async (ways: readonly Way[], stage: WritesStage['stage'], connections: number, operations: number, rounds: number): Promise<BenchResult> => {
  const latencies = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  const contenders: Contender[] = ways.map((way) => ({
    name: way.name,
    run: async (round) => {
      await unrecordAll(way.database.admin);
      let took: number[] = [];
      let answered = 0;
      const started = performance.now();
      const sample = await timed(way.pids, operations, async () => {
        took = await drive({ url: way.service.url, connections, operations, shot: way.shot, check: check(way) });
        answered = (performance.now() - started) / 1000;
        if (way.name === OURS) await drained(way.database);
      });
      await expectRecorded(way.database, operations);
      if (round >= 0) latencies.get(way.name)?.push(...took);
      // Publishing costs CPU that counts; nobody waits for it.
      return { ...sample, seconds: answered };
    },
  }));
  return summarise(await interleave(contenders, { rounds, warmUp: rounds > 1 }), {
    name: `W1-${connections}`,
    title: `log-activity mutation through the gateway, ${connections} connection${connections === 1 ? '' : 's'}`,
    unit: 'mutations/s',
    machine: stage.machine,
    connections,
    also: Object.fromEntries([...latencies].map(([name, values]) => [`${name} p99 ms`, Number(quantile(values, 0.99).toPrecision(3))])),
    ...(connections === 32 ? { targets: [{ ratio: 'bare', atLeast: 0.4 }, { ratio: 'typeorm+apollo', atLeast: 2 }] } : {}),
  });
};

const operationsAt = (connections: number, quick: boolean): number => (quick ? 20 : { 1: 300, 8: 1_000 }[connections] ?? 1_600);

/** One record: bare Fastify with one prepared statement, and TypeORM under bare Apollo, do the same writes without asking who, what or whether. */
export const w1: Benchmark = {
  name: 'W1',
  title: 'log-activity mutation through the gateway, at 1, 8 and 32 connections',
  run: async ({ quick, say, open }: BenchOptions) => {
    const stage = await open();
    try {
      const ways = await waysOf(await openWritesStage(stage, INTERVENTIONS, Math.ceil(operationsAt(32, quick) / INTERVENTIONS)));
      const results: BenchResult[] = [];
      for (const connections of quick ? [8] : [1, 8, 32]) {
        say(`${connections} connections`);
        results.push(await measure(ways, stage, connections, operationsAt(connections, quick), quick ? 1 : 5));
      }
      return results;
    } finally {
      await stage.close();
    }
  },
};
