import { createDataSource, Database } from '@common-ground/persistence';
import { runMain } from '@common-ground/platform';
import { readEnvironment } from './config.js';
import { entities } from './entities.js';
import { resealSubscriptions } from './subscription/reseal.js';
import { SecretBox } from './subscription/secret-box.js';

/** One step of exchanging `RISK_SECRETS_KEY`: seals with its first key what others sealed. */
runMain(async () => {
  const { config } = readEnvironment();
  const dataSource = await createDataSource({ ...config.database.app, applicationName: 'reseal' }, entities).initialize();
  try {
    const { resealed, current } = await resealSubscriptions(new Database(dataSource), new SecretBox(config.alerts.secretsKeys));
    process.stdout.write(`risk-monitoring: ${resealed} subscriptions sealed with the first key, ${current} were already; no other key is needed for them\n`);
  } finally {
    await dataSource.destroy();
  }
});
