import { migrate } from '@common-ground/persistence';
import { runMain } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { evaluationMigrations } from './migrations/index.js';

runMain(async () => {
  const ran = await migrate(readEnvironment().config.database.migrator, evaluationMigrations);
  process.stdout.write(ran.length === 0 ? 'evaluation: nothing to migrate\n' : `evaluation: ${ran.join(', ')}\n`);
});
