import { exitWhenStalled } from '@common-ground/messaging';
import { migrate } from '@common-ground/persistence';
import { closeOnSignals, runMain, startTracing } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { registryMigrations } from './migrations/index.js';
import { startRegistry } from './service.js';

runMain(async () => {
  const { config, migrateFirst, exportTraces } = readEnvironment();
  const tracing = startTracing(config.service, exportTraces);
  if (migrateFirst) await migrate(config.database.migrator, registryMigrations);
  const service = await startRegistry(config);
  exitWhenStalled(service.app);
  closeOnSignals(async () => {
    await service.close();
    await tracing.close();
  });
});
