import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { observeMessaging } from '@common-ground/messaging';
import { type RunningService, runService } from '@common-ground/platform';
import { AppModule } from './app.module.js';
import type { GatewayConfig } from './config.js';
import { guardDoors } from './http/doors.js';
import { serveQueryPage } from './http/query-page.js';
import { RATES } from './http/rates.js';
import { Sockets } from './live/sockets.js';
import { PortfolioModels } from './portfolio/portfolio-models.js';

/** Starts the gateway on a database that its migrations have run on. */
export const startGateway = async (config: GatewayConfig): Promise<RunningService> => {
  const running = await runService({
    config,
    module: AppModule.forRoot(config),
    prepare: (app) => {
      observeMessaging(app, [app.get(PortfolioModels)]);
      const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
      guardDoors(fastify, { origins: config.origins, rates: app.get(RATES) });
      if (config.graphiqlClientId) serveQueryPage(fastify, { issuer: config.identity.issuer, clientId: config.graphiqlClientId });
      app.get(Sockets).attach(app.getHttpServer() as Server);
    },
  });
  return {
    ...running,
    close: () => {
      // First, because HTTP does not close while a socket is open.
      running.app.get(Sockets).close();
      return running.close();
    },
  };
};
