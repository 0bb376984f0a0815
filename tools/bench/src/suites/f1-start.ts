import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@common-ground/platform';
import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import { describeMachine } from '../harness/machine.js';
import { memoryMbOf } from '../harness/processes.js';
import type { BenchResult } from '../harness/result.js';
import { workspace } from '../harness/results-folder.js';
import { median, rounded, spreadOf } from '../harness/rounds.js';

const START_MS = 10 * 60_000;
const IDLE_MS = 15_000;

type Memory = { readonly whole: number; readonly postgres: number };
type Started = { readonly seconds: number; readonly child: ChildProcess };

/** What `npm start` runs; it looks after packages and the build first, which `npm run bench` has done. */
const NPM_START = 'tools/scripts/start.mjs';
/** The platform alone, for a quick look that is to install nothing. */
const PLATFORM = 'apps/standalone/dist/main.js';

/** From its first line to the one that says ready. */
const start = async (program: string, folder: string, demonstration: boolean): Promise<Started> => {
  const [port, identityPort] = [await freePort(), await freePort()];
  const began = performance.now();
  const child = spawn(process.execPath, [join(workspace, program)], {
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: undefined, COMMON_GROUND_DATA: join(folder, 'data'), COMMON_GROUND_PORT: String(port), COMMON_GROUND_IDENTITY_PORT: String(identityPort), COMMON_GROUND_DEMONSTRATION: String(demonstration) },
  });
  const said: string[] = [];
  const ready = new Promise<number>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready after ${START_MS / 1_000} s: ${said.slice(-5).join(' ')}`)), START_MS);
    const hear = (chunk: Buffer): void => {
      said.push(String(chunk));
      if (!said.join('').includes('Common Ground is ready.')) return;
      clearTimeout(late);
      resolve((performance.now() - began) / 1000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', (chunk: Buffer) => said.push(String(chunk)));
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${said.slice(-5).join(' ')}`)));
  });
  const seconds = await ready;
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
  if (!answer.ok) throw new Error(`it says that it is ready and answers HTTP ${answer.status}`);
  return { seconds, child };
};

const stop = (child: ChildProcess): Promise<void> => {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  return gone;
};

const memoryOf = (child: ChildProcess, folder: string): Memory | undefined => {
  const postmaster = Number(readFileSync(join(folder, 'data/postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  const [whole, postgres] = [memoryMbOf([child.pid ?? 0]), memoryMbOf([postmaster])];
  return whole === undefined || postgres === undefined ? undefined : { whole, postgres };
};

const result = (name: string, title: string, unit: string, values: readonly number[], more: Partial<BenchResult> = {}): BenchResult => ({
  name, title, unit, ours: rounded(median(values)), anchors: {}, ratios: {}, rounds: values.length, checked: true, machine: describeMachine(), spread: { ours: spreadOf(values) }, ...more,
});

/** Packages are installed and the code is built already: what a person waits for on every start, and on the first one on an empty data folder. */
export const f1: Benchmark = {
  name: 'F1',
  title: 'seconds from npm start to ready, and the memory of the idle platform',
  run: async ({ quick, say }: BenchOptions) => {
    const [first, again, memory] = [[] as number[], [] as number[], [] as Memory[]];
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'common-ground-bench-'));
      chmodSync(folder, 0o755);
      try {
        const begun = await start(quick ? PLATFORM : NPM_START, folder, !quick);
        first.push(begun.seconds);
        if (quick) {
          await stop(begun.child);
          return [result('F1-first', 'npm start to ready, an empty data folder', 's', first)];
        }
        await stop(begun.child);
        const second = await start(NPM_START, folder, true);
        again.push(second.seconds);
        await pause(IDLE_MS);
        const used = memoryOf(second.child, folder);
        if (used) memory.push(used);
        await stop(second.child);
        say(`first ${first.at(-1)?.toFixed(1)} s, again ${again.at(-1)?.toFixed(1)} s, ${used?.whole.toFixed(0)} MB`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    const results = [result('F1-first', 'npm start to ready, an empty data folder: cluster, migrations, three demonstration missions', 's', first), result('F1-again', 'npm start to ready, the same data folder again', 's', again)];
    if (memory.length === 0) return results;
    const [whole, postgres] = [memory.map((one) => one.whole), memory.map((one) => one.postgres)];
    return [...results, result('F1-memory', 'memory of the whole idle platform, all services in one process, shared pages counted once', 'MiB', whole, { also: { 'PostgreSQL MiB': rounded(median(postgres)), 'Node MiB': rounded(median(whole) - median(postgres)) } })];
  },
};
