import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseConfig } from '../database-config.js';
import { findBinaries } from './binaries.js';
import { leaveFolder, takeFolder } from './folder-owner.js';
import { stopStrayServer } from './stray-server.js';
import { giveTo, startAs, type SystemUser, userForPostgres } from './system-user.js';

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
const ANSWERS_MS = 60;
const LAST_WORDS_MS = 200;
const LOCALE = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
const SLOWEST_RESTART_MS = 5_000;
/** A server that ran this long had no part in why the one before it ended. */
const STEADY_MS = 60_000;

/**
 * A real PostgreSQL of our own on loopback: started, watched, started again when it is killed, stopped.
 *
 * @throws Error when another live process uses the folder, and with PostgreSQL's own words when it does not start
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const binaries = await findBinaries();
  const user = userForPostgres();
  mkdirSync(options.folder, { recursive: true });
  takeFolder(options.folder);
  try {
    const cluster = join(options.folder, 'cluster');
    const password = keptPassword(options.folder);
    if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise({ initdb: binaries.initdb, cluster, password, user, durable: options.durable });
    const healed = await stopStrayServer(cluster);
    const admin: DatabaseConfig = { host: '127.0.0.1', port: options.port, database: 'postgres', user: 'postgres', password, applicationName: 'embedded' };
    const server = new Server(binaries.postgres, cluster, options, user, admin);
    await server.start();
    return { admin, healed, pid: () => server.pid, stop: () => server.stop().finally(() => leaveFolder(options.folder)) };
  } catch (error) {
    leaveFolder(options.folder);
    throw error;
  }
};

/** The superuser's password, made once, readable by the owner alone. */
const keptPassword = (folder: string): string => {
  const file = join(folder, 'superuser');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
};

type NewCluster = { readonly initdb: string; readonly cluster: string; readonly password: string; readonly user: SystemUser | undefined; readonly durable: boolean };

/** Made under another name first: a half-made cluster is never taken for a whole one. */
const initialise = async ({ initdb, cluster, password, user, durable }: NewCluster): Promise<void> => {
  const draft = `${cluster}.new`;
  for (const left of [cluster, draft]) rmSync(left, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = `${cluster}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(draft, user);
  giveTo(passwordFile, user);
  try {
    const output: string[] = [];
    const child = startAs(user, initdb, [`--pgdata=${draft}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-instructions', ...LOCALE, ...(durable ? [] : ['--no-sync'])], draft);
    child.stdout.on('data', (chunk) => output.push(String(chunk)));
    child.stderr.on('data', (chunk) => output.push(String(chunk)));
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new Error(`PostgreSQL could not make its folder ${cluster}: ${output.join('').trim().split('\n').slice(-2).join(' ') || `code ${code}`}`);
    renameSync(draft, cluster);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
};

class Server {
  private child: ChildProcess | undefined;
  private stopping = false;
  private started = false;
  private readonly lastLines: string[] = [];
  /** Whoever forgets to stop us leaves no server behind, unless they were killed. */
  private readonly atExit = (): void => void this.child?.kill('SIGINT');

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
    process.once('exit', this.atExit);
    const until = Date.now() + START_MS;
    while (!(await this.answers())) {
      const { ended } = this;
      // Last words may come after the end.
      await pause(ended ? LAST_WORDS_MS : ANSWERS_MS);
      if (ended && this.waitsForTheDead && Date.now() < until) this.launch(0);
      else if (ended || Date.now() > until) {
        await this.stop();
        throw new Error(`PostgreSQL did not start on port ${this.options.port}: ${this.lastLines.filter((line) => /FATAL|ERROR|PANIC|could not|HINT/.test(line)).slice(-2).join(' ') || this.lastLines.at(-1) || 'it said nothing'}`);
      }
    }
    this.started = true;
  }

  private get ended(): boolean {
    return !this.child || this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined;
  }

  /** A server that was killed holds the folder until its process is taken off the books and its sessions have ended: moments, as a rule. */
  private get waitsForTheDead(): boolean {
    return this.lastLines.some((line) => /lock file "postmaster\.pid" already exists|pre-existing shared memory block/.test(line));
  }

  /** Ends sessions and writes everything out (fast shutdown). */
  async stop(): Promise<void> {
    this.stopping = true;
    process.off('exit', this.atExit);
    const { child } = this;
    if (!child || this.ended) return;
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
      `port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=250', 'shared_buffers=128MB', 'timezone=UTC', 'log_timezone=UTC',
      ...(durable ? ['synchronous_commit=on'] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
    ];
    const child = startAs(this.user, this.binary, ['-D', this.cluster, ...settings.flatMap((setting) => ['-c', setting])], this.cluster);
    const launched = Date.now();
    this.child = child;
    this.lastLines.length = 0;
    child.stdout.resume();
    child.stderr.on('data', (chunk) => this.keep(String(chunk)));
    child.once('error', (error) => {
      this.keep(error.message);
      if (child.pid === undefined) this.relaunch(restarts, error.message);
    });
    child.once('exit', (code, signal) => this.relaunch(Date.now() - launched > STEADY_MS ? 0 : restarts, signal ?? `code ${code}`));
  }

  private relaunch(restarts: number, why: string): void {
    if (this.stopping || !this.started) return;
    this.keep(`PostgreSQL ended by itself (${why}); it is started again`);
    const again = async (): Promise<void> => {
      await stopStrayServer(this.cluster).catch((error: unknown) => this.keep(String(error)));
      await pause(Math.min(100 * 2 ** restarts, SLOWEST_RESTART_MS));
      if (!this.stopping) this.launch(restarts + 1);
    };
    again().catch((error: unknown) => this.relaunch(restarts + 1, String(error)));
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
