import type { DynamicModule, ExceptionFilter, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy, MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { ConfigError } from '../config/read-config.js';
import type { ServiceConfig } from '../config/service-config.js';
import { GrpcErrorFilter } from '../errors/grpc-error.filter.js';
import { grpcOptions } from '../grpc/grpc-server.js';
import { HealthChecks } from '../observability/health.js';

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
  readonly definition?: ServiceDefinition<UntypedServiceImplementation>;
  /** The transport that brings facts, and the filter that hands its handlers' errors on. */
  readonly facts?: { transport(app: NestFastifyApplication): CustomTransportStrategy; readonly errorFilter: ExceptionFilter };
  /** Before the HTTP door opens: middleware, sockets. */
  prepare?(app: NestFastifyApplication): Promise<void> | void;
};

const portOf = (address: string): number => Number(new URL(address).port);

/** A port that is taken, told by number and setting. */
const told = (service: string, error: unknown): unknown => {
  const text = error instanceof Error ? `${error.message} ${(error as { code?: string }).code ?? ''}` : String(error);
  const port = /:(\d{2,5})\b/.exec(text)?.[1];
  return /EADDRINUSE|No address added|bind/i.test(text) ? new ConfigError(`${service} cannot listen on port ${port ?? '(unknown)'}: something else uses it. Stop that, or choose another port.`) : error;
};

/** Starts one service: gRPC for commands and reads, HTTP for health and metrics, facts from the log. */
export const runService = async (description: ServiceDescription): Promise<RunningService> => {
  const { config, module, definition, facts, prepare } = description;
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter({ bodyLimit: 4 * 1024 * 1024, forceCloseConnections: true }), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Logger));
  app.useGlobalFilters();
  try {
    if (definition) {
      const grpc = app.connectMicroservice<MicroserviceOptions>(grpcOptions({ definition, ...config.grpc }), { inheritAppConfig: true, deferInitialization: true });
      grpc.useGlobalFilters(new GrpcErrorFilter());
    }
    if (facts) {
      const consumer = app.connectMicroservice<MicroserviceOptions>({ strategy: facts.transport(app) }, { inheritAppConfig: false, deferInitialization: true });
      consumer.useGlobalFilters(facts.errorFilter);
    }
    await prepare?.(app);
    await app.init();
    await app.startAllMicroservices();
    await app.listen(config.http.port, config.http.host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw told(config.service, error);
  }
  let closing: Promise<void> | undefined;
  return {
    app,
    grpcAddress: `${config.grpc.host}:${config.grpc.port}`,
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
