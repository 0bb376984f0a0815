import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { RecomputationService } from './recomputation.service.js';

const POLL_MS = { busy: 50, idle: 250, troubled: 1_000 } as const;

/** Looks for estimates that are due for as long as the service runs. Any number of instances may do so. */
@Injectable()
export class RecomputationWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Recomputation');
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly recomputation: RecomputationService) {}

  onApplicationBootstrap(): void {
    this.working = this.work();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const wait = await this.round();
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  private async round(): Promise<number> {
    try {
      while (!this.stopping.signal.aborted && (await this.recomputation.recomputeOne()));
      return (await this.recomputation.isAnythingMarked()) ? POLL_MS.busy : POLL_MS.idle;
    } catch (error) {
      this.logger.warn({ err: error, cause: error instanceof Error ? error.cause : undefined }, error instanceof Error ? error.message : String(error));
      return POLL_MS.troubled;
    }
  }
}
