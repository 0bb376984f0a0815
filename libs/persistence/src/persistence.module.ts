import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { createDataSource } from './data-source.js';
import { Database } from './database.js';
import type { DatabaseConfig } from './database-config.js';

export type PersistenceOptions = { readonly config: DatabaseConfig; readonly entities: readonly EntityTarget<ObjectLiteral>[] };

/** Provides `Database` (and the `DataSource` beneath it) to a service, and closes its pool last. */
@Global()
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  static forRoot({ config, entities }: PersistenceOptions): DynamicModule {
    return {
      module: PersistenceModule,
      providers: [
        { provide: DataSource, useFactory: () => createDataSource(config, entities).initialize() },
        { provide: Database, useFactory: (dataSource: DataSource) => new Database(dataSource), inject: [DataSource] },
      ],
      exports: [DataSource, Database],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
