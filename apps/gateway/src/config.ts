import { z } from 'zod';
import { readConfig, readServiceConfig, type ServiceConfig } from '@common-ground/platform';
import type { ServiceAddresses } from './services/services.js';

export type GatewayConfig = ServiceConfig & {
  readonly services: ServiceAddresses;
  /** Whether the schema may be asked for, and whether the page /graphiql is served; both by explicit setting only. */
  readonly introspection: boolean;
  /** The OpenID client that the query page signs in as; none: no page. */
  readonly graphiqlClientId?: string | undefined;
  /** Origins of pages that may open a WebSocket or read answers, e.g. `https://portal.example.org`. */
  readonly origins: readonly string[];
  /** Counts of people from 1 up to one less than this are withheld. */
  readonly suppressBelow: number;
  /** Requests a second that one person, and one address, may make for long. */
  readonly requestsPerSecond: { readonly person: number; readonly address: number };
  readonly socketsPerPerson: number;
};

type Environment = Readonly<Record<string, string | undefined>>;

const address = (otherwise: string) => z.string().regex(/^[^\s/:]+:\d{1,5}$|^\[[^\s]+\]:\d{1,5}$/, { error: 'give it as host:port' }).default(otherwise);
const yes = z.enum(['true', 'false'], { error: 'give true or false' }).default('false');

const own = z.object({
  REGISTRY_ADDRESS: address('127.0.0.1:7001'),
  SCHEDULING_ADDRESS: address('127.0.0.1:7002'),
  RISK_MONITORING_ADDRESS: address('127.0.0.1:7003'),
  EVALUATION_ADDRESS: address('127.0.0.1:7004'),
  GRAPHQL_INTROSPECTION: yes,
  GRAPHIQL_CLIENT_ID: z.string().optional(),
  ALLOWED_ORIGINS: z.string().default(''),
  SUPPRESS_BELOW: z.coerce.number({ error: 'give a whole number, 2 or more' }).int().min(2).max(100).default(5),
  REQUESTS_PER_SECOND_PERSON: z.coerce.number().min(1).default(100),
  REQUESTS_PER_SECOND_ADDRESS: z.coerce.number().min(1).default(500),
  SOCKETS_PER_PERSON: z.coerce.number().int().min(1).default(10),
});

export const readGatewayConfig = (env: Environment): GatewayConfig => {
  const read = readConfig(own, env);
  return {
    ...readServiceConfig('gateway', 'gateway', { grpc: 0, http: 7100 }, env),
    services: { registry: read.REGISTRY_ADDRESS, scheduling: read.SCHEDULING_ADDRESS, riskMonitoring: read.RISK_MONITORING_ADDRESS, evaluation: read.EVALUATION_ADDRESS },
    introspection: read.GRAPHQL_INTROSPECTION === 'true',
    graphiqlClientId: read.GRAPHIQL_CLIENT_ID,
    origins: read.ALLOWED_ORIGINS.split(',').map((origin) => origin.trim()).filter((origin) => origin !== ''),
    suppressBelow: read.SUPPRESS_BELOW,
    requestsPerSecond: { person: read.REQUESTS_PER_SECOND_PERSON, address: read.REQUESTS_PER_SECOND_ADDRESS },
    socketsPerPerson: read.SOCKETS_PER_PERSON,
  };
};

/** The only reader of the environment in this service. */
export const readEnvironment = (env: Environment = process.env) => ({
  config: readGatewayConfig(env),
  migrateFirst: env['MIGRATE'] === 'true',
  exportTraces: Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
});
