import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from './commands.js';
import { type Arming, FAILPOINTS, type FailpointName, type Place } from './failpoint.js';
import { breachesOf } from './invariants.js';
import { Journal } from './journal.js';
import type { Lane, Role } from './lane.js';
import { MISSION, planClient } from './plan.js';
import { foldPortfolio } from './portfolio-fold.js';
import { TALLIES } from './readers.js';
import { type Chance, seeded } from './seeded.js';
import type { Answer } from './writer.js';

export type RoundOptions = {
  readonly failpoint: FailpointName;
  readonly seed: number;
  /** In place of what the seed would choose. */
  readonly arming?: Arming;
};

export type RoundReport = { readonly seed: number; readonly breaches: readonly string[]; readonly arming: Arming; /** Until another process stood in its place. */ readonly downMs: number; /** From then on. */ readonly recoveryMs: number; readonly memoryMb: number };

const CLIENTS = 4;
const ACTIVITIES = 3;
const REPEATED_SHARE = 0.2;
const NUDGE_MS = 250;
const NUDGES = 120;
const STARTS_AT = '2026-03-02T15:00:00.000Z';

/** One death and what comes of it: commands are sent, a process dies at its failpoint, another takes its place, and I1 to I6 are checked. */
export const runRound = async (lane: Lane, options: RoundOptions): Promise<RoundReport> => {
  const chance = seeded(options.seed);
  const arming = options.arming ?? pointOf(options.failpoint, chance);
  return new Round(lane, options.failpoint, arming, chance).run(options.seed);
};

const pointOf = (failpoint: FailpointName, chance: Chance): Arming => {
  const [place, passings] = chance.pick(Object.entries(FAILPOINTS[failpoint].places) as [Place, number][]);
  return { place, at: chance.whole(1, passings) };
};

class Round {
  private readonly journal = new Journal();
  private readonly keys: readonly string[];
  private readonly clients: Command[][];
  private readonly victim: Role;
  private readonly rebuilds: boolean;

  constructor(
    private readonly lane: Lane,
    failpoint: FailpointName,
    private readonly arming: Arming,
    private readonly chance: Chance,
  ) {
    this.victim = FAILPOINTS[failpoint].victim;
    this.rebuilds = failpoint === 'in the middle of a rebuild';
    this.keys = [chance.uuid(), chance.uuid()];
    this.clients = Array.from({ length: CLIENTS }, () => planClient(chance, chance.pick(this.keys), ACTIVITIES));
  }

  async run(seed: number): Promise<RoundReport> {
    const { lane, journal } = this;
    if (this.rebuilds) {
      await this.work();
      await lane.settled();
    }
    await lane.ask(this.victim, { arm: this.arming });
    await Promise.all([this.rebuilds ? undefined : this.work(), this.death()]);
    const diedAt = performance.now();
    const acknowledged = journal.changes();
    const committedAtDeath = await lane.observer.committed(this.keys);

    await lane.start(this.victim);
    const backAt = performance.now();
    await journal.sendAgain(this.execute);
    await this.work();
    const otherwise = await journal.repeat(() => this.chance.next() < REPEATED_SHARE, this.execute);
    const waiting = await lane.settled();
    const recoveryMs = performance.now() - backAt;

    const memoryMb = Math.max(await lane.ask<number>('writer', 'memory'), await lane.ask<number>('readers', 'memory'));
    const found = breachesOf({
      acknowledged,
      committedAtDeath,
      journal: journal.changes(),
      committed: await lane.observer.committed(this.keys),
      effects: Object.fromEntries(await Promise.all(TALLIES.map(async (group) => [group, await lane.observer.effects(group, this.keys)] as const))),
      portfolio: await lane.observer.portfolio(this.keys),
      folded: foldPortfolio(this.rebuilds ? await this.ownFacts() : journal.facts()),
      recoveryMs,
      memoryMb,
    });
    const parked = await lane.observer.parked();
    return {
      seed,
      arming: this.arming,
      downMs: backAt - diedAt,
      recoveryMs,
      memoryMb,
      breaches: [
        ...found,
        ...otherwise.map((what) => `I2: ${what}`),
        ...(waiting ? [`I1: it never settled; it waits for ${waiting}`] : []),
        ...(parked > 0 ? [`I6: ${parked} facts were parked`] : []),
        ...(await lane.observer.leftovers()).map((what) => `I5: ${what}`),
      ],
    };
  }

  private readonly execute = (command: Command): Promise<Answer> => this.lane.ask<Answer>('writer', { execute: command });

  /** Every client sends what it has left, one command at a time, until nobody answers. */
  private async work(): Promise<void> {
    const client = async (commands: Command[]): Promise<void> => {
      for (let command = commands.shift(); command; command = commands.shift()) if (!(await this.journal.send(command, this.execute))) return;
    };
    await Promise.all(this.clients.map(client));
  }

  /** Gives the process reason to come by its failpoint until it has died there. */
  private async death(): Promise<void> {
    const member = this.lane.member(this.victim);
    for (let nudge = 0; nudge < NUDGES; nudge += 1) {
      const how = await Promise.race([member.gone, pause(this.rebuilds && nudge === 0 ? 0 : NUDGE_MS)]);
      if (how === 'SIGKILL') return;
      if (how !== undefined) throw new Error(`The process ended by itself (${how}):\n${member.lastWords}`);
      await this.nudge().catch((error: unknown) => (member.isGone ? undefined : Promise.reject(error)));
    }
    throw new Error(`It never came by "${this.arming.place}" for the ${this.arming.at}th time.`);
  }

  private async nudge(): Promise<void> {
    if (this.rebuilds) {
      if ((await this.lane.ask<string>(this.victim, 'rebuilding')) !== 'building') await this.lane.ask(this.victim, { rebuild: this.chance.uuid() });
      return;
    }
    const activities = Array.from({ length: 2 }, () => ({ activityId: this.chance.uuid(), startsAt: STARTS_AT }));
    await this.journal.send({ name: 'plan', commandId: this.chance.uuid(), mission: MISSION, interventionId: this.chance.pick(this.keys), activities }, this.execute);
  }

  /** What the log itself says of this round's interventions. */
  private async ownFacts(): Promise<ReturnType<Journal['facts']>> {
    const own = new Set(this.journal.changes().map(({ subject }) => subject));
    const facts = await this.lane.facts();
    return facts.filter(({ subject }) => own.has(subject)).map((fact) => ({ ...fact, sequence: 0 }));
  }
}
