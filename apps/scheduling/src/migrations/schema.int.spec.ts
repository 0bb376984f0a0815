import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDataSource, findSchemaDrift, migrate } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import type { DataSource } from 'typeorm';
import { entities } from '../entities.js';
import { schedulingMigrations } from './index.js';

let fresh: FreshDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  fresh = await freshDatabase({ service: 'scheduling', migrations: schedulingMigrations });
  dataSource = await createDataSource(fresh.migrator, entities).initialize();
});
afterAll(async () => {
  await dataSource?.destroy();
  await fresh?.drop();
});

it('has the tables that the entities say', async () => {
  expect(await findSchemaDrift(dataSource)).toEqual([]);
});

it('has row-level security forced on every table with mission data', async () => {
  const open = await dataSource.query("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY ($1) AND NOT (relrowsecurity AND relforcerowsecurity)", [entities.map((entity) => dataSource.getMetadata(entity).tableName)]);
  expect(open).toEqual([]);
});

it('finds nothing to do when migrated again, by several at once', async () => {
  expect(await Promise.all([1, 2, 3].map(() => migrate(fresh.migrator, schedulingMigrations)))).toEqual([[], [], []]);
});
