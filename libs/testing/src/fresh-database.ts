import { createHash, randomBytes } from 'node:crypto';
import { applicationOf, baseMigrations, type DatabaseConfig, migrate, type Migration, migratorOf, provision } from '@common-ground/persistence';
import pg from 'pg';

export type FreshDatabase = {
  /** The application role: bound by row-level security. */
  readonly app: DatabaseConfig;
  readonly migrator: DatabaseConfig;
  /** A superuser on the same database, to look past row-level security in assertions. */
  readonly admin: DatabaseConfig;
  drop(): Promise<void>;
};

const PASSWORD = 'for-tests-only';

/** The PostgreSQL of this test run; the Jest set-up started it. */
export const testPostgres = (): DatabaseConfig => {
  const given = process.env['TEST_POSTGRES'];
  if (!given) throw new Error('No PostgreSQL for tests: name such specs *.int.spec.ts or *.e2e.spec.ts, whose set-up starts one.');
  return JSON.parse(given) as DatabaseConfig;
};

const asAdmin = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client(testPostgres());
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** The template for a set of migrations, made by the real migrations as the migrator, once a run. */
const templateFor = async (service: string, migrations: readonly Migration[]): Promise<string> => {
  const digest = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 12);
  const template = `${service}_${digest}`;
  await asAdmin(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [template]);
    if (rows.length > 0) return;
    const admin = testPostgres();
    await provision(admin, { database: template, migratorPassword: PASSWORD, applicationPassword: PASSWORD });
    await migrate({ ...admin, database: template, user: migratorOf(template), password: PASSWORD }, migrations);
    await client.query(`ALTER DATABASE ${template} WITH IS_TEMPLATE true`);
  });
  return template;
};

/**
 * A database of a spec's own, cloned from a template in a few milliseconds.
 *
 * @param service names the database's roles, e.g. `registry`
 * @param migrations the service's own; the base ones are added
 */
export const freshDatabase = async ({ service, migrations = [] }: { readonly service: string; readonly migrations?: readonly Migration[] }): Promise<FreshDatabase> => {
  const template = await templateFor(service.replaceAll('-', '_'), [...baseMigrations, ...migrations.filter(({ name }) => !baseMigrations.some((base) => base.name === name))]);
  const database = `${template}_${randomBytes(4).toString('hex')}`;
  await asAdmin(async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${template} OWNER ${migratorOf(template)}`);
  });
  const place = { ...testPostgres(), database, password: PASSWORD };
  return {
    app: { ...place, user: applicationOf(template) },
    migrator: { ...place, user: migratorOf(template) },
    admin: { ...testPostgres(), database },
    drop: () => asAdmin(async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`))),
  };
};
