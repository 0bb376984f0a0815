import { exitWhenStalled } from '@common-ground/messaging';
import { migrate } from '@common-ground/persistence';
import { closeOnSignals, runMain, startTracing } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { schedulingMigrations } from './migrations/index.js';
import { startScheduling } from './service.js';

runMain(async () => {
  const { config, migrateFirst, exportTraces } = readEnvironment();
  const tracing = startTracing(config.service, exportTraces);
  if (migrateFirst) await migrate(config.database.migrator, schedulingMigrations);
  const service = await startScheduling(config);
  exitWhenStalled(service.app);
  closeOnSignals(async () => {
    await service.close();
    await tracing.close();
  });
});
