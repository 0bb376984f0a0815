import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Scope } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { interventionUnknown, missionUnknown } from './programme.errors.js';
import { findEnrolledAmong, findIntervention, isMissionKnown, type KnownIntervention } from './programme.repository.js';

const PATIENCE_MS = 5_000;
const POLL_MS = 50;

/** What was just registered may be on its way: a command that names it waits a little, before its own transaction starts. */
@Injectable()
export class Arrivals {
  constructor(private readonly database: Database) {}

  async mission(scope: Scope, mission: string): Promise<void> {
    if (!(await this.wait(() => this.database.read(scope, (tx) => isMissionKnown(tx, mission)), Boolean))) throw missionUnknown();
  }

  async intervention(scope: Scope, id: string): Promise<KnownIntervention> {
    const found = await this.wait(() => this.database.read(scope, (tx) => findIntervention(tx, id)), Boolean);
    if (!found) throw interventionUnknown();
    return found;
  }

  /** Returns when all are known or patience has ended; who is unknown then is the command's to judge. */
  async participants(scope: Scope, interventionId: string, codes: readonly string[]): Promise<void> {
    if (codes.length === 0) return;
    await this.wait(
      () => this.database.read(scope, (tx) => findEnrolledAmong(tx, interventionId, codes)),
      (known) => known.size === codes.length,
    );
  }

  private async wait<T>(look: () => Promise<T>, arrived: (seen: T) => boolean): Promise<T> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const seen = await look();
      if (arrived(seen) || performance.now() >= end) return seen;
      await pause(POLL_MS);
    }
  }
}
