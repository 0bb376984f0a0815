// One PostgreSQL for a whole run of int or e2e specs, on loopback; or the one that TEST_POSTGRES names.
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

export default async function setup() {
  if (process.env.TEST_POSTGRES) return;
  const persistence = await import('../../libs/persistence/dist/index.js').catch((cause) => {
    throw new Error('libs/persistence is not built: run `npm run build`, or `npm test`, which builds first.', { cause });
  });
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-test-'));
  chmodSync(folder, 0o755);
  const server = await persistence.startEmbeddedPostgres({ folder, port: await freePort(), durable: false });
  process.env.TEST_POSTGRES = JSON.stringify(server.admin);
  globalThis.stopTestPostgres = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  // A run that is killed must not leave its server behind.
  process.once('exit', () => {
    const pid = server.pid();
    if (pid) {
      try {
        process.kill(pid, 'SIGQUIT');
      } catch {
        // It has ended already.
      }
    }
  });
}
