import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const workspace = join(import.meta.dirname, '../../../..');
const START_MS = 120_000;
const STOP_MS = 25_000;
const KEPT_LINES = 40;

/** A built program of the workspace, run as its image would run it. Its last lines are kept for when it fails. */
export class Child {
  private readonly lines: string[] = [];

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    const keep = (chunk: Buffer): void => {
      this.lines.push(...chunk.toString().split('\n').filter(Boolean));
      if (this.lines.length > KEPT_LINES) this.lines.splice(0, this.lines.length - KEPT_LINES);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /** @param program its path below the workspace, e.g. `apps/registry/dist/main.js` */
  static start(name: string, program: string, env: Readonly<Record<string, string>>): Child {
    // As in production, whatever runs the tests: some libraries behave otherwise when NODE_ENV is `test`.
    const { NODE_ENV: _ofTheTests, ...inherited } = process.env;
    const child = spawn(process.execPath, ['--enable-source-maps', '--no-warnings', join(workspace, program)], { cwd: workspace, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const orphaned = (): void => void child.kill('SIGKILL');
    process.once('exit', orphaned);
    child.once('exit', () => process.off('exit', orphaned));
    return new Child(name, child);
  }

  /** Waits until it says or answers that it is ready. @throws Error with its last words when it ends or takes too long */
  async ready(isReady: () => Promise<boolean> | boolean): Promise<this> {
    const until = Date.now() + START_MS;
    while (!(await isReady())) {
      if (this.child.exitCode !== null || this.child.signalCode !== null || Date.now() > until) {
        await this.end();
        throw new Error(`${this.name} did not become ready:\n${this.lines.join('\n')}`);
      }
      await pause(50);
    }
    return this;
  }

  says(text: string): boolean {
    return this.lines.some((line) => line.includes(text));
  }

  get output(): string {
    return this.lines.join('\n');
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Its exit code, once it has ended by itself. */
  ended(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve(this.child.exitCode);
    return new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill(signal);
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(impatience);
  }
}

export const answersOk = (url: string) => async (): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
};
