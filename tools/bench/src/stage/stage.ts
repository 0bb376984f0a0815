import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOk, Child } from '@common-ground/e2e';
import { eventLogMigrations } from '@common-ground/messaging';
import { applicationOf, baseMigrations, type DatabaseConfig, type EmbeddedPostgres, migrate, type Migration, migratorOf, provision, startEmbeddedPostgres } from '@common-ground/persistence';
import { freePort } from '@common-ground/platform';
import { startKafka, type TestKafka, TestIssuer } from '@common-ground/testing';
import pg from 'pg';
import { describeMachine } from '../harness/machine.js';
import type { Machine } from '../harness/result.js';

/** Of what Maven fetches, see deploy/kafka/pom.xml. */
const KAFKA = 'Apache Kafka 4.4.0';
const PASSWORD = randomBytes(12).toString('hex');
const SECRETS_KEY = randomBytes(32).toString('base64');
export type App = 'registry' | 'scheduling' | 'evaluation' | 'risk-monitoring' | 'gateway';

export type StagedDatabase = { readonly app: DatabaseConfig; readonly migrator: DatabaseConfig; readonly admin: DatabaseConfig };
export type StagedService = { readonly pid: number; readonly address: string; readonly url: string; end(): Promise<void> };

/** What benchmarks run on: a durable PostgreSQL, a sign-in whose tokens we make, services as processes of their own. All of it ends with `close`. */
export class Stage {
  private readonly closings: (() => Promise<unknown>)[] = [];
  private readonly addresses = new Map<App, string>();
  private broker: TestKafka | undefined;

  private constructor(
    private readonly server: EmbeddedPostgres,
    readonly issuer: TestIssuer,
    private readonly version: string,
    private readonly prefix = '',
  ) {}

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'common-ground-bench-'));
    chmodSync(folder, 0o755);
    const server = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), port: await freePort(), durable: true });
    const [row] = await queryAs<{ version: string }>(server.admin, "SELECT current_setting('server_version') AS version");
    const issuer = await TestIssuer.start();
    const stage = new Stage(server, issuer, row?.version ?? 'unknown');
    stage.closings.push(async () => rmSync(folder, { recursive: true, force: true }), () => server.stop(), () => issuer.close());
    return stage;
  }

  /** Another on the same server, with databases of its own: what is quick is not to start a server each time. */
  within(prefix: string): Stage {
    return new Stage(this.server, this.issuer, this.version, prefix);
  }

  get postgresPid(): number {
    return this.server.pid() ?? 0;
  }

  get machine(): Machine {
    return describeMachine({ postgres: this.version, ...(this.broker ? { kafka: KAFKA } : {}) });
  }

  async kafka(): Promise<readonly string[]> {
    if (!this.broker) {
      const broker = await startKafka();
      this.broker = broker;
      this.closings.push(() => broker.stop());
    }
    return this.broker.brokers;
  }

  /** A database with its two roles, as an installation makes it. */
  async database(as: string, migrations: readonly Migration[] = []): Promise<StagedDatabase> {
    const name = `${this.prefix}${as}`;
    await patiently(() => provision(this.server.admin, { database: name, applicationPassword: PASSWORD, migratorPassword: PASSWORD }));
    const place = { host: this.server.admin.host, port: this.server.admin.port, database: name, password: PASSWORD };
    const database = { app: { ...place, user: applicationOf(name) }, migrator: { ...place, user: migratorOf(name) }, admin: { ...this.server.admin, database: name } };
    if (migrations.length > 0) await patiently(() => migrate(database.migrator, migrations));
    return database;
  }

  eventLog(name = 'event_log'): Promise<StagedDatabase> {
    return this.database(name, [...baseMigrations, ...eventLogMigrations]);
  }

  /** The same rows again, for an anchor; nobody may be connected to the first. */
  async copy(from: StagedDatabase, as: string): Promise<StagedDatabase> {
    const database = `${this.prefix}${as}`;
    await queryAs(this.server.admin, `CREATE DATABASE ${database} TEMPLATE ${from.admin.database}`);
    return { app: { ...from.app, database }, migrator: { ...from.migrator, database }, admin: { ...from.admin, database } };
  }

  /** A service's own migrations, run as an installation runs them, on a database of any name. */
  async migrateAs(app: App, database: StagedDatabase): Promise<void> {
    await patiently(() => this.migrateOnce(app, database));
  }

  private async migrateOnce(app: App, database: StagedDatabase): Promise<void> {
    const child = Child.start(`${app} migrations`, `apps/${app}/dist/migrate.main.js`, { ...settingsOf(database), LOG_TRANSPORT: 'postgres', LOG_DATABASE_URL: urlOf(database.app), OIDC_ISSUER: this.issuer.issuer });
    if ((await child.ended()) !== 0) throw new Error(child.output);
  }

  /** Starts a service on a database that its migrations have run on; the gateway comes last, for it calls the others. */
  async start(app: App, database: StagedDatabase, env: Readonly<Record<string, string>>): Promise<StagedService> {
    const [grpc, http] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${http}`;
    const child = Child.start(app, `apps/${app}/dist/main.js`, {
      ...settingsOf(database),
      OIDC_ISSUER: this.issuer.issuer,
      GRPC_PORT: String(grpc),
      HTTP_PORT: String(http),
      LOG_LEVEL: 'warn',
      // Nobody is to be refused for haste here.
      REQUESTS_PER_SECOND_PERSON: '100000',
      REQUESTS_PER_SECOND_ADDRESS: '100000',
      ...Object.fromEntries([...this.addresses].map(([name, address]) => [`${name.toUpperCase().replace('-', '_')}_ADDRESS`, address])),
      ...env,
    });
    this.closings.push(() => child.end());
    await child.ready(answersOk(`${url}/health/ready`));
    this.addresses.set(app, `127.0.0.1:${grpc}`);
    return { pid: child.pid ?? 0, address: `127.0.0.1:${grpc}`, url, end: () => child.end() };
  }

  /** A program of this project that answers at /health, e.g. an anchor. */
  async program(file: string, env: Readonly<Record<string, string>>): Promise<StagedService> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = Child.start(file, `tools/bench/dist/anchors/${file}`, { ...env, PORT: String(port) });
    this.closings.push(() => child.end());
    await child.ready(answersOk(`${url}/health`));
    return { pid: child.pid ?? 0, address: `127.0.0.1:${port}`, url, end: () => child.end() };
  }

  later(end: () => Promise<unknown>): void {
    this.closings.push(end);
  }

  async close(): Promise<void> {
    for (const end of this.closings.splice(0).reverse()) await end().catch(() => undefined);
  }
}

const TRIES = 10;

/** Setting a stage is the same again, and a machine that is busy may not answer a connection within its two seconds. */
const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !String(error).includes('timeout')) throw error;
    }
  }
};

const settingsOf = ({ app }: StagedDatabase): Record<string, string> => ({
  DATABASE_HOST: app.host,
  DATABASE_PORT: String(app.port),
  DATABASE_NAME: app.database,
  DATABASE_USER: app.user,
  DATABASE_PASSWORD: app.password,
  MIGRATOR_USER: migratorOf(app.database),
  MIGRATOR_PASSWORD: PASSWORD,
  RISK_SECRETS_KEY: SECRETS_KEY,
});

export const urlOf = ({ user, password, host, port, database }: DatabaseConfig): string => `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;

/** The superuser's, for anchors that are bound by no policy. */
export const adminUrl = ({ admin }: StagedDatabase): string => urlOf(admin);

export const queryAs = async <T extends object>(config: DatabaseConfig, text: string, values: readonly unknown[] = []): Promise<T[]> => {
  const { host, port, user, password, database } = config;
  const client = new pg.Client({ host, port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(text, [...values])).rows;
  } finally {
    await client.end();
  }
};
