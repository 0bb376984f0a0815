import { join } from 'node:path';
import { startEvaluation } from '@common-ground/evaluation';
import { startGateway } from '@common-ground/gateway';
import { startEmbeddedPostgres } from '@common-ground/persistence';
import { ConfigError, freePort, isPortFree, type RunningService, type ServiceConfig } from '@common-ground/platform';
import { startRegistry } from '@common-ground/registry';
import { secretsKeysOf, startRiskMonitoring, USUAL_DELIVERY } from '@common-ground/risk-monitoring';
import { startScheduling } from '@common-ground/scheduling';
import { openDataFolder } from './data-folder.js';
import { prepareDatabases, type DatabaseName, type Databases } from './embedded-databases.js';
import { AUDIENCE, PORTAL_CLIENT, startIdentityProvider } from './identity-provider/identity-provider.js';
import type { DemonstrationUser } from './identity-provider/users.js';
import type { StandaloneSettings } from './settings.js';

export type EmbeddedPlatform = {
  readonly graphqlUrl: string;
  readonly gatewayUrl: string;
  readonly issuer: string;
  /** True when something that a killed process left behind was put right first. */
  readonly healed: boolean;
  /** Gateway first, then the services, then PostgreSQL. Again is the same. */
  close(): Promise<void>;
};

type Closing = { readonly what: string; close(): Promise<unknown> };

/** Everything in one process: PostgreSQL beside it, the event log in PostgreSQL, an OpenID provider with demonstration users. */
export const startEmbeddedPlatform = async (settings: StandaloneSettings, users: readonly DemonstrationUser[], onStep: (step: string) => void): Promise<EmbeddedPlatform> => {
  await refuseTakenPorts(settings);
  const secrets = openDataFolder(settings.dataFolder);
  const closings: Closing[] = [];
  const close = async (): Promise<void> => {
    for (const { close: end } of closings.splice(0).reverse()) await end().catch(() => undefined);
  };
  try {
    onStep('Starting PostgreSQL');
    const postgres = await startEmbeddedPostgres({ folder: join(settings.dataFolder, 'postgres'), port: settings.postgresPort || (await freePort()), durable: true });
    closings.push({ what: 'PostgreSQL', close: () => postgres.stop() });
    onStep('Preparing databases');
    const databases = await prepareDatabases(postgres.admin, secrets);
    onStep('Starting services');
    const identity = await startIdentityProvider({ host: settings.host, port: settings.identityPort, folder: join(settings.dataFolder, 'identity'), users, redirectPaths: ['/graphiql'] });
    closings.push({ what: 'identity provider', close: () => identity.close() });
    const services = await startServices(settings, databases, identity.issuer, secrets.secretsKey, closings);
    return { ...services, issuer: identity.issuer, healed: postgres.healed, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const refuseTakenPorts = async ({ host, port, identityPort }: StandaloneSettings): Promise<void> => {
  for (const [name, wanted] of [['COMMON_GROUND_PORT', port], ['COMMON_GROUND_IDENTITY_PORT', identityPort]] as const) {
    if (wanted !== 0 && !(await isPortFree(wanted, host))) {
      throw new ConfigError(`Port ${wanted} is in use, perhaps by another Common Ground. Stop that, or choose another port: ${name}=${wanted + 100} npm start`);
    }
  }
};

const startServices = async (settings: StandaloneSettings, databases: Databases, issuer: string, secretsKey: string, closings: Closing[]): Promise<{ graphqlUrl: string; gatewayUrl: string }> => {
  const { logLevel } = settings;
  const configFor = async (service: string, database: DatabaseName): Promise<ServiceConfig> => ({
    service,
    grpc: { host: '127.0.0.1', port: await freePort() },
    http: { host: '127.0.0.1', port: 0 },
    database: databases[database],
    log: { kind: 'postgres', database: databases.event_log.app },
    identity: { issuer, audience: AUDIENCE },
    logLevel,
  });
  const keep = async (what: string, starting: Promise<RunningService>): Promise<RunningService> => {
    const service = await starting;
    closings.push({ what, close: () => service.close() });
    return service;
  };
  const registry = await keep('registry', startRegistry(await configFor('registry', 'registry')));
  const scheduling = await keep('scheduling', startScheduling(await configFor('scheduling', 'scheduling')));
  const evaluation = await keep('evaluation', startEvaluation(await configFor('evaluation', 'evaluation')));
  const riskMonitoring = await keep(
    'risk-monitoring',
    startRiskMonitoring({
      ...(await configFor('risk-monitoring', 'risk_monitoring')),
      alerts: { secretsKeys: secretsKeysOf(secretsKey), email: settings.smtp, webhooks: { allowLoopback: true, allowPrivateNetworks: false }, portalUrl: undefined, delivery: USUAL_DELIVERY },
    }),
  );
  const gateway = await keep(
    'gateway',
    startGateway({
      ...(await configFor('gateway', 'gateway')),
      http: { host: settings.host, port: settings.port },
      services: { registry: registry.grpcAddress, scheduling: scheduling.grpcAddress, evaluation: evaluation.grpcAddress, riskMonitoring: riskMonitoring.grpcAddress },
      introspection: true,
      graphiqlClientId: PORTAL_CLIENT,
      origins: [],
      suppressBelow: 5,
      requestsPerSecond: { person: 200, address: 1_000 },
      socketsPerPerson: 10,
    }),
  );
  return { gatewayUrl: gateway.httpAddress, graphqlUrl: `${gateway.httpAddress}/graphql` };
};
