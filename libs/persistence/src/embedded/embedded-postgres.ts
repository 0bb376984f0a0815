import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseConfig } from '../database-config.js';
import { findBinaries } from './binaries.js';
import { stopStrayServer } from './stray-server.js';
import { ensureReachable, giveTo, type SystemUser, userForPostgres } from './system-user.js';

export type EmbeddedPostgresOptions = {
  /** Where the cluster lives; made when it is not there. */
  readonly folder: string;
  readonly port: number;
  /** False gives up durability for speed: tests only. */
  readonly durable: boolean;
  readonly onLog?: (line: string) => void;
};

export type EmbeddedPostgres = {
  readonly admin: DatabaseConfig;
  /** True when a server that a killed process had left behind was stopped first. */
  readonly healed: boolean;
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
};

const START_MS = 30_000;
const STOP_MS = 15_000;
const LOCALE = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
const SLOWEST_RESTART_MS = 5_000;

/** A real PostgreSQL of our own on loopback: started, watched, started again when it is killed, stopped. */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const binaries = await findBinaries();
  const user = userForPostgres();
  mkdirSync(options.folder, { recursive: true });
  ensureReachable(options.folder, user);
  ensureReachable(binaries.postgres, user);
  const cluster = join(options.folder, 'cluster');
  const password = keptPassword(options.folder);
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(binaries.initdb, cluster, password, user);
  const healed = await stopStrayServer(cluster);
  const admin: DatabaseConfig = { host: '127.0.0.1', port: options.port, database: 'postgres', user: 'postgres', password, applicationName: 'embedded' };
  const server = new Server(binaries.postgres, cluster, options, user, admin);
  await server.start();
  return { admin, healed, pid: () => server.pid, stop: () => server.stop() };
};

/** The superuser's password, made once, readable by the owner alone. */
const keptPassword = (folder: string): string => {
  const file = join(folder, 'superuser');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
};

const initialise = async (initdb: string, cluster: string, password: string, user: SystemUser | undefined): Promise<void> => {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  const passwordFile = `${cluster}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(cluster, user);
  giveTo(passwordFile, user);
  try {
    const output: string[] = [];
    const child = spawn(initdb, [`--pgdata=${cluster}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-instructions', ...LOCALE], { ...identity(user), stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => output.push(String(chunk)));
    child.stderr.on('data', (chunk) => output.push(String(chunk)));
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
    if (code !== 0) throw new Error(`PostgreSQL could not make its folder ${cluster}: ${output.join('').trim().split('\n').at(-1) ?? `code ${code}`}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
};

const identity = (user: SystemUser | undefined): { uid?: number; gid?: number } => (user ? { uid: user.uid, gid: user.gid } : {});

class Server {
  private child: ChildProcess | undefined;
  private stopping = false;
  private started = false;
  private readonly lastLines: string[] = [];

  constructor(
    private readonly binary: string,
    private readonly cluster: string,
    private readonly options: EmbeddedPostgresOptions,
    private readonly user: SystemUser | undefined,
    private readonly admin: DatabaseConfig,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<void> {
    this.launch(0);
    const until = Date.now() + START_MS;
    while (!(await this.answers())) {
      if (this.child?.exitCode !== null || Date.now() > until) {
        this.stopping = true;
        throw new Error(`PostgreSQL did not start on port ${this.options.port}: ${this.lastLines.filter((line) => /FATAL|ERROR|PANIC|could not|HINT/.test(line)).slice(-2).join(' ') || this.lastLines.at(-1) || 'it said nothing'}`);
      }
      await pause(60);
    }
    this.started = true;
  }

  /** Ends sessions and writes everything out (fast shutdown). */
  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGINT');
    const impatience = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
    await gone;
    clearTimeout(impatience);
  }

  /** A server that ends by itself was killed: it is started again, a little slower each time. */
  private launch(restarts: number): void {
    const { port, durable } = this.options;
    const settings = [
      `port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=150', 'shared_buffers=128MB', 'timezone=UTC', 'log_timezone=UTC',
      ...(durable ? ['synchronous_commit=on'] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
    ];
    const child = spawn(this.binary, ['-D', this.cluster, ...settings.flatMap((setting) => ['-c', setting])], { ...identity(this.user), cwd: this.cluster, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.child = child;
    child.stderr?.on('data', (chunk) => this.keep(String(chunk)));
    child.once('error', (error) => this.keep(error.message));
    child.once('exit', () => {
      if (this.stopping || !this.started) return;
      void stopStrayServer(this.cluster)
        .catch(() => undefined)
        .then(() => pause(Math.min(100 * 2 ** restarts, SLOWEST_RESTART_MS)))
        .then(() => (this.stopping ? undefined : this.launch(restarts + 1)));
    });
  }

  private keep(text: string): void {
    for (const line of text.split('\n').filter(Boolean)) {
      this.lastLines.push(line);
      if (this.lastLines.length > 50) this.lastLines.shift();
      this.options.onLog?.(line);
    }
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client({ host: this.admin.host, port: this.admin.port, database: this.admin.database, user: this.admin.user, password: this.admin.password, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
