import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource, findSchemaDrift, migrate } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { entities } from '../entities.js';
import { evaluationMigrations } from './index.js';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase({ service: 'evaluation', migrations: evaluationMigrations });
});
afterAll(() => fresh.drop());

describe('the schema', () => {
  it('is what the entities say', async () => {
    const dataSource = await createDataSource(fresh.migrator, entities).initialize();
    expect(await findSchemaDrift(dataSource)).toEqual([]);
    await dataSource.destroy();
  });

  it('is there already when the migrations run again', async () => {
    expect(await migrate(fresh.migrator, evaluationMigrations)).toEqual([]);
  });

  it('puts every table with mission data under row-level security that binds its owner too', async () => {
    const dataSource = await createDataSource(fresh.migrator, entities).initialize();
    const tables = (await dataSource.query("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r' ORDER BY relname")) as { relname: string }[];
    expect(tables.map(({ relname }) => relname)).toEqual(['estimate', 'external_study', 'instrument', 'intervention', 'mission', 'participant', 'recomputation_mark', 'respondent', 'response', 'survey_round']);
    await dataSource.destroy();
  });
});
