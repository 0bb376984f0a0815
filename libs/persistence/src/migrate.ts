import { createHash } from 'node:crypto';
import pg from 'pg';
import { clientOptions, type DatabaseConfig } from './database-config.js';

/** One step of the schema, in SQL. `name` is 13 digits and words: `1790000000100-create-activity`. */
export type Migration = { readonly name: string; readonly up: string };

const LOCK = 7_239_001;
const NAME = /^\d{13}-[a-z0-9-]+$/;

const checksum = ({ up }: Migration): string => createHash('sha256').update(up).digest('hex');

/**
 * Brings a database up to date, each migration in a transaction of its own, as the migrator role.
 * Several instances at once take turns on an advisory lock and find nothing left to do.
 *
 * @returns the names of the migrations that ran now
 * @throws Error when a migration that ran before has been altered since
 */
export const migrate = async (config: DatabaseConfig, migrations: readonly Migration[]): Promise<string[]> => {
  const client = new pg.Client({ ...clientOptions({ ...config, applicationName: 'migrate' }), statement_timeout: 0, lock_timeout: 60_000, query_timeout: 0 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, checksum text NOT NULL, run_at timestamptz NOT NULL DEFAULT now())');
    await keepFromApplication(client);
    // Row-level security binds the owner too: a migration that fills a column in must see every row.
    await client.query("SELECT set_config('app.missions', '*', false), set_config('app.interventions', '*', false)");
    const { rows } = await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM schema_migration');
    const ran = new Map(rows.map((row) => [row.name, row.checksum]));
    return await runMissing(client, inOrder(migrations), ran);
  } finally {
    await client.end();
  }
};

/** The application may read what was run, not forge it; default privileges would let it. */
const keepFromApplication = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ role: string }>(
    "SELECT DISTINCT grantee::regrole::text AS role FROM pg_class, aclexplode(relacl) WHERE oid = 'schema_migration'::regclass AND grantee NOT IN (0, relowner) AND privilege_type <> 'SELECT'",
  );
  for (const { role } of rows) await client.query(`REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON schema_migration FROM ${role}`);
};

const inOrder = (migrations: readonly Migration[]): Migration[] => {
  const names = new Set<string>();
  for (const { name } of migrations) {
    if (!NAME.test(name)) throw new Error(`The migration ${name} must be named by 13 digits and words, as 1790000000100-create-activity.`);
    if (names.has(name)) throw new Error(`The migration ${name} is there twice.`);
    names.add(name);
  }
  return [...migrations].sort((left, right) => (left.name < right.name ? -1 : 1));
};

const runMissing = async (client: pg.Client, migrations: readonly Migration[], ran: ReadonlyMap<string, string>): Promise<string[]> => {
  const names: string[] = [];
  for (const migration of migrations) {
    const before = ran.get(migration.name);
    if (before !== undefined) {
      if (before !== checksum(migration)) throw new Error(`The migration ${migration.name} was altered after it ran; put it back and write a new one.`);
      continue;
    }
    await client.query('BEGIN');
    try {
      await client.query(migration.up);
      await client.query('INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)', [migration.name, checksum(migration)]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw new Error(`The migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    names.push(migration.name);
  }
  return names;
};
