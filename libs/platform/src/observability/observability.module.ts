import { type DynamicModule, Global, Module } from '@nestjs/common';
import { HealthChecks, HealthController } from './health.js';
import { loggingModule } from './logging.module.js';
import { Metrics, MetricsController, SERVICE_NAME } from './metrics.js';

/** Logs, `/health/live`, `/health/ready` and `/metrics` of one service. */
@Global()
@Module({})
export class ObservabilityModule {
  static forRoot(options: { readonly service: string; readonly level: string }): DynamicModule {
    return {
      module: ObservabilityModule,
      imports: [loggingModule(options)],
      controllers: [HealthController, MetricsController],
      providers: [HealthChecks, Metrics, { provide: SERVICE_NAME, useValue: options.service }],
      exports: [HealthChecks, Metrics],
    };
  }
}
