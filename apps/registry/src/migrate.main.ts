import { migrate } from '@common-ground/persistence';
import { runMain } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { registryMigrations } from './migrations/index.js';

runMain(async () => {
  const ran = await migrate(readEnvironment().config.database.migrator, registryMigrations);
  process.stdout.write(ran.length === 0 ? 'registry: nothing to migrate\n' : `registry: ${ran.join(', ')}\n`);
});
