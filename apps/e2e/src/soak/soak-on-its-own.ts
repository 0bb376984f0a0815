import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventLogMigrations, type LogConfig } from '@common-ground/messaging';
import { type DatabaseConfig, startEmbeddedPostgres } from '@common-ground/persistence';
import { freePort } from '@common-ground/platform';
import { FaultProxy, freshDatabase, startKafka, type TestKafka } from '@common-ground/testing';
import { Lane } from '../crash/lane.js';
import { soak, type SoakReport } from './soak.js';

export type Wanted = { readonly facts: number; readonly seed: number; readonly transport: LogConfig['kind'] };

/** A server, a line to it that can be cut, a broker if one is wanted, and a lane on them. Everything is taken down afterwards. */
export const soakOnItsOwn = async ({ facts, seed, transport }: Wanted, say: (line: string) => void): Promise<SoakReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-soak-'));
  chmodSync(folder, 0o755);
  const closings: (() => Promise<unknown> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    say(`starting PostgreSQL${transport === 'kafka' ? ' and Apache Kafka' : ''}`);
    const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), port: await freePort(), durable: true });
    closings.push(() => postgres.stop());
    const { host, port } = postgres.admin;
    closings.push(useForTests(postgres.admin));
    const line = await FaultProxy.start(() => ({ host, port }));
    closings.push(() => line.close());
    const through = { host: '127.0.0.1', port: line.port };
    const kafka: TestKafka | undefined = transport === 'kafka' ? await startKafka() : undefined;
    if (kafka) closings.push(() => kafka.stop());
    const log: LogConfig = kafka ? { kind: 'kafka', brokers: kafka.brokers, clientId: 'soak' } : { kind: 'postgres', database: { ...(await freshDatabase({ service: 'event_log', migrations: eventLogMigrations })).app, ...through } };
    const lane = await Lane.open({ name: 'soak', log, through });
    closings.push(() => lane.close());
    return await soak({ lane, postgres, line, kafka }, { facts, seed, say });
  } finally {
    for (const close of closings.reverse()) await Promise.resolve(close()).catch((error: unknown) => say(`taking down: ${String(error)}`));
  }
};

/** Databases are made on this server until what is returned is called. */
const useForTests = (admin: DatabaseConfig): (() => void) => {
  const before = process.env['TEST_POSTGRES'];
  process.env['TEST_POSTGRES'] = JSON.stringify(admin);
  return () => {
    if (before === undefined) delete process.env['TEST_POSTGRES'];
    else process.env['TEST_POSTGRES'] = before;
  };
};
