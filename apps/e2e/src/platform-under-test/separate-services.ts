import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseConfig, provision, startEmbeddedPostgres } from '@common-ground/persistence';
import { freePort } from '@common-ground/platform';
import { startKafka } from '@common-ground/testing';
import { answersOk, Child } from './child.js';
import type { PlatformUnderTest } from './platform-under-test.js';

const SERVICES = [
  { app: 'registry', database: 'registry' },
  { app: 'scheduling', database: 'scheduling' },
  { app: 'evaluation', database: 'evaluation' },
  { app: 'risk-monitoring', database: 'risk_monitoring' },
] as const;

const PASSWORD = randomBytes(12).toString('hex');

/** Every service as a process of its own on real Apache Kafka and real PostgreSQL, with all they need beside them. */
export const startSeparateServices = async (): Promise<PlatformUnderTest & { readonly brokers: readonly string[] }> => {
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-services-'));
  chmodSync(folder, 0o755);
  const closings: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closings.splice(0).reverse()) await end().catch(() => undefined);
  };
  try {
    const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), port: await freePort(), durable: true });
    closings.push(() => postgres.stop());
    const kafka = await startKafka();
    closings.push(() => kafka.stop());
    const identity = await startIdentity(folder);
    closings.push(() => identity.child.end());
    const shared = { LOG_TRANSPORT: 'kafka', KAFKA_BROKERS: kafka.brokers.join(','), OIDC_ISSUER: identity.issuer, MIGRATE: 'true', RISK_SECRETS_KEY: randomBytes(32).toString('base64') };
    const addresses = new Map<string, string>();
    const starting = SERVICES.map(async ({ app, database }) => {
      const grpcPort = await freePort();
      addresses.set(app, `127.0.0.1:${grpcPort}`);
      const child = await startService(app, { ...shared, ...(await databaseSettings(postgres.admin, database)), GRPC_PORT: String(grpcPort) }, await freePort());
      closings.push(() => child.end());
    });
    await Promise.all(starting);
    const port = await freePort();
    const gateway = await startService(
      'gateway',
      {
        ...shared,
        ...(await databaseSettings(postgres.admin, 'gateway')),
        REGISTRY_ADDRESS: addresses.get('registry') ?? '',
        SCHEDULING_ADDRESS: addresses.get('scheduling') ?? '',
        EVALUATION_ADDRESS: addresses.get('evaluation') ?? '',
        RISK_MONITORING_ADDRESS: addresses.get('risk-monitoring') ?? '',
      },
      port,
    );
    closings.push(() => gateway.end());
    return { graphqlUrl: `http://127.0.0.1:${port}/graphql`, issuer: identity.issuer, brokers: kafka.brokers, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const startIdentity = async (folder: string): Promise<{ child: Child; issuer: string }> => {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const child = Child.start('identity provider', 'apps/standalone/dist/identity-provider/identity-provider.main.js', { IDENTITY_PORT: String(port), IDENTITY_FOLDER: join(folder, 'identity') });
  await child.ready(answersOk(`${issuer}/.well-known/openid-configuration`));
  return { child, issuer };
};

const databaseSettings = async (admin: DatabaseConfig, database: string): Promise<Record<string, string>> => {
  await provision(admin, { database, applicationPassword: PASSWORD, migratorPassword: PASSWORD });
  return { DATABASE_HOST: admin.host, DATABASE_PORT: String(admin.port), DATABASE_PASSWORD: PASSWORD, MIGRATOR_PASSWORD: PASSWORD };
};

const startService = async (app: string, env: Readonly<Record<string, string>>, httpPort: number): Promise<Child> => {
  const child = Child.start(app, `apps/${app}/dist/main.js`, { ...env, HTTP_PORT: String(httpPort), LOG_LEVEL: 'warn' });
  return child.ready(answersOk(`http://127.0.0.1:${httpPort}/health/ready`));
};
