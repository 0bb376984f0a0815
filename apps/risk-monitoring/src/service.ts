import { operations, risk } from '@common-ground/contracts';
import { FactErrorFilter, FactTransport } from '@common-ground/messaging';
import { type RunningService, runService } from '@common-ground/platform';
import { AppModule } from './app.module.js';
import type { RiskMonitoringConfig } from './config.js';
import { observe } from './observation.js';

/** Starts the service on a database that its migrations have run on. */
export const startRiskMonitoring = (config: RiskMonitoringConfig): Promise<RunningService> =>
  runService({
    config,
    module: AppModule.forRoot(config),
    definitions: [risk.RiskServiceService, operations.OperationsServiceService],
    facts: { transport: (app) => app.get(FactTransport), errorFilter: new FactErrorFilter() },
    prepare: observe,
  });
