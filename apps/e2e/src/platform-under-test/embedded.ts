import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@common-ground/platform';
import { Child } from './child.js';
import type { PlatformUnderTest } from './platform-under-test.js';

export type EmbeddedUnderTest = PlatformUnderTest & {
  readonly folder: string;
  readonly place: StandalonePlace;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
  /** The same data folder and ports again. */
  restart(): Promise<void>;
  readonly child: () => Child;
};

export type StandalonePlace = { readonly dataFolder: string; readonly port: number; readonly identityPort: number };

/** The program of `npm start`, built, as a process of its own; not waited for. */
export const launchStandalone = ({ dataFolder, port, identityPort }: StandalonePlace, demonstration = false): Child =>
  Child.start('standalone', 'apps/standalone/dist/main.js', {
    COMMON_GROUND_DATA: dataFolder,
    COMMON_GROUND_PORT: String(port),
    COMMON_GROUND_IDENTITY_PORT: String(identityPort),
    COMMON_GROUND_DEMONSTRATION: String(demonstration),
  });

/**
 * `npm start` on a data folder of its own and free ports.
 *
 * @param options.killedWhen what a first start says when it is killed and started again
 */
export const startEmbedded = async (options: { readonly demonstration?: boolean; readonly killedWhen?: string } = {}): Promise<EmbeddedUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-e2e-'));
  chmodSync(folder, 0o755);
  const place: StandalonePlace = { dataFolder: join(folder, 'data'), port: await freePort(), identityPort: await freePort() };
  const start = (says = 'Common Ground is ready.'): Promise<Child> => {
    const child = launchStandalone(place, options.demonstration);
    return child.ready(() => child.says(says));
  };
  if (options.killedWhen !== undefined) await (await start(options.killedWhen)).end('SIGKILL');
  let child = await start();
  return {
    folder,
    place,
    graphqlUrl: `http://127.0.0.1:${place.port}/graphql`,
    issuer: `http://127.0.0.1:${place.identityPort}`,
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
