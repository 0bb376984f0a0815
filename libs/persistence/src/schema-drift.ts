import type { DataSource } from 'typeorm';

/**
 * What TypeORM would change to make the schema what the entities say: nothing, when both agree.
 * Policies, functions, checks and tables without an entity are the migrations' own.
 */
export const findSchemaDrift = async (dataSource: DataSource): Promise<string[]> => {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
};

/**
 * For a spec of each service: its entities and its migrations say the same.
 *
 * @returns no differences
 * @throws Error listing them
 */
export const expectNoSchemaDrift = async (dataSource: DataSource): Promise<string[]> => {
  const differences = await findSchemaDrift(dataSource);
  if (differences.length > 0) throw new Error(`The schema is not what the entities say; TypeORM would run:\n${differences.join('\n')}`);
  return differences;
};
