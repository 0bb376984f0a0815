import type { FastifyInstance } from 'fastify';
import { type RunningService, runService } from '@common-ground/platform';
import { AppModule } from './app.module.js';
import type { GatewayConfig } from './config.js';
import { guardDoors } from './http/doors.js';
import { RATES } from './http/rates.js';

/** Starts the gateway on a database that its migrations have run on. */
export const startGateway = (config: GatewayConfig): Promise<RunningService> =>
  runService({
    config,
    module: AppModule.forRoot(config),
    prepare: (app) => {
      guardDoors(app.getHttpAdapter().getInstance() as unknown as FastifyInstance, { origins: config.origins, rates: app.get(RATES) });
    },
  });
