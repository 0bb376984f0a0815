import type { BenchResult, Machine, Spread, Target } from './result.js';

/** What one contender did in one round. */
export type Sample = {
  readonly operations: number;
  readonly seconds: number;
  /** Milliseconds of CPU that its processes took, where the system tells. */
  readonly cpuMs?: number | undefined;
};

/** One way of doing the job. It throws when an answer is wrong: a wrong answer has no speed. */
export type Contender = { readonly name: string; readonly run: (round: number) => Promise<Sample> };

export const OURS = 'ours';

export type Rounds = ReadonlyMap<string, readonly Sample[]>;

/**
 * Lets contenders take turns, so that whatever else the machine does falls on all of them alike.
 * Who begins changes from round to round; the first round warms up and is not counted.
 */
export const interleave = async (contenders: readonly Contender[], { rounds, warmUp = true }: { readonly rounds: number; readonly warmUp?: boolean }): Promise<Rounds> => {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = warmUp ? -1 : 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(turn + Math.max(round, 0)) % contenders.length] as Contender;
      const sample = await contender.run(round);
      if (round >= 0) samples.get(contender.name)?.push(sample);
    }
  }
  return samples;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Linear between the two nearest. @param share 0 to 1 */
export const quantile = (values: readonly number[], share: number): number => {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((left, right) => left - right);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
};

export const spreadOf = (values: readonly number[]): Spread => ({ low: rounded(Math.min(...values)), high: rounded(Math.max(...values)) });

/** Four significant digits: more would be noise. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

export type Summary = {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly machine: Machine;
  readonly targets?: readonly Target[];
  readonly connections?: number;
  readonly also?: Readonly<Record<string, number>>;
  readonly note?: string;
  /** What a sample amounts to; operations a second when not said. */
  readonly measure?: (sample: Sample) => number;
};

const perSecond = ({ operations, seconds }: Sample): number => operations / seconds;

/** Medians, spreads and ratios of interleaved rounds. The ratio of two contenders is the median of their ratios round by round. */
export const summarise = (rounds: Rounds, { measure = perSecond, ...summary }: Summary): BenchResult => {
  const measured = new Map([...rounds].map(([name, samples]) => [name, samples.map(measure)]));
  const ours = measured.get(OURS) ?? [];
  const others = [...measured].filter(([name]) => name !== OURS);
  const cpu = [...rounds].flatMap(([name, samples]) => {
    const each = samples.flatMap(({ cpuMs, operations }) => (cpuMs === undefined ? [] : [cpuMs / operations]));
    return each.length > 0 ? [[name, rounded(median(each))] as const] : [];
  });
  return {
    ...summary,
    ours: rounded(median(ours)),
    anchors: Object.fromEntries(others.map(([name, values]) => [name, rounded(median(values))])),
    ratios: Object.fromEntries(others.map(([name, values]) => [name, rounded(median(values.map((value, round) => (ours[round] as number) / value)))])),
    rounds: ours.length,
    checked: true,
    spread: Object.fromEntries([...measured].map(([name, values]) => [name, spreadOf(values)])),
    ...(cpu.length > 0 ? { cpuMs: Object.fromEntries(cpu) } : {}),
  };
};
