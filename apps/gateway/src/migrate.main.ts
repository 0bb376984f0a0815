import { migrate } from '@common-ground/persistence';
import { runMain } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { gatewayMigrations } from './migrations/index.js';

runMain(async () => {
  const ran = await migrate(readEnvironment().config.database.migrator, gatewayMigrations);
  process.stdout.write(ran.length === 0 ? 'gateway: nothing to migrate\n' : `gateway: ${ran.join(', ')}\n`);
});
