import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamicModule } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import { LoggerModule } from 'nestjs-pino';

const services = new AsyncLocalStorage<string>();

/**
 * Starts a service so that its log lines carry its name, also those of its timers and sockets:
 * nestjs-pino has one root logger a process, and in embedded mode several services share one.
 */
export const asService = <T>(service: string, start: () => T): T => services.run(service, start);

/** What every log line says beside its message. */
export const logFields = (service: string): Record<string, string> => {
  const span = trace.getSpanContext(context.active());
  return { service: services.getStore() ?? service, ...(span ? { traceId: span.traceId, spanId: span.spanId } : {}) };
};

/** Tokens and whatever names or reaches a person; withheld before a line is written. */
export const WITHHELD = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'email', 'phone', 'target', 'name', 'contact'];

/** Structured logs, one JSON line each, with the service and the trace. `level` silent says nothing. */
export const loggingModule = ({ service, level }: { readonly service: string; readonly level: string }): DynamicModule =>
  LoggerModule.forRoot({
    pinoHttp: {
      level,
      base: null,
      autoLogging: false,
      quietReqLogger: true,
      redact: { paths: ['req.headers', 'res.headers', ...WITHHELD.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])], censor: '[withheld]' },
      mixin: () => logFields(service),
    },
  });
