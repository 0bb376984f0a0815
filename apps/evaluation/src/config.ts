import { readServiceConfig, type ServiceConfig } from '@common-ground/platform';

export type EvaluationConfig = ServiceConfig & {
  /** When estimates follow answers; 300 ms of quiet or 5 s at the latest when not said. */
  readonly recomputation?: { readonly quietMs: number; readonly latestMs: number };
};

type Environment = Readonly<Record<string, string | undefined>>;

export const readEvaluationConfig = (env: Environment): EvaluationConfig => readServiceConfig('evaluation', 'evaluation', { grpc: 7004, http: 7104 }, env);

/** The only reader of the environment in this service. */
export const readEnvironment = (env: Environment = process.env) => ({
  config: readEvaluationConfig(env),
  migrateFirst: env['MIGRATE'] === 'true',
  exportTraces: Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
});
