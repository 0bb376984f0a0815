import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EVERYTHING } from '@common-ground/kernel';
import { appendToOutbox } from '@common-ground/messaging';
import { Database } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { findSettings } from '../knowledge/knowledge.repository.js';
import { encodeActivityFact } from './activity.facts.js';
import { lockOverdue, updateActivities } from './activity.repository.js';
import type { Activity } from './domain/activity.js';
import { type Grace, noticeUnrecorded } from './domain/decisions.js';

export const SWEEPING = Symbol('SWEEPING');
export type Sweeping = Grace & { readonly everyMs: number };

const AT_ONCE = 200;

/** Notices activities whose time has passed with nobody saying what became of them. Any number of instances may sweep at once. */
@Injectable()
export class UnrecordedSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Unrecorded');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SWEEPING) private readonly sweeping: Sweeping,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.keepSweeping();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** @returns how many activities were found unrecorded now */
  async sweep(): Promise<number> {
    let found = 0;
    while (!this.stopping.signal.aborted) {
      const { looked, noticed } = await this.sweepSome();
      found += noticed;
      if (looked < AT_ONCE || noticed === 0) break;
    }
    return found;
  }

  private sweepSome(): Promise<{ looked: number; noticed: number }> {
    const now = this.clock.now();
    return this.database.run(EVERYTHING, async (tx) => {
      const overdue = await lockOverdue(tx, this.sweeping, now, AT_ONCE);
      const settings = await findSettings(tx, overdue.map(({ interventionId }) => interventionId));
      const facts = overdue.flatMap((activity) => {
        const setting = settings.get(activity.interventionId);
        return setting ? noticeUnrecorded(activity, setting, this.sweeping, now).facts : [];
      });
      await updateActivities(tx, facts.map(({ activity }) => activity));
      await appendToOutbox(tx, facts.map((fact) => encodeActivityFact(fact, wasPast(fact.activity))));
      return { looked: overdue.length, noticed: facts.length };
    });
  }

  private async keepSweeping(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.sweep().catch((error: unknown) => this.logger.warn(`the next sweep will look again (${error instanceof Error ? error.message : String(error)})`));
      await pause(this.sweeping.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Planned quietly when it was over already: history that was imported. What was still to come then is missed now, and somebody should hear of it. */
const wasPast = ({ quiet, endsAt, plannedAt }: Activity): boolean => quiet && endsAt <= plannedAt;
