import { eventLogMigrations } from '@common-ground/messaging';
import { applicationOf, baseMigrations, type DatabaseConfig, migrate, type Migration, migratorOf, provision } from '@common-ground/persistence';
import { evaluationMigrations } from '@common-ground/evaluation';
import { gatewayMigrations } from '@common-ground/gateway';
import { registryMigrations } from '@common-ground/registry';
import { riskMonitoringMigrations } from '@common-ground/risk-monitoring';
import { schedulingMigrations } from '@common-ground/scheduling';
import type { Secrets } from './data-folder.js';

const MIGRATIONS = {
  event_log: [...baseMigrations, ...eventLogMigrations],
  registry: registryMigrations,
  scheduling: schedulingMigrations,
  evaluation: evaluationMigrations,
  risk_monitoring: riskMonitoringMigrations,
  gateway: gatewayMigrations,
} satisfies Record<string, readonly Migration[]>;

export type DatabaseName = keyof typeof MIGRATIONS;
export type Databases = Readonly<Record<DatabaseName, { readonly app: DatabaseConfig; readonly migrator: DatabaseConfig }>>;

/** A database for every service and the log, each with its two roles, brought up to date. Again is the same. */
export const prepareDatabases = async (admin: DatabaseConfig, secrets: Secrets): Promise<Databases> => {
  const prepared: [DatabaseName, Databases[DatabaseName]][] = [];
  for (const name of Object.keys(MIGRATIONS) as DatabaseName[]) {
    await provision(admin, { database: name, applicationPassword: secrets.databasePassword, migratorPassword: secrets.migratorPassword });
    const place = { host: admin.host, port: admin.port, database: name };
    const migrator = { ...place, user: migratorOf(name), password: secrets.migratorPassword };
    await migrate(migrator, MIGRATIONS[name]);
    prepared.push([name, { app: { ...place, user: applicationOf(name), password: secrets.databasePassword, poolSize: 8 }, migrator }]);
  }
  return Object.fromEntries(prepared) as Databases;
};
