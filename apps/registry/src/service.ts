import { operations, registry } from '@common-ground/contracts';
import { observeMessaging } from '@common-ground/messaging';
import { type RunningService, runService } from '@common-ground/platform';
import { AppModule } from './app.module.js';
import type { RegistryConfig } from './config.js';

/** Starts the service on a database that its migrations have run on. */
export const startRegistry = (config: RegistryConfig): Promise<RunningService> =>
  runService({ config, module: AppModule.forRoot(config), definitions: [registry.RegistryServiceService, operations.OperationsServiceService], prepare: (app) => observeMessaging(app) });
