import { Controller, Get, Header, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

export const SERVICE_NAME = Symbol('ServiceName');

export type Figure = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Figures of one service, in the format Prometheus reads. Several services may run in one process, so nothing here is global. */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  readonly meter: Meter;
  private readonly exporter = new PrometheusExporter({ preventServerStart: true });
  /** Every line carries `service_name`: in embedded mode several services are read side by side. */
  private readonly serializer = new PrometheusSerializer('', false, /^service\.name$/);
  private readonly provider: MeterProvider;

  constructor(@Inject(SERVICE_NAME) service: string) {
    this.provider = new MeterProvider({ readers: [this.exporter], resource: resourceFromAttributes({ 'service.name': service }) });
    this.meter = this.provider.getMeter('common-ground');
    this.observe('process_resident_memory_bytes', 'Memory that the process holds.', async () => process.memoryUsage.rss());
  }

  /** A figure that is read whenever the metrics are. One that cannot be read is left out. */
  observe(name: string, description: string, read: () => Promise<number>): void {
    this.observeEach(name, description, async () => [{ labels: {}, value: await read() }]);
  }

  /** The same for several of a kind, told apart by labels. */
  observeEach(name: string, description: string, read: () => Promise<readonly Figure[]>): void {
    this.meter.createObservableGauge(name, { description }).addCallback(async (result) => {
      for (const { labels, value } of await read().catch(() => [])) result.observe(value, labels);
    });
  }

  async render(): Promise<string> {
    const { resourceMetrics } = await this.exporter.collect();
    return this.serializer.serialize(resourceMetrics);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.provider.shutdown().catch(() => undefined);
  }
}

@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(): Promise<string> {
    return this.metrics.render();
  }
}
