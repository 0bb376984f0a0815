import { ConfigError, runMain, startTracing } from '@common-ground/platform';
import { isDemonstrationLoaded, markDemonstrationLoaded } from './data-folder.js';
import { DISTRICTS } from './demonstration/districts.js';
import { loadDemonstration } from './demonstration/load-demonstration.js';
import { type EmbeddedPlatform, startEmbeddedPlatform } from './embedded-platform.js';
import { demonstrationUsers, type DemonstrationUser } from './identity-provider/users.js';
import { readSettings, type StandaloneSettings } from './settings.js';
import { interventionIdOf } from '@common-ground/programme-folder';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const [firstDistrict] = DISTRICTS;
const facilitates = { mission: firstDistrict?.mission.mission ?? '', interventionId: interventionIdOf(firstDistrict?.mission.mission ?? '', firstDistrict?.intervention.code ?? '') };

const showReady = ({ graphqlUrl, gatewayUrl, issuer }: EmbeddedPlatform, users: readonly DemonstrationUser[], settings: StandaloneSettings): void => {
  say('');
  say('Common Ground is ready.');
  say(`  GraphQL      ${graphqlUrl}`);
  say(`  Try it       ${gatewayUrl}/graphiql`);
  say(`  Sign-in      ${issuer}`);
  say(`  Data         ${settings.dataFolder}`);
  say('');
  say('  Demonstration users (name, password, role, missions)');
  for (const { username, password, roles, missions } of users) say(`    ${username.padEnd(20)} ${password.padEnd(26)} ${roles.join(', ').padEnd(20)} ${missions.join(', ') || 'all'}`);
  say('');
  say('Stop it with Ctrl+C; everything is kept.');
};

const stopOnSignals = (platform: EmbeddedPlatform): void => {
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) return;
      asked = true;
      say('Stopping ...');
      void platform.close().finally(() => process.exit(0));
    });
  }
};

runMain(async () => {
  const settings = readSettings();
  const tracing = startTracing('common-ground', false);
  const users = demonstrationUsers({ facilitates });
  const started = Date.now();
  const platform = await startEmbeddedPlatform(settings, users, (step) => say(`• ${step} ...`)).catch((error: unknown) => {
    throw error instanceof Error && /another|in use|may not enter|does not stop|did not start/.test(error.message) ? new ConfigError(error.message) : error;
  });
  stopOnSignals(platform);
  if (platform.healed) say('• A PostgreSQL that a killed process had left behind was stopped and started again.');
  if (settings.loadDemonstration && !isDemonstrationLoaded(settings.dataFolder)) {
    let told = 0;
    const { refusals } = await loadDemonstration(platform, (share) => {
      if (share < 1 && share - told < 0.2) return;
      told = share;
      say(`• Loading the demonstration missions: ${Math.round(share * 100)} %`);
    });
    if (refusals.length > 0) say(`• ${refusals.length} rows of the demonstration were refused; the first: ${refusals[0]?.reason}`);
    else markDemonstrationLoaded(settings.dataFolder);
  }
  showReady(platform, users, settings);
  say(`(ready after ${((Date.now() - started) / 1000).toFixed(1)} s)`);
  void tracing;
});
