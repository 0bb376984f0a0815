import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { trace } from '@opentelemetry/api';

/** Structured logs, one JSON line each, with the service and the trace; tokens and personal fields are cut out before they are written. */
export const loggingModule = ({ service, level }: { readonly service: string; readonly level: string }): DynamicModule =>
  LoggerModule.forRoot({
    pinoHttp: {
      level,
      base: { service },
      autoLogging: false,
      quietReqLogger: true,
      redact: { paths: ['req.headers', 'authorization', '*.authorization', '*.password', '*.token', '*.email', '*.target', '*.name'], censor: '[withheld]' },
      mixin: () => {
        const span = trace.getActiveSpan()?.spanContext();
        return span ? { traceId: span.traceId, spanId: span.spanId } : {};
      },
    },
  });
