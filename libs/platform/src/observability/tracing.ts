import { randomBytes } from 'node:crypto';
import { context, propagation, ROOT_CONTEXT, type SpanContext, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { NodeSDK } from '@opentelemetry/sdk-node';

export type Tracing = { close(): Promise<void> };

/**
 * Carries W3C trace contexts through the process. Spans are recorded and exported only when told to,
 * and then go where OTEL_EXPORTER_OTLP_ENDPOINT says. Once a process, before anything else.
 */
export const startTracing = (service: string, exporting: boolean): Tracing => {
  if (exporting) {
    const sdk = new NodeSDK({ serviceName: service });
    sdk.start();
    return { close: () => sdk.shutdown() };
  }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    close: async () => {
      propagation.disable();
      context.disable();
    },
  };
};

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const ZEROS = /^0+$/;

const spanContextOf = (traceparent: string | undefined): SpanContext | undefined => {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === '' || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
};

/** The W3C traceparent of the work under way; undefined outside of any, and where tracing was not started. */
export const currentTraceparent = (): string | undefined => {
  const span = trace.getSpanContext(context.active());
  return span && `00-${span.traceId}-${span.spanId}-0${span.traceFlags & TraceFlags.SAMPLED}`;
};

/** A traceparent that nobody has used yet. */
export const newTraceparent = (): string => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;

/** Runs work under the trace that a request or a fact carries; a traceparent that is none is left aside. */
export const withTraceparent = <T>(traceparent: string | undefined, work: () => T): T => {
  const span = spanContextOf(traceparent);
  return span ? context.with(trace.setSpanContext(ROOT_CONTEXT, span), work) : work();
};
