import { context, propagation } from '@opentelemetry/api';
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
