// A database and its two roles for every service; again is the same, and sets the passwords anew.
import { provision } from '@common-ground/persistence';
import { hostSetting, portSetting, readConfig, runMain } from '@common-ground/platform';
import { z } from 'zod';

const DATABASES = ['registry', 'scheduling', 'evaluation', 'risk_monitoring', 'gateway'];

const passwordsOf = (database) => ({ applicationPassword: `${database.toUpperCase()}_DATABASE_PASSWORD`, migratorPassword: `${database.toUpperCase()}_MIGRATOR_PASSWORD` });
const password = z.string({ error: 'set it; deploy/new-secrets.sh makes one' }).min(12, 'give at least 12 characters');

runMain(async () => {
  const settings = readConfig(
    z.object({
      POSTGRES_HOST: hostSetting(),
      POSTGRES_PORT: portSetting(5432),
      POSTGRES_USER: z.string().default('postgres'),
      POSTGRES_PASSWORD: password,
      ...Object.fromEntries(DATABASES.flatMap((database) => Object.values(passwordsOf(database)).map((name) => [name, password]))),
    }),
    process.env,
  );
  const admin = { host: settings.POSTGRES_HOST, port: settings.POSTGRES_PORT, database: 'postgres', user: settings.POSTGRES_USER, password: settings.POSTGRES_PASSWORD };
  for (const database of DATABASES) {
    const { applicationPassword, migratorPassword } = passwordsOf(database);
    await provision(admin, { database, applicationPassword: settings[applicationPassword], migratorPassword: settings[migratorPassword] });
    process.stdout.write(`${database}: database and roles are there\n`);
  }
});
