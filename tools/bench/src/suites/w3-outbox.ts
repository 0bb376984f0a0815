import { setTimeout as pause } from 'node:timers/promises';
import { type EventLog, headersOf, messagingMigrations, openLog, Relay } from '@common-ground/messaging';
import { baseMigrations } from '@common-ground/persistence';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import { timed } from '../harness/processes.js';
import type { BenchResult } from '../harness/result.js';
import { interleave, OURS, type Sample, summarise } from '../harness/rounds.js';
import { heldFact } from '../anchors/held-fact.js';
import { idOf, interventionId, MISSION, recordOf } from '../stage/programme.js';
import { queryAs, type Stage, type StagedDatabase } from '../stage/stage.js';

const BATCH = 500;
const INTERVENTIONS = 60;
const TYPE = 'commonground.scheduling.v1.ActivityHeld';

type Row = { readonly id: string; readonly key: string; readonly subject: string; readonly data: Buffer };

const rowsOf = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => {
    const intervention = index % INTERVENTIONS;
    return { id: idOf(`outbox ${index}`), key: interventionId(intervention), subject: idOf(`subject ${index}`), data: Buffer.from(heldFact(intervention, recordOf(intervention, index))) };
  });

const fill = async ({ admin }: StagedDatabase, rows: readonly Row[]): Promise<void> => {
  await queryAs(admin, 'TRUNCATE outbox');
  await queryAs(
    admin,
    `INSERT INTO outbox (fact_id, type, key, subject, sequence, mission, quiet, data) SELECT id, $5, key, subject, 1, $6, false, data FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY AS given (id, key, subject, data, place) ORDER BY place`,
    [rows.map(({ id }) => id), rows.map(({ key }) => key), rows.map(({ subject }) => subject), rows.map(({ data }) => data), TYPE, MISSION],
  );
};

/** Reads, publishes and marks until nothing is left. */
const relayAll = async (outbox: StagedDatabase, log: EventLog, topic: string): Promise<void> => {
  const relay = new Relay({ database: outbox.app, log, topic, source: 'scheduling', onTrouble: (error) => process.stderr.write(`the relay waits: ${String(error)}\n`) });
  relay.start();
  try {
    for (;;) {
      const [left] = await queryAs<{ facts: string }>(outbox.admin, 'SELECT count(*) AS facts FROM outbox WHERE published_at IS NULL');
      if (Number(left?.facts) === 0) return;
      await pause(10);
    }
  } finally {
    await relay.close();
  }
};

const factOf = (row: Row) => ({ ...row, type: TYPE, source: 'scheduling', time: new Date(), sequence: 1, mission: MISSION, quiet: false });

type Contest = { readonly stage: Stage; readonly outbox: StagedDatabase; readonly rows: readonly Row[]; readonly rounds: number; readonly pids: readonly number[] };
type Side = { readonly publish: (topic: string) => Promise<void>; readonly count: (topic: string) => Promise<number>; readonly prepare: (topic: string) => Promise<void> };

const contest = async ({ stage, outbox, rows, rounds, pids }: Contest, ours: Side, bare: Side, more: { readonly name: string; readonly title: string }): Promise<BenchResult> => {
  const run = (name: string, side: Side) => async (round: number): Promise<Sample> => {
    const topic = `bench.${more.name.toLowerCase()}.${name}.${round + 1}`;
    if (name === OURS) await fill(outbox, rows);
    await side.prepare(topic);
    const sample = await timed(pids, rows.length, () => side.publish(topic));
    const arrived = await side.count(topic);
    if (arrived !== rows.length) throw new Error(`${rows.length} facts were to lie in ${topic}; there are ${arrived}`);
    return sample;
  };
  const seen = await interleave([{ name: OURS, run: run(OURS, ours) }, { name: 'bare', run: run('bare', bare) }], { rounds, warmUp: rounds > 1 });
  return summarise(seen, { ...more, unit: 'facts/s', machine: stage.machine, targets: [{ ratio: 'bare', atLeast: 0.6 }] });
};

const onKafka = async (base: Omit<Contest, 'pids'>): Promise<BenchResult> => {
  const brokers = await base.stage.kafka();
  const log = openLog({ kind: 'kafka', brokers, clientId: 'bench' });
  const kafka = new Kafka({ clientId: 'bare', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const [producer, admin] = [kafka.producer({ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 }), kafka.admin()];
  await Promise.all([producer.connect(), admin.connect()]);
  base.stage.later(() => Promise.all([log.close(), producer.disconnect(), admin.disconnect()]));
  const count = async (topic: string): Promise<number> => (await admin.fetchTopicOffsets(topic)).reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const prepare = (topic: string): Promise<void> => log.ensureTopics([topic]);
  const send = async (topic: string): Promise<void> => {
    for (let start = 0; start < base.rows.length; start += BATCH) {
      await producer.send({ topic, acks: -1, messages: base.rows.slice(start, start + BATCH).map((row) => ({ key: row.key, value: row.data, headers: headersOf(factOf(row)) })) });
    }
  };
  const contested = { ...base, pids: [process.pid, base.stage.postgresPid] };
  return contest(contested, { prepare, count, publish: (topic) => relayAll(base.outbox, log, topic) }, { prepare, count, publish: send }, { name: 'W3-kafka', title: 'outbox to Kafka, beside raw kafkajs batches of the same bytes' });
};

const onPostgres = async (base: Omit<Contest, 'pids'>): Promise<BenchResult> => {
  const database = await base.stage.eventLog();
  const log = openLog({ kind: 'postgres', database: database.app });
  base.stage.later(() => log.close());
  await queryAs(database.admin, 'CREATE TABLE bare_log (topic text NOT NULL, position bigint GENERATED ALWAYS AS IDENTITY, fact_id uuid NOT NULL, key text NOT NULL, headers jsonb NOT NULL, data bytea, PRIMARY KEY (topic, position), UNIQUE (topic, fact_id))');
  const countIn = (table: string) => async (topic: string): Promise<number> => Number((await queryAs<{ facts: string }>(database.admin, `SELECT count(*) AS facts FROM ${table} WHERE topic = $1`, [topic]))[0]?.facts);
  const insert = async (topic: string): Promise<void> => {
    const { host, port, user, password, database: name } = database.admin;
    const client = new pg.Client({ host, port, user, password, database: name });
    await client.connect();
    for (let start = 0; start < base.rows.length; start += BATCH) {
      const rows = base.rows.slice(start, start + BATCH);
      await client.query({
        name: 'bare',
        text: 'INSERT INTO bare_log (topic, fact_id, key, headers, data) SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::bytea[])',
        values: [topic, rows.map(({ id }) => id), rows.map(({ key }) => key), rows.map((row) => JSON.stringify(headersOf(factOf(row)))), rows.map(({ data }) => data)],
      });
    }
    await client.end();
  };
  const contested = { ...base, pids: [process.pid, base.stage.postgresPid] };
  return contest(contested, { prepare: (topic) => log.ensureTopics([topic]), count: countIn('log_fact'), publish: (topic) => relayAll(base.outbox, log, topic) }, { prepare: async () => undefined, count: countIn('bare_log'), publish: insert }, { name: 'W3-postgres', title: 'outbox to the PostgreSQL log, beside bare batches of the same rows' });
};

export const w3: Benchmark = {
  name: 'W3',
  title: 'outbox to the event log, on both transports',
  run: async ({ quick, say, open, kafka }: BenchOptions) => {
    const stage = await open();
    try {
      const outbox = await stage.database('outbox', [...baseMigrations, ...messagingMigrations]);
      const base = { stage, outbox, rows: rowsOf(quick ? 300 : 20_000), rounds: quick ? 1 : 7 };
      const results = [await onPostgres(base)];
      if (kafka) results.push(await onKafka(base));
      else say('no Kafka: Java 17 and Maven, or KAFKA_BROKERS, are missing');
      return results;
    } finally {
      await stage.close();
    }
  },
};
