import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { isDomainError, isUuid, type Scope } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { findParticipants, findSettings } from './knowledge.repository.js';

/** How long a command waits for the fact of something that was made just now. */
export const PATIENCE = Symbol('PATIENCE');
export type Patience = { readonly waitMs: number; readonly pollMs: number };

/**
 * Facts arrive a moment after the registry has answered. A command that names something new waits for its fact, before its
 * transaction starts; when none comes, the command itself refuses what it does not know.
 */
@Injectable()
export class KnowledgeService {
  constructor(
    private readonly database: Database,
    @Inject(PATIENCE) private readonly patience: Patience,
  ) {}

  async awaitIntervention(scope: Scope, id: string): Promise<void> {
    await this.until(() => this.database.read(scope, async (tx) => (await findSettings(tx, [id])).size === 1));
  }

  async awaitParticipants(scope: Scope, ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids.filter(isUuid))];
    if (wanted.length > 0) await this.until(() => this.database.read(scope, async (tx) => (await findParticipants(tx, wanted)).size === wanted.length));
  }

  /**
   * Tries at once, because most people have been known for long; when the work refuses somebody as unknown, it waits for their fact
   * and tries once more. The work must leave nothing behind when it throws.
   */
  async withParticipants<T>(scope: Scope, ids: readonly string[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isDomainError(error) || !error.refusals.some(({ code }) => code === 'PARTICIPANT_UNKNOWN')) throw error;
      await this.awaitParticipants(scope, ids);
      return work();
    }
  }

  private async until(known: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + this.patience.waitMs;
    while (!(await known()) && Date.now() < end) await pause(this.patience.pollMs);
  }
}
