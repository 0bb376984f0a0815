import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@common-ground/platform';
import { Child } from './child.js';
import type { PlatformUnderTest } from './platform-under-test.js';

export type EmbeddedUnderTest = PlatformUnderTest & {
  readonly folder: string;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
  /** The same data folder and ports again. */
  restart(): Promise<void>;
  readonly child: () => Child;
};

/** `npm start` on a data folder of its own and free ports, built, as a process of its own. */
export const startEmbedded = async (options: { readonly demonstration?: boolean } = {}): Promise<EmbeddedUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-e2e-'));
  chmodSync(folder, 0o755);
  const [port, identityPort] = [await freePort(), await freePort()];
  const start = (): Promise<Child> => {
    const child = Child.start('standalone', 'apps/standalone/dist/main.js', {
      COMMON_GROUND_DATA: join(folder, 'data'),
      COMMON_GROUND_PORT: String(port),
      COMMON_GROUND_IDENTITY_PORT: String(identityPort),
      COMMON_GROUND_DEMONSTRATION: String(options.demonstration ?? false),
    });
    return child.ready(() => child.says('Common Ground is ready.'));
  };
  let child = await start();
  return {
    folder,
    graphqlUrl: `http://127.0.0.1:${port}/graphql`,
    issuer: `http://127.0.0.1:${identityPort}`,
    child: () => child,
    kill: () => child.end('SIGKILL'),
    restart: async () => {
      child = await start();
    },
    close: async () => {
      await child.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
