import { evaluation, operations } from '@common-ground/contracts';
import { FactErrorFilter, FactTransport, observeMessaging } from '@common-ground/messaging';
import { type RunningService, runService } from '@common-ground/platform';
import { AppModule } from './app.module.js';
import type { EvaluationConfig } from './config.js';

/** Starts the service on a database that its migrations have run on. */
export const startEvaluation = (config: EvaluationConfig): Promise<RunningService> =>
  runService({
    config,
    module: AppModule.forRoot(config),
    definitions: [evaluation.EvaluationServiceService, operations.OperationsServiceService],
    facts: { transport: (app) => app.get(FactTransport), errorFilter: new FactErrorFilter() },
    prepare: (app) => observeMessaging(app),
  });
