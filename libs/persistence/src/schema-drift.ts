import type { DataSource } from 'typeorm';

/**
 * What TypeORM would change to make the schema what the entities say: nothing, when both agree.
 * Policies, functions, checks and tables without an entity are the migrations' own.
 */
export const findSchemaDrift = async (dataSource: DataSource): Promise<string[]> => {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
};
