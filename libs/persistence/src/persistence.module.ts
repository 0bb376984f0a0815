import { setTimeout as pause } from 'node:timers/promises';
import { type DynamicModule, Global, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { createDataSource } from './data-source.js';
import { Database } from './database.js';
import type { DatabaseConfig } from './database-config.js';
import { isPassing } from './storage-errors.js';

export type PersistenceOptions = { readonly config: DatabaseConfig; readonly entities: readonly EntityTarget<ObjectLiteral>[] };

const PATIENCE_MS = 30_000;

/** A server that is starting again is waited for; a wrong name or password is told at once. */
export const connect = async (config: DatabaseConfig, entities: PersistenceOptions['entities'], patienceMs = PATIENCE_MS): Promise<DataSource> => {
  const until = Date.now() + patienceMs;
  for (let tries = 0; ; tries += 1) {
    try {
      return await createDataSource(config, entities).initialize();
    } catch (error) {
      if (!isPassing(error) || Date.now() > until) throw error;
      if (tries === 0) new Logger('Persistence').warn(`${config.host}:${config.port}/${config.database} is not answering; it is tried for ${patienceMs / 1000} s`);
      await pause(250);
    }
  }
};

/** Provides `Database` (and the `DataSource` beneath it) to a service, and closes its pool last. */
@Global()
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  static forRoot({ config, entities }: PersistenceOptions): DynamicModule {
    return {
      module: PersistenceModule,
      providers: [
        { provide: DataSource, useFactory: () => connect(config, entities) },
        { provide: Database, useFactory: (dataSource: DataSource) => new Database(dataSource), inject: [DataSource] },
      ],
      exports: [DataSource, Database],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
