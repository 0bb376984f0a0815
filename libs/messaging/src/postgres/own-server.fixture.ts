import { applicationOf, baseMigrations, type EmbeddedPostgres, migrate, migratorOf, provision, startEmbeddedPostgres } from '@common-ground/persistence';
import { FaultProxy, type FreshDatabase } from '@common-ground/testing';

const PASSWORD = 'for-tests-only';

/** A durable server that a spec may break: nobody else's databases lie on it. */
export const startOwnServer = async (folder: string): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ folder, port: await freePort(), durable: true });

export const databaseOn = async ({ admin }: EmbeddedPostgres, name: string, migrations: Parameters<typeof migrate>[1]): Promise<FreshDatabase> => {
  await provision(admin, { database: name, migratorPassword: PASSWORD, applicationPassword: PASSWORD });
  const place = { ...admin, database: name, password: PASSWORD };
  await migrate({ ...place, user: migratorOf(name) }, [...baseMigrations, ...migrations]);
  return { app: { ...place, user: applicationOf(name) }, migrator: { ...place, user: migratorOf(name) }, admin: { ...admin, database: name }, drop: async () => undefined };
};

const freePort = async (): Promise<number> => {
  const probe = await FaultProxy.start(() => ({ host: '127.0.0.1', port: 0 }));
  const { port } = probe;
  await probe.close();
  return port;
};
