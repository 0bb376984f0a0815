import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import type { EmbeddedPostgres } from '@common-ground/persistence';
import pg from 'pg';
import { appendToOutbox, eventLogMigrations, messagingMigrations } from '../index.js';
import { effects, Pipeline } from '../pipeline.fixture.js';
import { databaseOn, startOwnServer } from './own-server.fixture.js';
import { PostgresLog } from './postgres-log.js';

const DISK_MB = 320;
const folder = mkdtempSync(join(tmpdir(), 'common-ground-disk-'));
/** Only root may mount a disk; where that is forbidden nothing can be told about a full one. */
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0755`, 'tmpfs', folder]).status === 0;
const bytesLeft = (): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

(isMounted ? describe : describe.skip)('a disk that is full', () => {
  let server: EmbeddedPostgres;
  let flow: Pipeline | undefined;
  const ballast = join(folder, 'ballast');

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    server = await startOwnServer(join(folder, 'postgres'));
  }, 60_000);
  afterEach(async () => {
    rmSync(ballast, { force: true });
    await flow?.close();
  });
  afterAll(async () => {
    await server?.stop();
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Until the server itself has no room left for what it is asked to keep. */
  const fill = async (): Promise<void> => {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bytesLeft() - 1024 * 1024)));
    for (const until = Date.now() + 120_000; Date.now() < until; await pause(100)) {
      const client = new pg.Client({ ...server.admin, connectionTimeoutMillis: 2_000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.query('CREATE TABLE IF NOT EXISTS filler (data text)');
        for (;;) await client.query(`INSERT INTO filler SELECT repeat(md5(random()::text), 30) FROM generate_series(1, 1000)`);
      } catch (error) {
        // 53100: disk full. Where the log of transactions finds no room the server ends instead, and is started again in vain.
        if (['53100', '57P02', '57P03', 'ECONNREFUSED'].includes((error as { code?: string }).code ?? '') || /terminated/.test(String(error))) return;
        throw error;
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    throw new Error('the disk never filled up');
  };

  it('refuses commands as unavailable, loses nothing that was acknowledged, and goes on by itself once there is room', async () => {
    const log = await databaseOn(server, 'event_log', eventLogMigrations);
    const fresh = await databaseOn(server, 'service', [...messagingMigrations, effects]);
    flow = await Pipeline.start({ openLog: () => new PostgresLog(log.app), fresh });
    await fill();
    const large = Buffer.alloc(400_000, 1);
    const refusals: unknown[] = [];
    for (const until = Date.now() + 60_000; refusals.length < 3 && Date.now() < until; await pause(50)) {
      const fact = { type: 'test.v1.Unheard', key: 'full', subject: randomUUID(), sequence: 1, mission: 'PE', data: large };
      await flow.database.run(EVERYTHING, (tx) => appendToOutbox(tx, [fact])).catch((error: unknown) => refusals.push(error));
    }
    expect(refusals).toHaveLength(3);
    for (const refusal of refusals) expect(refusal).toMatchObject({ kind: 'unavailable', code: 'STORAGE_UNAVAILABLE' });
    rmSync(ballast);
    await flow.recovers('disk full');
    await flow.check();
  }, 300_000);
});
