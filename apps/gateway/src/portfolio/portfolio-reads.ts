import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';

/** An answer is written out for a moment after its rows were read. */
const WRITING_OUT_MS = 15;
const LOOK_EVERY_MS = 5;

/** Reads of the portfolio that are under way, so that whatever can wait gives way to them. */
@Injectable()
export class PortfolioReads {
  private underWay = 0;
  private endedAt = Number.NEGATIVE_INFINITY;

  async count<T>(read: () => Promise<T>): Promise<T> {
    this.underWay += 1;
    try {
      return await read();
    } finally {
      this.underWay -= 1;
      this.endedAt = performance.now();
    }
  }

  get areUnderWay(): boolean {
    return this.underWay > 0 || performance.now() - this.endedAt < WRITING_OUT_MS;
  }

  /** Returns once nobody reads, or after so many milliseconds: who reads without end may slow others down, not stop them. */
  async giveWay(patienceMs: number): Promise<void> {
    for (const until = performance.now() + patienceMs; this.areUnderWay && performance.now() < until; ) await pause(LOOK_EVERY_MS);
  }
}
