import { migrate } from '@common-ground/persistence';
import { runMain } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { schedulingMigrations } from './migrations/index.js';

runMain(async () => {
  const ran = await migrate(readEnvironment().config.database.migrator, schedulingMigrations);
  process.stdout.write(ran.length === 0 ? 'scheduling: nothing to migrate\n' : `scheduling: ${ran.join(', ')}\n`);
});
