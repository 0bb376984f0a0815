import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventLogMigrations, type LogConfig } from '@common-ground/messaging';
import { type FreshDatabase, freshDatabase, startKafka, type TestKafka } from '@common-ground/testing';
import { type Arming, FAILPOINTS, type FailpointName } from './failpoint.js';
import { Lane, Lanes } from './lane.js';
import { runRound } from './round.js';
import type { Defect } from './member.main.js';
import { asLines, readSettings, runRounds, type Transport } from './rounds.js';

const settings = readSettings(process.env);
const failpoints = (Object.keys(FAILPOINTS) as FailpointName[]).filter((name) => settings.failpoint === undefined || name === settings.failpoint);
const isWanted = (transport: Transport): boolean => settings.transport === undefined || settings.transport === transport;
const PER_ROUND_MS = 30_000;

/** Every failpoint as often as the settings say, side by side in lanes that are kept from one failpoint to the next. */
const proves = (transport: Transport, log: () => LogConfig): void => {
  const lanes = new Lanes(() => ({ name: `${transport}-lane`, log: log() }));
  afterAll(() => lanes.close(), 60_000);
  it.each(failpoints)('loses nothing, doubles nothing and keeps the order when it is killed %s', async (failpoint) => {
    const report = await runRounds({ ...settings, transport, failpoint, lanes });
    process.stderr.write(`${asLines(report)}\n`);
    expect(report.failed).toEqual([]);
    expect(report.rounds).toBe(settings.rounds);
  }, 300_000 + settings.rounds * PER_ROUND_MS);
};

(isWanted('postgres') ? describe : describe.skip)('kill -9 at a failpoint, on the PostgreSQL log', () => {
  let logDatabase: FreshDatabase;
  beforeAll(async () => {
    logDatabase = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  });
  proves('postgres', () => ({ kind: 'postgres', database: logDatabase.app }));
  afterAll(() => logDatabase?.drop());
});

(isWanted('kafka') && process.env['COMMON_GROUND_NO_KAFKA'] !== 'true' ? describe : describe.skip)('kill -9 at a failpoint, on Apache Kafka', () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  }, 120_000);
  proves('kafka', () => ({ kind: 'kafka', brokers: kafka.brokers, clientId: 'crash' }));
  afterAll(() => kafka?.stop(), 60_000);
});

describe('a platform that gets it wrong', () => {
  const wrongs = [
    { defect: 'marks before it publishes', failpoint: 'after a commit, before it is published', arming: { place: 'before-publish', at: 2 }, breach: 'I1: never reached tally-1' },
    { defect: 'effects outside the transaction', failpoint: 'after the effect, before the position moves', arming: { place: 'before-effect', at: 1 }, breach: 'I2: took effect twice in tally' },
  ] as const satisfies readonly { defect: Defect; failpoint: FailpointName; arming: Arming; breach: string }[];

  it.each(wrongs)('is found out when it $defect', async ({ defect, failpoint, arming, breach }) => {
    const logDatabase = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
    const lane = await Lane.open({ name: 'wrong', log: { kind: 'postgres', database: logDatabase.app }, defect });
    try {
      const { breaches } = await runRound(lane, { failpoint, seed: 1, arming });
      expect(breaches).toContainEqual(expect.stringContaining(breach));
    } finally {
      await lane.close();
      await logDatabase.drop();
    }
  });
});
