import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING, NOTHING, type Scope } from '@common-ground/kernel';
import pg from 'pg';
import { type DataSource } from 'typeorm';
import { applicationOf, baseMigrations, createDataSource, Database, type DatabaseConfig, migrate, migratorOf, once, provision } from './index.js';

const admin = JSON.parse(process.env['TEST_POSTGRES'] ?? '{}') as DatabaseConfig;
const name = `persistence_${randomUUID().slice(0, 8)}`;
const migrator: DatabaseConfig = { ...admin, database: name, user: migratorOf(name), password: 'one' };
const app: DatabaseConfig = { ...admin, database: name, user: applicationOf(name), password: 'two' };
const things = {
  name: '1790000000900-create-thing',
  up: `CREATE TABLE thing (id text PRIMARY KEY, mission text NOT NULL, intervention_id uuid);
       ALTER TABLE thing ENABLE ROW LEVEL SECURITY; ALTER TABLE thing FORCE ROW LEVEL SECURITY;
       CREATE POLICY scope ON thing USING (in_scope(mission, intervention_id::text)) WITH CHECK (in_scope(mission, intervention_id::text));`,
};
const migrations = [...baseMigrations, things];
const peru: Scope = { missions: ['PE'], interventions: '*' };

const asAdmin = async (sql: string): Promise<unknown[]> => {
  const client = new pg.Client(admin);
  await client.connect();
  return client.query(sql).then(({ rows }) => rows).finally(() => client.end());
};

let source: DataSource;
let database: Database;
beforeAll(async () => {
  await Promise.all([1, 2].map(() => provision(admin, { database: name, migratorPassword: 'one', applicationPassword: 'two' })));
  const runs = await Promise.all([1, 2, 3].map(() => migrate(migrator, migrations)));
  expect(runs.flat().sort()).toEqual(migrations.map((migration) => migration.name));
  source = await createDataSource(app, []).initialize();
  database = new Database(source);
});
afterAll(async () => {
  await source?.destroy();
  await asAdmin(`DROP DATABASE ${name} WITH (FORCE)`);
});

describe('migrations', () => {
  it('find nothing to do when run again', async () => {
    expect(await migrate(migrator, migrations)).toEqual([]);
  });

  it('run once when three instances start at the same moment', async () => {
    const slow = { name: '1790000000903-slow', up: 'CREATE TABLE slow (id int); INSERT INTO slow VALUES (1); SELECT pg_sleep(0.5)' };
    const runs = await Promise.all([1, 2, 3].map(() => migrate(migrator, [...migrations, slow])));
    expect(runs.filter((names) => names.length > 0)).toEqual([[slow.name]]);
    expect(await database.read(EVERYTHING, (tx) => tx.query('SELECT id FROM slow'))).toEqual([{ id: 1 }]);
  });

  it('refuse one that was altered after it ran', async () => {
    await expect(migrate(migrator, [...baseMigrations, { ...things, up: 'SELECT 1' }])).rejects.toThrow('was altered after it ran');
  });

  it('leave nothing of one that fails', async () => {
    await expect(migrate(migrator, [...migrations, { name: '1790000000901-broken', up: 'CREATE TABLE half (id int); SELECT no_such_thing()' }])).rejects.toThrow('1790000000901-broken failed');
    await expect(database.read(EVERYTHING, (tx) => tx.query('SELECT * FROM half'))).rejects.toThrow('does not exist');
  });

  it('see every row when they fill a column in, though policies bind the owner', async () => {
    await database.run(EVERYTHING, (tx) => tx.query("INSERT INTO thing VALUES ('old', 'PE', NULL)"));
    const fill = { name: '1790000000902-add-note', up: "ALTER TABLE thing ADD note text; UPDATE thing SET note = 'filled'" };
    expect(await migrate(migrator, [...migrations, fill])).toEqual([fill.name]);
    expect(await database.run(EVERYTHING, (tx) => tx.query("DELETE FROM thing WHERE id = 'old' RETURNING note"))).toEqual([{ note: 'filled' }]);
    expect(await migrate(migrator, migrations)).toEqual([]);
  });

  it('are written down where the application can read but not forge them', async () => {
    expect(await database.read(EVERYTHING, (tx) => tx.query('SELECT name FROM schema_migration LIMIT 1'))).toHaveLength(1);
    await expect(database.run(EVERYTHING, (tx) => tx.query('DELETE FROM schema_migration'))).rejects.toThrow('permission denied');
  });

  it.each(['create-thing', '179-create-thing', '1790000000900-Create', "1790000000900-x'"])('refuse the name %s', async (odd) => {
    await expect(migrate(migrator, [{ name: odd, up: 'SELECT 1' }])).rejects.toThrow('must be named');
  });

  it('are not for the application role', async () => {
    await expect(database.run(EVERYTHING, (tx) => tx.query('CREATE TABLE mine (id int)'))).rejects.toThrow('permission denied');
  });
});

describe('statements', () => {
  it('are planned anew on every connection when a migration alters what they give', async () => {
    const columns = (id: string) => database.read(EVERYTHING, async (tx) => Object.keys((await tx.query('SELECT * FROM thing WHERE id = $1', [id]))[0] ?? {}));
    await database.run(EVERYTHING, (tx) => tx.query('INSERT INTO thing (id, mission) VALUES ($1, $2)', ['planned', 'PE']));
    const before = (await Promise.all(Array.from({ length: 6 }, () => columns('planned'))))[0];
    const widen = { name: '1790000000903-widen', up: 'ALTER TABLE thing ADD width int' };
    await migrate(migrator, [...migrations, widen]);
    expect(await Promise.all(Array.from({ length: 12 }, () => columns('planned')))).toEqual(Array.from({ length: 12 }, () => [...(before ?? []), 'width']));
    await database.run(EVERYTHING, (tx) => tx.query('DELETE FROM thing WHERE id = $1', ['planned']));
  });

  it('take a scope for what it says, whatever marks stand in it', async () => {
    const odd: Scope = { missions: ["PE' || chr(42) || '\\"], interventions: '*' };
    const [seen] = await database.read(odd, (tx) => tx.query<{ missions: string; things: string }>("SELECT current_setting('app.missions') AS missions, (SELECT count(*) FROM thing) AS things"));
    expect(seen).toEqual({ missions: odd.missions[0], things: '0' });
  });
});

describe('provisioning', () => {
  it('again is the same, with new passwords', async () => {
    const renewed = { ...app, password: 'three' };
    await provision(admin, { database: name, migratorPassword: 'one', applicationPassword: renewed.password });
    await expect(new pg.Client(app).connect()).rejects.toThrow('password authentication failed');
    const client = new pg.Client(renewed);
    await client.connect();
    expect((await client.query('SELECT count(*)::int AS count FROM command')).rows).toHaveLength(1);
    await client.end();
    await provision(admin, { database: name, migratorPassword: 'one', applicationPassword: app.password });
  });

  it('makes roles that policies bind and that make nothing', async () => {
    const roles = await database.read(EVERYTHING, (tx) => tx.query('SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole AS mighty FROM pg_roles WHERE rolname = ANY ($1)', [[migrator.user, app.user]]));
    expect(roles).toEqual([{ mighty: false }, { mighty: false }]);
    for (const sql of ['CREATE TEMPORARY TABLE t (id int)', 'CREATE SCHEMA mine', 'TRUNCATE thing', 'ALTER TABLE thing DISABLE ROW LEVEL SECURITY']) {
      await expect(database.run(EVERYTHING, (tx) => tx.query(sql))).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  it('takes might away from a role that has gained some', async () => {
    await asAdmin(`ALTER ROLE ${app.user} BYPASSRLS`);
    await provision(admin, { database: name, migratorPassword: 'one', applicationPassword: 'two' });
    expect(await asAdmin(`SELECT rolbypassrls FROM pg_roles WHERE rolname = '${app.user}'`)).toEqual([{ rolbypassrls: false }]);
  });

  it('works for an admin who is no superuser, as where PostgreSQL is hired', async () => {
    const steward = `${name}_steward`;
    const hired = `${name}_hired`;
    await asAdmin(`CREATE ROLE ${steward} LOGIN CREATEDB CREATEROLE PASSWORD 'steward'`);
    const passwords = { migratorPassword: 'one', applicationPassword: 'two' };
    for (const _again of [1, 2]) await provision({ ...admin, user: steward, password: 'steward' }, { database: hired, ...passwords });
    expect(await migrate({ ...admin, database: hired, user: migratorOf(hired), password: 'one' }, baseMigrations)).toHaveLength(baseMigrations.length);
    for (const sql of [`DROP DATABASE ${hired}`, `DROP ROLE ${migratorOf(hired)}`, `DROP ROLE ${applicationOf(hired)}`, `DROP ROLE ${steward}`]) await asAdmin(sql);
  });

  it.each(['Registry', 'registry; DROP', '1st', '', 'x'.repeat(42)])('refuses the database name %j', async (database) => {
    await expect(provision(admin, { database, migratorPassword: 'one', applicationPassword: 'two' })).rejects.toThrow('cannot be a database name');
  });
});

describe('a transaction', () => {
  it.each(['*', 'PE,TR'])('refuses a scope that lists %s, which would widen it', async (odd) => {
    const refusal = { kind: 'forbidden', code: 'SCOPE_INVALID' };
    await expect(database.read({ missions: [odd], interventions: '*' }, async () => 1)).rejects.toMatchObject(refusal);
    await expect(database.read({ missions: ['PE'], interventions: [odd] }, async () => 1)).rejects.toMatchObject(refusal);
  });

  it('is never taken for committed when a statement had failed and the work went on', async () => {
    const told: string[] = [];
    const work = database.run({ missions: '*', interventions: '*' }, async (tx) => {
      tx.afterCommit(() => void told.push('committed'));
      await tx.query('SELECT 1 / 0').catch(() => undefined);
      return 'done';
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(told).toEqual([]);
  });

  it('lets what it started open another once it has ended', async () => {
    let later: Promise<number> = Promise.resolve(0);
    await database.run(EVERYTHING, async () => {
      later = new Promise((resolve) => setTimeout(resolve, 100)).then(() => database.run(EVERYTHING, async () => 1));
    });
    expect(await later).toBe(1);
  });

  it('calls the storage unavailable when every connection is taken', async () => {
    const small = await createDataSource({ ...app, poolSize: 1 }, []).initialize();
    const crowded = new Database(small);
    const slow = crowded.read(EVERYTHING, (tx) => tx.query('SELECT pg_sleep(2.5)'));
    await expect(crowded.read(EVERYTHING, (tx) => tx.query('SELECT 1'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await slow;
    await small.destroy();
  });

  it('calls it unavailable when a statement takes too long or a row stays locked', async () => {
    await expect(database.read(EVERYTHING, (tx) => tx.query('SELECT pg_sleep(9)'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await database.run(EVERYTHING, async (tx) => {
      await tx.query("INSERT INTO thing VALUES ('locked', 'PE', NULL)");
    });
    const client = new pg.Client({ ...admin, database: name });
    await client.connect();
    await client.query("BEGIN; SELECT * FROM thing WHERE id = 'locked' FOR UPDATE");
    await expect(database.run(EVERYTHING, (tx) => tx.query("DELETE FROM thing WHERE id = 'locked'"))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await client.end();
    await database.run(EVERYTHING, (tx) => tx.query("DELETE FROM thing WHERE id = 'locked'"));
  });

  it('sees and writes the rows of its scope and no others', async () => {
    await database.run(EVERYTHING, (tx) => tx.query("INSERT INTO thing VALUES ('p', 'PE', NULL), ('t', 'TR', NULL)"));
    const ids = (scope: Scope) => database.read(scope, async (tx) => (await tx.query<{ id: string }>('SELECT id FROM thing ORDER BY id')).map(({ id }) => id));
    expect([await ids(EVERYTHING), await ids(peru), await ids(NOTHING)]).toEqual([['p', 't'], ['p'], []]);
    await expect(database.run(peru, (tx) => tx.query("INSERT INTO thing VALUES ('x', 'TR', NULL)"))).rejects.toThrow('row-level security');
    expect(await database.run(peru, (tx) => tx.query("UPDATE thing SET mission = mission WHERE id = 't' RETURNING id"))).toEqual([]);
  });

  it('binds a facilitator to their interventions', async () => {
    const mine = randomUUID();
    await database.run(EVERYTHING, (tx) => tx.query("INSERT INTO thing VALUES ('mine', 'DO', $1), ('other', 'DO', $2)", [mine, randomUUID()]));
    expect(await database.read({ missions: ['DO'], interventions: [mine] }, (tx) => tx.query('SELECT id FROM thing'))).toEqual([{ id: 'mine' }]);
  });

  it('leaves no scope behind on the connection', async () => {
    await database.run(EVERYTHING, (tx) => tx.query('SELECT 1'));
    expect(await source.query('SELECT id FROM thing')).toEqual([]);
  });

  it('refuses another within itself, which could wait for ever', async () => {
    await expect(database.run(EVERYTHING, () => database.run(EVERYTHING, async () => 1))).rejects.toThrow('under way already');
  });

  it('tells others only once it is committed', async () => {
    const told: string[] = [];
    await database.run(EVERYTHING, async (tx) => tx.afterCommit(() => told.push('committed')));
    await database.run(EVERYTHING, async (tx) => {
      tx.afterCommit(() => told.push('rolled back'));
      throw new Error('no');
    }).catch(() => undefined);
    expect(told).toEqual(['committed']);
  });

  it('does not write when it only reads', async () => {
    await expect(database.read(EVERYTHING, (tx) => tx.query("INSERT INTO thing VALUES ('r', 'PE', NULL)"))).rejects.toThrow('read-only');
  });

  it('survives a server that ends its connection, and says that the storage was away', async () => {
    const work = database.run(EVERYTHING, async (tx) => {
      const [{ pid } = { pid: 0 }] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const client = new pg.Client(admin);
      await client.connect();
      await client.query('SELECT pg_terminate_backend($1)', [pid]);
      await client.end();
      return tx.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ kind: 'unavailable', code: 'STORAGE_UNAVAILABLE' });
    expect(await database.read(EVERYTHING, (tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('is tried again after a deadlock', async () => {
    await database.run(EVERYTHING, (tx) => tx.query("INSERT INTO thing VALUES ('a', 'PE', NULL), ('b', 'PE', NULL)"));
    const touch = (first: string, second: string) =>
      database.run(EVERYTHING, async (tx) => {
        await tx.query('UPDATE thing SET mission = mission WHERE id = $1', [first]);
        await tx.query('SELECT pg_sleep(0.2)');
        await tx.query('UPDATE thing SET mission = mission WHERE id = $1', [second]);
      });
    await expect(Promise.all([touch('a', 'b'), touch('b', 'a')])).resolves.toBeDefined();
  });
});

describe('a command', () => {
  const run = (commandId: string, payload: unknown, work: () => Promise<unknown>) => database.run(EVERYTHING, (tx) => once(tx, { commandId, name: 'Try', payload }, work));

  it('is carried out once, and answers the same again', async () => {
    const commandId = randomUUID();
    let runs = 0;
    const work = async () => ({ runs: (runs += 1) });
    expect([await run(commandId, { a: 1, b: [2] }, work), await run(commandId, { b: [2], a: 1 }, work), runs]).toEqual([{ runs: 1 }, { runs: 1 }, 1]);
  });

  it('is carried out once when it comes twice at the same time', async () => {
    const commandId = randomUUID();
    let runs = 0;
    const slowly = async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return runs;
    };
    expect(await Promise.all([run(commandId, 1, slowly), run(commandId, 1, slowly), run(commandId, 1, slowly)])).toEqual([1, 1, 1]);
  });

  it('answers the first time just what it answers again', async () => {
    const commandId = randomUUID();
    const answer = async () => ({ at: new Date('2026-03-01T10:00:00Z'), left: undefined, list: [1] });
    const first = await run(commandId, 1, answer);
    expect(first).toStrictEqual({ at: '2026-03-01T10:00:00.000Z', list: [1] });
    expect(await run(commandId, 1, answer)).toStrictEqual(first);
    const silent = randomUUID();
    expect([await run(silent, 1, async () => undefined), await run(silent, 1, async () => undefined)]).toEqual([null, null]);
  });

  it('leaves its digest and its answer, and nothing of what it said', async () => {
    const commandId = randomUUID();
    await run(commandId, { name: 'Rosa' }, async () => ({ code: 'P-1' }));
    const [row] = await database.read(EVERYTHING, (tx) => tx.query('SELECT * FROM command WHERE id = $1', [commandId]));
    expect(row).toMatchObject({ name: 'Try', answer: { code: 'P-1' } });
    expect(JSON.stringify(row)).not.toContain('Rosa');
  });

  it('may be tried again when it failed', async () => {
    const commandId = randomUUID();
    await expect(run(commandId, 1, async () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await run(commandId, 1, async () => 'done')).toBe('done');
  });

  it('refuses an id that was used for something else, and one that is none', async () => {
    const commandId = randomUUID();
    await run(commandId, { a: 1 }, async () => 'done');
    await expect(run(commandId, { a: 2 }, async () => 'other')).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED', details: { path: ['commandId'] } });
    await expect(run('7', {}, async () => 'other')).rejects.toMatchObject({ code: 'COMMAND_ID_INVALID' });
  });
});
