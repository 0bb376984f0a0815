import { z } from 'zod';
import { hostSetting, portSetting, readConfig } from './read-config.js';

type Database = { readonly host: string; readonly port: number; readonly database: string; readonly user: string; readonly password: string; readonly poolSize?: number };

/** `jwksUri` where the provider's keys are reached by another address than the one tokens name; found by discovery otherwise. */
export type IdentityConfig = { readonly issuer: string; readonly audience: string; readonly jwksUri?: string | undefined };

/** What every service is told; its own settings come beside it. */
export type ServiceConfig = {
  readonly service: string;
  readonly grpc: { readonly host: string; readonly port: number };
  readonly http: { readonly host: string; readonly port: number };
  readonly database: { readonly app: Database; readonly migrator: Database };
  readonly log: { readonly kind: 'postgres'; readonly database: Database } | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly clientId: string };
  readonly identity: IdentityConfig;
  readonly logLevel: string;
};

const environment = (service: string, database: string, ports: { grpc: number; http: number }) =>
  z.object({
    GRPC_HOST: hostSetting(),
    GRPC_PORT: portSetting(ports.grpc),
    HTTP_HOST: hostSetting(),
    HTTP_PORT: portSetting(ports.http),
    DATABASE_HOST: hostSetting(),
    DATABASE_PORT: portSetting(5432),
    DATABASE_NAME: z.string().default(database),
    DATABASE_USER: z.string().default(`${database}_app`),
    DATABASE_PASSWORD: z.string({ error: `set it to the password of the role ${database}_app` }),
    MIGRATOR_USER: z.string().default(`${database}_migrator`),
    MIGRATOR_PASSWORD: z.string().optional(),
    LOG_TRANSPORT: z.enum(['postgres', 'kafka'], { error: 'give postgres or kafka' }).default('kafka'),
    KAFKA_BROKERS: z.string().optional(),
    LOG_DATABASE_URL: z.url({ error: 'give postgres://user:password@host:port/database' }).optional(),
    OIDC_ISSUER: z.url({ error: 'give the address of the OpenID provider' }),
    OIDC_JWKS_URI: z.url({ error: 'give the address of the OpenID provider\'s keys, or leave it out' }).optional(),
    OIDC_AUDIENCE: z.string().default('common-ground'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    SERVICE_NAME: z.string().default(service),
  });

/** `postgres://user:password@host:port/database` in parts. */
export const databaseFromUrl = (text: string): Database => {
  const url = new URL(text);
  return { host: url.hostname, port: Number(url.port || 5432), database: url.pathname.slice(1), user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
};

/** Settings that all services share, from the environment. `database` is the service's database name. */
export const readServiceConfig = (service: string, database: string, ports: { readonly grpc: number; readonly http: number }, env: Readonly<Record<string, string | undefined>>): ServiceConfig => {
  const read = readConfig(
    environment(service, database, ports).superRefine((value, context) => {
      if (value.LOG_TRANSPORT === 'kafka' && !value.KAFKA_BROKERS) context.addIssue({ code: 'custom', path: ['KAFKA_BROKERS'], message: 'name the brokers, as host:port,host:port' });
      if (value.LOG_TRANSPORT === 'postgres' && !value.LOG_DATABASE_URL) context.addIssue({ code: 'custom', path: ['LOG_DATABASE_URL'], message: 'name the database of the event log' });
    }),
    env,
  );
  const place = { host: read.DATABASE_HOST, port: read.DATABASE_PORT, database: read.DATABASE_NAME };
  return {
    service,
    grpc: { host: read.GRPC_HOST, port: read.GRPC_PORT },
    http: { host: read.HTTP_HOST, port: read.HTTP_PORT },
    database: {
      app: { ...place, user: read.DATABASE_USER, password: read.DATABASE_PASSWORD },
      migrator: { ...place, user: read.MIGRATOR_USER, password: read.MIGRATOR_PASSWORD ?? '' },
    },
    log:
      read.LOG_TRANSPORT === 'kafka'
        ? { kind: 'kafka', brokers: (read.KAFKA_BROKERS ?? '').split(',').map((broker) => broker.trim()), clientId: service }
        : { kind: 'postgres', database: databaseFromUrl(read.LOG_DATABASE_URL ?? '') },
    identity: { issuer: read.OIDC_ISSUER, audience: read.OIDC_AUDIENCE, jwksUri: read.OIDC_JWKS_URI },
    logLevel: read.LOG_LEVEL,
  };
};
