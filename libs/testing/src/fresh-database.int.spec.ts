import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type FreshDatabase, freshDatabase } from './index.js';

const migrations = [
  {
    name: '1790000000900-create-thing',
    up: `CREATE TABLE thing (id text PRIMARY KEY, mission text NOT NULL);
         ALTER TABLE thing ENABLE ROW LEVEL SECURITY; ALTER TABLE thing FORCE ROW LEVEL SECURITY;
         CREATE POLICY scope ON thing USING (in_scope(mission, NULL)) WITH CHECK (in_scope(mission, NULL))`,
  },
];

const made: FreshDatabase[] = [];
const fresh = async (): Promise<FreshDatabase> => {
  const database = await freshDatabase({ service: 'fresh-check', migrations });
  made.push(database);
  return database;
};
const ask = async (config: FreshDatabase['app'], sql: string): Promise<unknown[]> => {
  const client = new pg.Client(config);
  await client.connect();
  return client.query(sql).then(({ rows }) => rows).finally(() => client.end());
};

afterEach(() => Promise.all(made.splice(0).map((database) => database.drop())));

describe('a fresh database', () => {
  it('shares nothing with another of the same migrations', async () => {
    const [one, other] = await Promise.all([fresh(), fresh()]);
    await ask(one.admin, "INSERT INTO thing VALUES ('a', 'PE')");
    expect([await ask(one.admin, 'SELECT id FROM thing'), await ask(other.admin, 'SELECT id FROM thing')]).toEqual([[{ id: 'a' }], []]);
  });

  it('binds the application and the migrator by row-level security', async () => {
    const database = await fresh();
    await ask(database.admin, "INSERT INTO thing VALUES ('a', 'PE')");
    expect([await ask(database.app, 'SELECT id FROM thing'), await ask(database.migrator, 'SELECT id FROM thing')]).toEqual([[], []]);
    await expect(ask(database.app, 'CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
  });

  it('is gone when it is dropped, whoever is still connected', async () => {
    const database = await fresh();
    const client = new pg.Client(database.app);
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(ask(database.app, 'SELECT 1')).rejects.toThrow('does not exist');
    await client.end().catch(() => undefined);
  });
});
