import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 10_000;

/** Does the same work again and again, never twice at once; after a failure it waits longer, and goes on. */
export class Periodic {
  private readonly closing = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly everyMs: number,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Lets the work under way finish. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.work();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.onTrouble(error);
      }
      await pause(Math.min(this.everyMs * 2 ** failures, Math.max(LONGEST_PAUSE_MS, this.everyMs)), undefined, { signal }).catch(() => undefined);
    }
  }
}
