import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { clientOptions, CONNECT_TIMEOUT_MS, type DatabaseConfig } from './database-config.js';

/** A TypeORM data source that never alters the schema and is not brought down by a server that dies. */
export const createDataSource = (config: DatabaseConfig, entities: readonly EntityTarget<ObjectLiteral>[]): DataSource => {
  const { host, port, database, user, password, ...extra } = clientOptions(config);
  return new DataSource({
    type: 'postgres',
    host,
    port,
    database,
    username: user,
    password,
    entities: [...entities] as never[],
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logging: false,
    poolSize: config.poolSize ?? 10,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra,
    // An idle connection that the server closed is replaced at its next use; work under way gets its own error.
    poolErrorHandler: () => undefined,
  });
};
