import { operations, scheduling } from '@common-ground/contracts';
import { FactErrorFilter, FactTransport, observeMessaging } from '@common-ground/messaging';
import { type RunningService, runService } from '@common-ground/platform';
import { AppModule } from './app.module.js';
import type { SchedulingConfig } from './config.js';

/** Starts the service on a database that its migrations have run on. */
export const startScheduling = (config: SchedulingConfig): Promise<RunningService> =>
  runService({
    config,
    module: AppModule.forRoot(config),
    definitions: [scheduling.SchedulingServiceService, operations.OperationsServiceService],
    facts: { transport: (app) => app.get(FactTransport), errorFilter: new FactErrorFilter() },
    prepare: (app) => observeMessaging(app),
  });
