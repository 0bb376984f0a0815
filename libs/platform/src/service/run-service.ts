import type { DynamicModule, ExceptionFilter, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type CustomTransportStrategy, type MicroserviceOptions, NestMicroservice } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { ConfigError } from '../config/read-config.js';
import type { ServiceConfig } from '../config/service-config.js';
import { GrpcErrorFilter } from '../errors/grpc-error.filter.js';
import { type GrpcServer, grpcOptions } from '../grpc/grpc-server.js';
import { HealthChecks } from '../observability/health.js';
import { Metrics } from '../observability/metrics.js';
import { asService } from '../observability/logging.module.js';

export type RunningService = {
  readonly app: NestFastifyApplication;
  readonly grpcAddress: string;
  readonly httpAddress: string;
  /** Not ready, intake closed, consumers stopped, relay stopped, pools closed. Again is the same. */
  close(): Promise<void>;
};

export type ServiceDescription = {
  readonly config: Pick<ServiceConfig, 'service' | 'grpc' | 'http' | 'logLevel'>;
  readonly module: DynamicModule | Type;
  /** What it offers by gRPC; none: it has no such door. */
  readonly definitions?: readonly ServiceDefinition<UntypedServiceImplementation>[];
  /** The transport that brings facts, and the filter that hands its handlers' errors on. */
  readonly facts?: { transport(app: NestFastifyApplication): CustomTransportStrategy; readonly errorFilter: ExceptionFilter };
  /** Before the HTTP door opens: middleware, sockets. */
  prepare?(app: NestFastifyApplication): Promise<void> | void;
};

const BODY_BYTES = 4 * 1024 * 1024;

const portOf = (address: string): number => Number(new URL(address).port);

/** A port that is taken, told by number and with the way out. */
const portTaken = ({ service, http: { host, port } }: ServiceDescription['config'], error: unknown): unknown =>
  (error as { code?: unknown }).code === 'EADDRINUSE'
    ? new ConfigError(`${service}: port ${port} of ${host} is in use, so health and metrics cannot be served there: stop what uses it, or choose another port.`)
    : error;

const create = async ({ module }: ServiceDescription): Promise<NestFastifyApplication> => {
  const door = new FastifyAdapter({ bodyLimit: BODY_BYTES, forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(module, door, { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  return app;
};

/** @returns the gRPC transport, when the service has one */
const connect = (app: NestFastifyApplication, { config, definitions, facts }: ServiceDescription): GrpcServer | undefined => {
  const grpc = definitions && grpcOptions({ definitions, ...config.grpc });
  if (grpc) {
    const door = app.connectMicroservice<MicroserviceOptions>(grpc, { inheritAppConfig: true, deferInitialization: true });
    door.useGlobalFilters(new GrpcErrorFilter());
  }
  if (facts) {
    const consumer = app.connectMicroservice<MicroserviceOptions>({ strategy: facts.transport(app) }, { inheritAppConfig: false, deferInitialization: true });
    consumer.useGlobalFilters(facts.errorFilter);
  }
  return grpc?.strategy;
};

/**
 * Starts one service: gRPC for commands and reads, HTTP for health and metrics, facts from the log.
 *
 * @throws ConfigError naming the port when one is taken
 */
export const runService = (description: ServiceDescription): Promise<RunningService> => asService(description.config.service, () => start(description));

const start = async (description: ServiceDescription): Promise<RunningService> => {
  const { config, prepare } = description;
  const app = await create(description);
  app.get(Metrics).observe('service_ready', 'Whether database, event log and consumer are well.', async () => Number((await app.get(HealthChecks).report()).ready));
  let grpc: GrpcServer | undefined;
  try {
    grpc = connect(app, description);
    // A transport whose initialization is deferred would call every start-up hook again, and start a second relay that nobody stops.
    for (const transport of app.getMicroservices()) if (transport instanceof NestMicroservice) transport.setIsInitHookCalled(true);
    await prepare?.(app);
    await app.init();
    await app.startAllMicroservices();
    await app.listen(config.http.port, config.http.host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw portTaken(config, error);
  }
  let closing: Promise<void> | undefined;
  return {
    app,
    grpcAddress: grpc?.address ?? `${config.grpc.host}:${config.grpc.port}`,
    httpAddress: `http://${config.http.host}:${portOf(await app.getUrl())}`,
    close: () => {
      app.get(HealthChecks).stop();
      closing ??= app.close();
      return closing;
    },
  };
};

/** Stops a service when the system asks, once; a second signal ends the process at once. */
export const closeOnSignals = (close: () => Promise<void>): void => {
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(130);
      asked = true;
      close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
};

/** Runs a program's main function; a setting that is wrong is told without a stack. */
export const runMain = (main: () => Promise<unknown>): void => {
  main().catch((error: unknown) => {
    process.stderr.write(error instanceof ConfigError ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
};
