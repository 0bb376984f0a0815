import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PlatformUnderTest } from './platform-under-test/platform-under-test.js';

const workspace = join(import.meta.dirname, '../../..');

export type ImportRun = { readonly code: number | null; readonly signal: string | null; readonly output: string };
type RunOptions = { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>>; readonly url?: string; readonly onStart?: (kill: () => void) => void };

/** The import program as `npm run import` runs it, as a process of its own. */
export const runImportProgram = (platform: PlatformUnderTest, folder: string, { args = [], env = {}, url = platform.graphqlUrl, onStart }: RunOptions): Promise<ImportRun> =>
  new Promise((resolve, reject) => {
    const { NODE_ENV: _ofTheTests, ...inherited } = process.env;
    const program = join(workspace, 'tools/programme-folder/dist/main.js');
    const child = spawn(process.execPath, ['--no-warnings', program, folder, '--url', url, '--issuer', platform.issuer, ...args], { cwd: workspace, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    child.stdout.on('data', (chunk) => output.push(String(chunk)));
    child.stderr.on('data', (chunk) => output.push(String(chunk)));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output: output.join('') }));
    onStart?.(() => child.kill('SIGKILL'));
  });

export type Cut = { readonly mutation: string; /** Whether the platform does what was asked before the cut. */ readonly done: boolean };

/** Runs the import through a door that is shut, and the program killed, at the first command of a kind. */
export const runImportUntil = async (platform: PlatformUnderTest, folder: string, cut: Cut, options: RunOptions): Promise<ImportRun> => {
  let kill = (): void => undefined;
  const door = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const isCut = body.includes(`${cut.mutation}(input`);
      const answer = isCut && !cut.done ? undefined : await fetch(platform.graphqlUrl, { method: 'POST', headers: passedOn(request), body });
      if (isCut || !answer) return kill();
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  try {
    return await runImportProgram(platform, folder, { ...options, url: `http://127.0.0.1:${(door.address() as AddressInfo).port}/graphql`, onStart: (end) => (kill = end) });
  } finally {
    door.closeAllConnections();
    door.close();
  }
};

const passedOn = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(['authorization', 'content-type', 'common-ground-quiet'].flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])));

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};
