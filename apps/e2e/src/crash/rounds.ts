import type { LogConfig } from '@common-ground/messaging';
import { FAILPOINTS, type FailpointName } from './failpoint.js';
import type { Lane, Lanes } from './lane.js';
import { type RoundReport, runRound } from './round.js';

export type Transport = LogConfig['kind'];

export type Settings = {
  /** Rounds at each failpoint, on each transport. */
  readonly rounds: number;
  readonly transport?: Transport;
  readonly failpoint?: FailpointName;
  /** One round alone, by its own seed. */
  readonly seed?: number;
};

export type RoundsOptions = Settings & { readonly transport: Transport; readonly failpoint: FailpointName; readonly lanes: Lanes };
export type RoundsReport = { readonly transport: Transport; readonly failpoint: FailpointName; readonly rounds: number; readonly failed: readonly string[]; readonly downMs: readonly number[]; readonly recoveryMs: readonly number[]; readonly memoryMb: number; readonly seconds: number };

const ROUNDS = 25;
/** Side by side: as many as keep two cores busy; more where a group waits out a dead member's session. */
const LANES = 4;
const LANES_THAT_WAIT = 9;

type Environment = Readonly<Record<string, string | undefined>>;

export const readSettings = (env: Environment): Settings => {
  const seed = env['CRASH_SEED'] ? Number(env['CRASH_SEED']) : undefined;
  const rounds = seed === undefined ? Number(env['CRASH_ROUNDS'] ?? ROUNDS) : 1;
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`CRASH_ROUNDS is ${env['CRASH_ROUNDS']}; give a whole number, 1 or more.`);
  if (seed !== undefined && !Number.isInteger(seed)) throw new Error(`CRASH_SEED is ${env['CRASH_SEED']}; give the whole number that the failed round named.`);
  const transport = oneOf('CRASH_TRANSPORT', ['postgres', 'kafka'] as const, env);
  const failpoint = oneOf('CRASH_FAILPOINT', Object.keys(FAILPOINTS) as FailpointName[], env);
  return { rounds, ...(transport ? { transport } : {}), ...(failpoint ? { failpoint } : {}), ...(seed === undefined ? {} : { seed }) };
};

const oneOf = <T extends string>(name: string, allowed: readonly T[], env: Environment): T | undefined => {
  const given = env[name];
  if (!given) return undefined;
  const found = allowed.find((one) => one === given);
  if (!found) throw new Error(`${name} is "${given}"; give one of: ${allowed.join('; ')}.`);
  return found;
};

/** A seed for a round that is its own, and the same in every run (FNV-1a). */
export const seedOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
};

/** Deals the rounds out to lanes. A lane in which a round failed is given up, so that no round suffers from another. */
export const runRounds = async ({ transport, failpoint, lanes, rounds, seed }: RoundsOptions): Promise<RoundsReport> => {
  const started = performance.now();
  const seeds = seed === undefined ? Array.from({ length: rounds }, (_, round) => seedOf(`${transport}/${failpoint}/${round}`)) : [seed];
  const reports: RoundReport[] = [];
  const failed: string[] = [];
  const play = async (next: number): Promise<void> => {
    const alone = `npm test -- crash --transport ${transport} --failpoint '${failpoint}' --seed ${next}`;
    let lane: Lane | undefined;
    try {
      lane = await lanes.take();
      const report = await runRound(lane, { failpoint, seed: next });
      reports.push(report);
      failed.push(...report.breaches.map((breach) => `${breach} (killed at ${report.arming.place}, passing ${report.arming.at}; this round alone: ${alone})`));
      if (report.breaches.length === 0) return lanes.giveBack(lane);
    } catch (error) {
      failed.push(`${error instanceof Error ? error.message : String(error)} (this round alone: ${alone})`);
    }
    if (lane) await lanes.giveUp(lane);
  };
  const one = async (): Promise<void> => {
    for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) await play(next);
  };
  const waits = transport === 'kafka' && FAILPOINTS[failpoint].victim === 'readers';
  await Promise.all(Array.from({ length: Math.min(waits ? LANES_THAT_WAIT : LANES, seeds.length) }, one));
  return { transport, failpoint, rounds: reports.length, failed, downMs: reports.map(({ downMs }) => downMs), recoveryMs: reports.map(({ recoveryMs }) => recoveryMs), memoryMb: Math.max(0, ...reports.map(({ memoryMb }) => memoryMb)), seconds: (performance.now() - started) / 1_000 };
};

/** For whoever reads along: how long recovery took. */
export const asLines = ({ transport, failpoint, rounds, failed, downMs, recoveryMs, memoryMb, seconds }: RoundsReport): string => {
  const spread = (times: readonly number[]): string => {
    const sorted = [...times].sort((left, right) => left - right);
    const at = (share: number): string => ((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) / 1_000).toFixed(1);
    return `${at(0.5)} s, at most ${at(1)} s`;
  };
  return `${transport}, killed ${failpoint}: ${rounds} rounds in ${Math.round(seconds)} s, ${failed.length} breaches; another process stood there after ${spread(downMs)}; it had caught up after ${spread(recoveryMs)} more; at most ${memoryMb} MB a process`;
};
