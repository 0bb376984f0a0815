import { randomUUID } from 'node:crypto';
import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import { timed } from '../harness/processes.js';
import { type Contender, interleave, OURS, summarise } from '../harness/rounds.js';
import { drive } from '../stage/load.js';
import { recordOf, unrecordAll } from '../stage/programme.js';
import { adminUrl } from '../stage/stage.js';
import { expectRecorded, openWritesStage, type WritesStage } from './writes-stage.js';

const RECORDS = 200;
/** Of every call, records that the call before it brought already. */
const REPLAYED = 20;
const NEW = RECORDS - REPLAYED;
const MUTATION = 'mutation ($input: RecordActivitiesHeldInput!) { recordActivitiesHeld(input: $input) { outcomes { row outcome } errors { code message } } }';

type Outcomes = { readonly data?: { readonly recordActivitiesHeld?: { readonly outcomes: readonly { readonly outcome: string }[] } } };

/** The records of one call: 20 that were sent before, then 180 new ones. The first call brings 200 new ones. */
const recordsOf = (call: number) => {
  const first = call === 0 ? 0 : RECORDS + (call - 1) * NEW - REPLAYED;
  return Array.from({ length: RECORDS }, (_, index) => recordOf(0, first + index));
};
const distinctAfter = (calls: number): number => RECORDS + (calls - 1) * NEW;

const contendersOf = async ({ stage, scheduling, bare, gateway, service, headers }: WritesStage, calls: number): Promise<Contender[]> => {
  const fastify = await stage.program('bare-fastify.main.js', { DATABASE_URL: adminUrl(bare) });
  const round = (work: () => Promise<unknown>, pids: readonly number[], database: typeof bare) => async () => {
    await unrecordAll(database.admin);
    const sample = await timed(pids, calls * RECORDS, async () => void (await work()));
    await expectRecorded(database, distinctAfter(calls));
    return sample;
  };
  const expectNew = (name: string, seen: number, call: number): void => {
    if (seen !== (call === 0 ? RECORDS : NEW)) throw new Error(`${name} recorded ${seen} of call ${call}`);
  };
  const ours = () =>
    drive({
      url: gateway.url, connections: 1, operations: calls,
      shot: (call) => ({ path: '/graphql', headers, body: JSON.stringify({ query: MUTATION, variables: { input: { commandId: randomUUID(), records: recordsOf(call) } } }) }),
      check: (answer, call) => {
        const outcomes = (JSON.parse(answer) as Outcomes).data?.recordActivitiesHeld?.outcomes ?? [];
        const count = (wanted: string): number => outcomes.filter(({ outcome }) => outcome === wanted).length;
        expectNew(OURS, count('ACCEPTED'), call);
        if (count('ACCEPTED') + count('UNCHANGED') !== RECORDS) throw new Error(`some of call ${call} were refused: ${answer.slice(0, 300)}`);
      },
    });
  const anchor = () =>
    drive({
      url: fastify.url, connections: 1, operations: calls,
      shot: (call) => ({ path: '/record-many', body: JSON.stringify({ intervention: 0, records: recordsOf(call) }) }),
      check: (answer, call) => expectNew('bare', (JSON.parse(answer) as { recorded: number }).recorded, call),
    });
  return [
    { name: OURS, run: round(ours, [gateway.pid, service.pid, stage.postgresPid], scheduling) },
    { name: 'bare', run: round(anchor, [fastify.pid, stage.postgresPid], bare) },
  ];
};

/** A phone that was offline for long sends what it has, and again what it did not hear about. */
export const w2: Benchmark = {
  name: 'W2',
  title: 'an offline device with 200 records in one call, 10 % of them replays',
  run: async ({ quick, open }: BenchOptions) => {
    const stage = await open();
    const calls = quick ? 2 : 20;
    try {
      const writes = await openWritesStage(stage, 1, distinctAfter(calls));
      const rounds = await interleave(await contendersOf(writes, calls), { rounds: quick ? 1 : 7, warmUp: !quick });
      return [
        summarise(rounds, {
          name: 'W2', title: `${RECORDS} records in one call, ${REPLAYED} of them replays, beside a bare unnest of the same writes`, unit: 'records/s', machine: stage.machine,
          connections: 1, targets: [{ ratio: 'bare', atLeast: 0.3 }], also: { doubles: 0 }, note: 'doubles are counted in the database after every round; any fails the benchmark',
        }),
      ];
    } finally {
      await stage.close();
    }
  },
};
