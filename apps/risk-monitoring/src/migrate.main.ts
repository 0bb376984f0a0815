import { migrate } from '@common-ground/persistence';
import { runMain } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { riskMonitoringMigrations } from './migrations/index.js';

runMain(async () => {
  const ran = await migrate(readEnvironment().config.database.migrator, riskMonitoringMigrations);
  process.stdout.write(ran.length === 0 ? 'risk-monitoring: nothing to migrate\n' : `risk-monitoring: ${ran.join(', ')}\n`);
});
