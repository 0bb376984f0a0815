import { setTimeout as pause } from 'node:timers/promises';
import type { Lane, Role } from '../crash/lane.js';
import { breachesOf, MEMORY_MB } from '../crash/invariants.js';
import { foldPortfolio } from '../crash/portfolio-fold.js';
import { TALLIES } from '../crash/readers.js';
import { seeded } from '../crash/seeded.js';
import type { Answer } from '../crash/writer.js';
import { type Breakable, Faults } from './faults.js';
import { factsOfSeason, seasonOf, sendSeason, type Sent } from './season.js';

export type SoakOptions = { readonly facts: number; readonly seed: number; readonly say: (line: string) => void };
export type Memory = { readonly samples: number; readonly earlyMb: number; readonly lateMb: number; readonly mostMb: number };
export type SoakReport = {
  readonly facts: number;
  readonly seasons: number;
  readonly commands: number;
  readonly sentAgain: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly restarts: Readonly<Record<Role, number>>;
  readonly sendingSeconds: number;
  readonly catchingUpSeconds: number;
  readonly memory: Readonly<Record<Role | 'soak', Memory>>;
  readonly breaches: readonly string[];
};

const CLIENTS = 8;
const SAMPLE_MS = 5_000;
const SAY_EVERY = 3;
const CATCH_UP_MS = 30 * 60_000;
const CHECKED_AT_ONCE = 25;
const BYTES_IN_MB = 1024 * 1024;
const ROLES: readonly Role[] = ['writer', 'readers'];

/** Sends seeded commands while seeded faults break this and that; then waits until all is caught up, and holds everything against everything. */
export const soak = async (parts: Breakable, { facts, seed, say }: SoakOptions): Promise<SoakReport> => new Soak(parts, facts, seed, say).run();

class Soak {
  private readonly sent: Sent = { facts: 0, commands: 0, again: 0, wrong: [] };
  private readonly restarts: Record<Role, number> = { writer: 0, readers: 0 };
  private readonly samples: Record<Role | 'soak', number[]> = { writer: [], readers: [], soak: [] };
  private seasons = 0;
  private watching = true;
  private readonly lane: Lane;

  constructor(
    private readonly parts: Breakable,
    private readonly facts: number,
    private readonly seed: number,
    private readonly say: (line: string) => void,
  ) {
    this.lane = parts.lane;
  }

  async run(): Promise<SoakReport> {
    const faults = new Faults(this.parts, seeded(this.seed));
    const { waiting, ...times } = await this.play(faults);
    this.say('checking');
    const breaches = [...this.sent.wrong.map((what) => `I4: ${what}`), ...(waiting ? [`I1: it never settled; it waits for ${waiting}`] : []), ...(await this.check())];
    const memory = { writer: told(this.samples.writer), readers: told(this.samples.readers), soak: told(this.samples.soak) };
    return { facts: this.sent.facts, seasons: this.seasons, commands: this.sent.commands, sentAgain: this.sent.again, faults: faults.counts, restarts: this.restarts, ...times, memory, breaches };
  }

  private async play(faults: Faults): Promise<{ readonly sendingSeconds: number; readonly catchingUpSeconds: number; readonly waiting: string | undefined }> {
    const watchers = [...ROLES.map((role) => this.watchOver(role)), this.sample()];
    const started = performance.now();
    try {
      faults.start();
      await Promise.all(Array.from({ length: CLIENTS }, () => this.client())).finally(() => faults.stop());
      const sentAt = performance.now();
      this.say(`all is sent, and nothing is broken any more; waiting for ${TALLIES.join(', ')} and the portfolio`);
      const waiting = await this.untilSettled();
      return { sendingSeconds: Math.round((sentAt - started) / 1_000), catchingUpSeconds: Math.round((performance.now() - sentAt) / 1_000), waiting };
    } finally {
      // Nothing is broken or started again while it is taken down.
      this.watching = false;
      await Promise.all(watchers);
    }
  }

  private readonly execute = (command: Parameters<Parameters<typeof sendSeason>[1]>[0]): Promise<Answer> => this.lane.ask<Answer>('writer', { execute: command });

  private async client(): Promise<void> {
    while (this.sent.facts < this.facts) {
      this.seasons += 1;
      await sendSeason(seasonOf(this.seed, this.seasons), this.execute, this.sent);
    }
  }

  /** As whoever watches over services does: one that has ended is started again, however often. */
  private async watchOver(role: Role): Promise<void> {
    while (this.watching) {
      const member = this.lane.member(role);
      if ((await Promise.race([member.gone, pause(SAMPLE_MS)])) === undefined || !this.watching) continue;
      this.restarts[role] += 1;
      while (this.watching && !(await this.lane.start(role).then(() => true, () => false))) await pause(1_000);
    }
  }

  private async sample(): Promise<void> {
    for (let sample = 1; this.watching; sample += 1) {
      await pause(SAMPLE_MS);
      this.samples.soak.push(Math.round(process.memoryUsage.rss() / BYTES_IN_MB));
      for (const role of ROLES) {
        const megabytes = await this.lane.ask<number>(role, 'memory').catch(() => undefined);
        if (megabytes !== undefined) this.samples[role].push(megabytes);
      }
      if (sample % SAY_EVERY === 0) this.say(`${this.sent.facts} of ${this.facts} facts; sent again ${this.sent.again}; memory ${ROLES.map((role) => `${role} ${this.samples[role].at(-1) ?? '?'} MB`).join(', ')}`);
    }
  }

  private async untilSettled(): Promise<string | undefined> {
    const until = Date.now() + CATCH_UP_MS;
    for (;;) {
      // The last fault may be just behind us: whoever cannot answer yet is asked again.
      const waiting = await this.lane.settled(CATCH_UP_MS).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      if (waiting === undefined || Date.now() > until) return waiting;
      await pause(500);
    }
  }

  /** Season by season: what was sent, what was committed, every consumer's effects, the portfolio. */
  private async check(): Promise<string[]> {
    const breaches: string[] = [];
    for (let first = 1; first <= this.seasons; first += CHECKED_AT_ONCE) {
      const seasons = Array.from({ length: Math.min(CHECKED_AT_ONCE, this.seasons - first + 1) }, (_, index) => seasonOf(this.seed, first + index));
      breaches.push(...(await this.checkSome(seasons.map(({ key }) => key), seasons.flatMap(factsOfSeason))));
    }
    for (const role of ['writer', 'readers', 'soak'] as const) {
      const { mostMb, earlyMb, lateMb } = told(this.samples[role]);
      if (mostMb > MEMORY_MB) breaches.push(`I6: ${role} held ${mostMb} MB`);
      if (lateMb > 2 * earlyMb) breaches.push(`I6: ${role} grew from ${earlyMb} MB to ${lateMb} MB`);
    }
    const parked = await this.lane.observer.parked();
    return [...breaches, ...(parked > 0 ? [`I6: ${parked} facts were parked`] : []), ...(await this.lane.observer.leftovers()).map((what) => `I5: ${what}`)];
  }

  private async checkSome(keys: readonly string[], facts: ReturnType<typeof factsOfSeason>): Promise<string[]> {
    const { observer } = this.lane;
    const journal = facts.map(({ subject, sequence, type }) => ({ subject, sequence, type }));
    const committed = await observer.committed(keys);
    const effects = Object.fromEntries(await Promise.all(TALLIES.map(async (group) => [group, await observer.effects(group, keys)] as const)));
    return breachesOf({ acknowledged: journal, committedAtDeath: committed, journal, committed, effects, portfolio: await observer.portfolio(keys), folded: foldPortfolio(facts), recoveryMs: 0, memoryMb: 0 });
  }
}

/** The middle of the first and of the last quarter: a process that grows shows between them. */
const told = (samples: readonly number[]): Memory => {
  const middle = (some: readonly number[]): number => [...some].sort((left, right) => left - right)[Math.floor(some.length / 2)] ?? 0;
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  return { samples: samples.length, earlyMb: middle(samples.slice(0, quarter)), lateMb: middle(samples.slice(-quarter)), mostMb: Math.max(0, ...samples) };
};
