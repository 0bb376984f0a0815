import { registry } from '@common-ground/contracts';
import { type RunningService, runService } from '@common-ground/platform';
import { NestMicroservice } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { RegistryConfig } from './config.js';
import { observe } from './observation.js';

/** Starts the service on a database that its migrations have run on. */
export const startRegistry = (config: RegistryConfig): Promise<RunningService> =>
  runService({ config, module: AppModule.forRoot(config), definition: registry.RegistryServiceService, prepare });

const prepare = (app: NestFastifyApplication): void => {
  startOnce(app);
  observe(app);
};

/** A transport whose initialization is deferred calls every start-up hook again, and would start a second relay that nobody stops. */
const startOnce = (app: NestFastifyApplication): void => {
  for (const transport of app.getMicroservices()) if (transport instanceof NestMicroservice) transport.setIsInitHookCalled(true);
};
