import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';

/** The W3C traceparent of the span under way, if tracing is on. */
export const currentTraceparent = (): string | undefined => {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
};

/** Runs work under the trace that a fact carries. */
export const withTraceparent = <T>(traceparent: string | undefined, work: () => T): T =>
  traceparent ? context.with(propagation.extract(ROOT_CONTEXT, { traceparent }), work) : work();
