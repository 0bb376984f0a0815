import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { EVERYTHING } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { Periodic } from '../worker/periodic.js';
import { tellGrowth } from './flag-keeper.js';
import { lockUntold } from './flag.repository.js';

/** Evidence that comes within this time is told in one fact. */
const EVERY_MS = 250;
const AT_ONCE = 100;

/** Publishes RiskFlagged for flags whose evidence grew: ninety activities of one flag make a few facts, not ninety. */
@Injectable()
export class GrowthTeller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('GrowthTeller');
  private readonly loop = new Periodic(() => this.tell(), EVERY_MS, (error) => this.logger.warn(`telling grown flags waits (${error instanceof Error ? error.message : String(error)})`));

  constructor(private readonly database: Database) {}

  /** @returns how many flags were told */
  async tell(): Promise<number> {
    return this.database.run(EVERYTHING, async (tx) => {
      const flags = await lockUntold(tx, AT_ONCE);
      await tellGrowth(tx, flags);
      return flags.length;
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.close();
  }
}
