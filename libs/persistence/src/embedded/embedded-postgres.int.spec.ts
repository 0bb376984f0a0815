import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import pg from 'pg';
import { createDataSource, Database } from '../index.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { findBinaries } from './binaries.js';
import { isAlive } from './processes.js';
import { findServer } from './stray-server.js';
import { startAs, userForPostgres } from './system-user.js';

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

let folder: string;
let running: EmbeddedPostgres[];
const start = async (options: { port?: number; folder?: string; durable?: boolean; onLog?: (line: string) => void } = {}): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ folder, port: await freePort(), durable: false, ...options });
  running.push(server);
  return server;
};
const ask = async (server: EmbeddedPostgres, sql: string): Promise<unknown[]> => {
  const client = new pg.Client(server.admin);
  client.on('error', () => undefined);
  await client.connect();
  return client.query({ text: sql, rowMode: 'array' }).then(({ rows }) => rows.flat()).finally(() => client.end());
};
const eventually = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 100) throw error;
      await pause(100);
    }
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'common-ground-embedded-'));
  chmodSync(folder, 0o755);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('an embedded PostgreSQL', () => {
  it('keeps its data and its password from one start to the next', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS number');
    await first.stop();
    const second = await start();
    expect(await ask(second, 'SELECT number FROM kept')).toEqual([7]);
    expect(second.healed).toBe(false);
    expect(statSync(join(folder, 'superuser')).mode & 0o777).toBe(0o600);
  });

  it('lets nobody in without the password, and nobody from elsewhere', async () => {
    const server = await start();
    await expect(new pg.Client({ ...server.admin, password: 'guess' }).connect()).rejects.toThrow('password authentication failed');
    expect(await ask(server, "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')")).toEqual(['127.0.0.1', '']);
  });

  it('is the same whatever the locale of the machine', async () => {
    expect(await ask(await start(), "SELECT datcollate || ' ' || datlocprovider::text || ' ' || pg_encoding_to_char(encoding) || ' ' || datlocale FROM pg_database WHERE datname = 'postgres'")).toEqual(['C b UTF8 C.UTF-8']);
  });

  it('comes back by itself when it is killed, on the same address', async () => {
    const lines: string[] = [];
    const server = await start({ durable: true, onLog: (line) => lines.push(line) });
    await ask(server, 'CREATE TABLE kept AS SELECT 7 AS number');
    const before = server.pid()!;
    const source = await createDataSource(server.admin, []).initialize();
    process.kill(before, 'SIGKILL');
    // Its backends notice a little later: until then they answer, which proves nothing.
    await eventually(async () => expect(server.pid()).not.toBe(before));
    expect(await eventually(() => new Database(source).read(EVERYTHING, (tx) => tx.query('SELECT number FROM kept')))).toEqual([{ number: 7 }]);
    expect(lines.join('\n')).toContain('SIGKILL');
    await source.destroy();
  });

  it('stops the server that a killed process left behind', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS number');
    await first.stop();
    const cluster = join(folder, 'cluster');
    const { postgres } = await findBinaries();
    const left = startAs(userForPostgres(), postgres, ['-D', cluster, '-c', `port=${await freePort()}`, '-c', 'unix_socket_directories='], cluster);
    await eventually(async () => expect(findServer(cluster)).toBe(left.pid));
    const next = await start();
    expect([next.healed, isAlive(left.pid!), await ask(next, 'SELECT number FROM kept')]).toEqual([true, false, [7]]);
  });

  it('waits for a server that was killed until nobody holds its place', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS number');
    await first.stop();
    const { postgres } = await findBinaries();
    const cluster = join(folder, 'cluster');
    // Killed, it stays on the books for as long as its parent looks away.
    startAs(userForPostgres(), '/bin/sh', ['-c', '"$@" & exec sleep 4', 'sh', postgres, '-D', cluster, '-c', `port=${await freePort()}`, '-c', 'unix_socket_directories='], cluster);
    await eventually(async () => expect(findServer(cluster)).toBeDefined());
    process.kill(findServer(cluster) ?? 0, 'SIGKILL');
    expect(await ask(await start(), 'SELECT number FROM kept')).toEqual([7]);
  });

  it('leaves a server alone whose process is alive, and says so', async () => {
    const server = await start();
    await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
    expect(await ask(server, 'SELECT 1')).toEqual([1]);
  });

  it('stops nothing that is no PostgreSQL on its folder', async () => {
    const server = await start();
    await server.stop();
    const innocent = spawn('sleep', ['60']);
    const lock = join(folder, 'cluster', 'postmaster.pid');
    writeFileSync(lock, `${innocent.pid}\n${join(folder, 'cluster')}\n`);
    expect(findServer(join(folder, 'cluster'))).toBeUndefined();
    const next = await start();
    expect([next.healed, isAlive(innocent.pid!)]).toEqual([false, true]);
    innocent.kill();
  });

  it('says in PostgreSQL’s own words why it does not start, and leaves nothing running', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port)));
    await expect(start({ port })).rejects.toThrow(/did not start.*(address|Address|could not create)/s);
    expect(findServer(join(folder, 'cluster'))).toBeUndefined();
    taken.close();
    await expect(start()).resolves.toBeDefined();
  });

  it('runs where its account may not pass, as below the home folder of root', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    expect(await ask(await start({ folder: join(closed, 'data') }), 'SELECT 1')).toEqual([1]);
    expect(existsSync(join(closed, 'data', 'cluster', 'PG_VERSION'))).toBe(true);
  });
});

describe('a transaction on a server that falls silent', () => {
  it('gives up, calls the storage unavailable, and the next one works', async () => {
    const server = await start();
    const source = await createDataSource(server.admin, []).initialize();
    const database = new Database(source);
    let frozen = 0;
    const work = database.run(EVERYTHING, async (tx) => {
      frozen = (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]!.pid;
      process.kill(frozen, 'SIGSTOP');
      return tx.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ kind: 'unavailable', code: 'STORAGE_UNAVAILABLE' });
    expect(await database.read(EVERYTHING, (tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    process.kill(frozen, 'SIGCONT');
    await source.destroy();
  }, 20_000);
});
