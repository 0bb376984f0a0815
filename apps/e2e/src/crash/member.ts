import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Asked, MemberConfig, Question, Told } from './member.main.js';

const program = join(import.meta.dirname, '../../dist/crash/member.main.js');
const compiled = join(import.meta.dirname, '../../../../.cache/compiled');
const KEPT_LINES = 30;

export class MemberGone extends Error {
  override readonly name = 'MemberGone';
}

/** It could not, and may be able to another time. */
export class MemberUnable extends Error {
  override readonly name = 'MemberUnable';
}

type Waiting = { readonly resolve: (answer: unknown) => void; readonly reject: (reason: Error) => void };

/** A process that holds some parts of the platform, asked and answered over its pipe. Whoever asks one that dies hears `MemberGone`. */
export class Member {
  private readonly waiting = new Map<number, Waiting>();
  private readonly lines: string[] = [];
  private asked = 0;
  private ended = false;
  /** Resolves to how it ended, e.g. `SIGKILL`. */
  readonly gone: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly becomesReady: () => void,
  ) {
    const keep = (chunk: Buffer): void => {
      this.lines.push(...chunk.toString().split('\n').filter(Boolean));
      this.lines.splice(0, this.lines.length - KEPT_LINES);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('message', (told: Told) => this.hear(told));
    child.on('error', () => undefined);
    const orphaned = (): void => void child.kill('SIGKILL');
    process.once('exit', orphaned);
    this.gone = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        process.off('exit', orphaned);
        this.ended = true;
        for (const { reject } of this.waiting.values()) reject(new MemberGone('it died before it answered'));
        this.waiting.clear();
        resolve(signal ?? `code ${code}`);
      });
    });
  }

  /** @throws Error with its last words when it ends before it is ready */
  static async start(config: MemberConfig, heapMb?: number): Promise<Member> {
    // As in production, whatever runs the tests: some libraries behave otherwise when NODE_ENV is `test`.
    const { NODE_ENV: _ofTheTests, ...inherited } = process.env;
    const env = { ...inherited, CRASH_MEMBER: JSON.stringify(config), NODE_COMPILE_CACHE: compiled };
    const child = spawn(process.execPath, [...(heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`]), '--enable-source-maps', '--no-warnings', program], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let becomesReady: () => void = () => undefined;
    const ready = new Promise<'ready'>((resolve) => (becomesReady = () => resolve('ready')));
    const member = new Member(child, () => becomesReady());
    const outcome = await Promise.race([ready, member.gone]);
    if (outcome !== 'ready') throw new Error(`A member ended (${outcome}) before it was ready:\n${member.lastWords}`);
    return member;
  }

  get isGone(): boolean {
    return this.ended;
  }

  get lastWords(): string {
    return this.lines.join('\n');
  }

  ask<T>(question: Question): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.ended) return reject(new MemberGone('it has died'));
      const number = (this.asked += 1);
      this.waiting.set(number, { resolve: (answer) => resolve(answer as T), reject });
      // A pipe that breaks is the death that `gone` tells of.
      this.child.send({ number, question } satisfies Asked, () => undefined);
    });
  }

  /** Without a word to it. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.kill();
    await this.gone;
  }

  private hear(told: Told): void {
    if ('ready' in told) return this.becomesReady();
    const waiting = this.waiting.get(told.number);
    this.waiting.delete(told.number);
    if ('failure' in told) waiting?.reject(told.passing ? new MemberUnable(told.failure) : new Error(told.failure));
    else waiting?.resolve(told.answer);
  }
}
