import { readServiceConfig, type ServiceConfig } from '@common-ground/platform';

export type RegistryConfig = ServiceConfig;

type Environment = Readonly<Record<string, string | undefined>>;

export const readRegistryConfig = (env: Environment): RegistryConfig => readServiceConfig('registry', 'registry', { grpc: 7001, http: 7101 }, env);

/** The only reader of the environment in this service. */
export const readEnvironment = (env: Environment = process.env) => ({
  config: readRegistryConfig(env),
  migrateFirst: env['MIGRATE'] === 'true',
  exportTraces: Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
});
