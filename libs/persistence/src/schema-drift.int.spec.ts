import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import { applicationOf, baseMigrations, createDataSource, type DatabaseConfig, expectNoSchemaDrift, findSchemaDrift, migrate, migratorOf, provision } from './index.js';

@Entity('gathering')
class Gathering {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') mission!: string;
  @Column('integer', { default: 0 }) seats!: number;
  @Column('timestamptz', { name: 'held_at', nullable: true }) heldAt!: Date | null;
}

@Entity('gathering')
class GatheringOtherwise {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') mission!: string;
  @Column('text') seats!: string;
  @Column('text') place!: string;
}

const admin = JSON.parse(process.env['TEST_POSTGRES'] ?? '{}') as DatabaseConfig;
const name = `drift_${randomUUID().slice(0, 8)}`;
const gatherings = {
  name: '1790000000900-create-gathering',
  up: `CREATE TABLE gathering (id uuid PRIMARY KEY, mission text NOT NULL, seats integer NOT NULL DEFAULT 0, held_at timestamptz);
       ALTER TABLE gathering ENABLE ROW LEVEL SECURITY; ALTER TABLE gathering FORCE ROW LEVEL SECURITY;
       CREATE POLICY scope ON gathering USING (in_scope(mission, NULL)) WITH CHECK (in_scope(mission, NULL));
       CREATE FUNCTION seats_left(taken integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 12 - taken';
       CREATE TABLE other (id int)`,
};

const compare = async <T>(entity: new () => object, work: (source: DataSource) => Promise<T>): Promise<T> => {
  const source = await createDataSource({ ...admin, database: name, user: applicationOf(name), password: 'two' }, [entity]).initialize();
  return work(source).finally(() => source.destroy());
};

beforeAll(async () => {
  await provision(admin, { database: name, migratorPassword: 'one', applicationPassword: 'two' });
  await migrate({ ...admin, database: name, user: migratorOf(name), password: 'one' }, [...baseMigrations, gatherings]);
});
afterAll(async () => {
  const client = new pg.Client(admin);
  await client.connect();
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await client.end();
});

describe('the comparison of entities and schema', () => {
  it('finds none where both agree, whatever policies, functions and other tables there are', async () => {
    expect(await compare(Gathering, expectNoSchemaDrift)).toEqual([]);
  });

  it('finds what is missing, what is too much and what is of another type, and alters nothing', async () => {
    const differences = (await compare(GatheringOtherwise, findSchemaDrift)).join('\n');
    for (const word of ['"place"', '"held_at"', '"seats"']) expect(differences).toContain(word);
    await expect(compare(GatheringOtherwise, expectNoSchemaDrift)).rejects.toThrow('not what the entities say');
    expect(await compare(Gathering, expectNoSchemaDrift)).toEqual([]);
  });
});
