import pg from 'pg';
import { clientOptions, type DatabaseConfig } from './database-config.js';
import { scramVerifier } from './scram-verifier.js';

export type Provision = {
  readonly database: string;
  readonly migratorPassword: string;
  readonly applicationPassword: string;
};

const LOCK = 7_239_000;

export const migratorOf = (database: string): string => `${database}_migrator`;
export const applicationOf = (database: string): string => `${database}_app`;

/**
 * Makes a service's database and its two roles, or finds them: the migrator owns the schema,
 * the application reads and writes rows and is bound by row-level security. Again is the same; passwords are set anew.
 *
 * @param admin a superuser, or a role that may create databases and roles
 */
export const provision = async (admin: DatabaseConfig, wanted: Provision): Promise<void> => {
  if (!/^[a-z][a-z0-9_]{0,40}$/.test(wanted.database)) throw new Error(`${wanted.database} cannot be a database name: use lower-case letters, digits and _.`);
  const migrator = migratorOf(wanted.database);
  const application = applicationOf(wanted.database);
  await asClient(admin, async (client) => {
    // Catalogues know no row locks: whoever provisions at the same time waits here.
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await role(client, migrator, wanted.migratorPassword);
    await role(client, application, wanted.applicationPassword);
    // An admin who is no superuser gives a database only to a role that it is a member of.
    await client.query(`DO $$ BEGIN IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN EXECUTE format('GRANT ${migrator} TO %I', current_user); END IF; END $$`);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [wanted.database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${wanted.database} OWNER ${migrator}`);
    // An earlier release let it make temporary tables.
    await client.query(`REVOKE ALL ON DATABASE ${wanted.database} FROM ${application}`);
    await client.query(`REVOKE ALL ON DATABASE ${wanted.database} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${wanted.database} TO ${application}`);
    await asClient({ ...admin, database: wanted.database }, async (client) => {
      await client.query(`ALTER SCHEMA public OWNER TO ${migrator}; REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO ${application}`);
      await client.query(`ALTER DEFAULT PRIVILEGES FOR ROLE ${migrator} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${application}`);
      await client.query(`ALTER DEFAULT PRIVILEGES FOR ROLE ${migrator} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${application}`);
    });
  });
};

/** The server is sent a verifier and never the password, so that no log of statements can hold it. */
const role = async (client: pg.Client, name: string, password: string): Promise<void> => {
  const { rows } = await client.query<{ mighty: boolean }>('SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls AS mighty FROM pg_roles WHERE rolname = $1', [name]);
  if (!rows[0]) await client.query(`CREATE ROLE ${name} NOLOGIN`);
  // Only when it must: an admin who is no superuser may not even name BYPASSRLS.
  if (rows[0]?.mighty) await client.query(`ALTER ROLE ${name} WITH NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS`);
  await client.query(`ALTER ROLE ${name} WITH LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`);
};

const asClient = async (config: DatabaseConfig, work: (client: pg.Client) => Promise<void>): Promise<void> => {
  const client = new pg.Client({ ...clientOptions({ ...config, applicationName: 'provision' }), statement_timeout: 60_000, lock_timeout: 60_000, query_timeout: 0 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};
