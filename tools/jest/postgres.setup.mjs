// One PostgreSQL for a whole run of int or e2e specs, on loopback; or the one that TEST_POSTGRES names.
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'common-ground-test-';
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const built = (file) =>
  import(`../../libs/persistence/dist/${file}`).catch((cause) => {
    throw new Error('libs/persistence is not built: run `npm run build`, or `npm test`, which builds first.', { cause });
  });

/** Runs that were killed: their servers are stopped and their folders removed. A folder whose owner is alive, or unknown, stays. */
const sweep = async () => {
  const { findOwner } = await built('embedded/folder-owner.js');
  const { stopStrayServer } = await built('embedded/stray-server.js');
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    try {
      if (!existsSync(join(folder, 'owner.json')) || findOwner(folder) !== undefined) continue;
      await stopStrayServer(join(folder, 'cluster'));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    } catch (error) {
      process.stderr.write(`A test server left in ${folder} could not be cleared: ${error.message}\n`);
    }
  }
};

export default async function setup() {
  if (process.env.TEST_POSTGRES) return;
  const persistence = await built('index.js');
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o755);
  const server = await persistence.startEmbeddedPostgres({ folder, port: await freePort(), durable: false });
  process.env.TEST_POSTGRES = JSON.stringify(server.admin);
  const endNow = () => {
    try {
      if (server.pid()) process.kill(server.pid(), 'SIGQUIT');
    } catch {
      // It has ended already.
    }
  };
  // A run that is interrupted must not leave its server behind; what SIGKILL leaves, the next run sweeps.
  process.once('exit', endNow);
  const onSignal = (signal) => process.exit(SIGNALS[signal]);
  for (const signal of Object.keys(SIGNALS)) process.once(signal, onSignal);
  globalThis.stopTestPostgres = async () => {
    process.off('exit', endNow);
    for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
