/** What the figures were taken on; no name of the machine, no path. */
export type Machine = {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  readonly postgres?: string;
  readonly kafka?: string;
};

/** A bound on one of the ratios. */
export type Target = { readonly ratio: string; readonly atLeast?: number; readonly atMost?: number };

/** Lowest and highest of the rounds. */
export type Spread = { readonly low: number; readonly high: number };

/** One line of the table, one object of a file in `bench/results`. */
export type BenchResult = {
  /** Also the file's name: letters, digits and dashes. */
  readonly name: string;
  /** What was done, in a few words. */
  readonly title: string;
  /** Of `ours` and `anchors`, e.g. `mutations/s` or `ms`. */
  readonly unit: string;
  /** Medians over the rounds. */
  readonly ours: number;
  readonly anchors: Readonly<Record<string, number>>;
  /** Medians of the rounds' own ratios where rounds are paired; by convention ours over the anchor of that name. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly rounds: number;
  /** There is no result whose answers were not checked. */
  readonly checked: true;
  readonly machine: Machine;
  readonly targets?: readonly Target[];
  readonly spread?: Readonly<Record<string, Spread>>;
  /** Milliseconds of CPU an operation, by contender: all processes that serve it, the load generator left out. */
  readonly cpuMs?: Readonly<Record<string, number>>;
  readonly connections?: number;
  /** Anything else that a reader should see beside the figures: p99, megabytes by process. */
  readonly also?: Readonly<Record<string, number>>;
  readonly note?: string;
};

const NAME = /^[A-Za-z0-9-]{1,60}$/;

const numbersIn = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'number' && Number.isFinite(one));

/** @returns what is wrong with a result, or undefined */
export const faultOf = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return 'is no object';
  const { name, unit, ours, anchors, ratios, rounds, checked, machine } = value as Record<string, unknown>;
  if (typeof name !== 'string' || !NAME.test(name)) return 'name must be letters, digits and dashes';
  if (typeof unit !== 'string' || unit === '') return `${name}: unit must say what is counted`;
  if (typeof ours !== 'number' || !Number.isFinite(ours)) return `${name}: ours must be a number`;
  if (!numbersIn(anchors)) return `${name}: anchors must be numbers by name`;
  if (!numbersIn(ratios)) return `${name}: ratios must be numbers by name`;
  if (typeof rounds !== 'number' || rounds < 1) return `${name}: rounds must count the rounds`;
  if (checked !== true) return `${name}: checked must be true: a figure whose answer nobody looked at is none`;
  if (typeof machine !== 'object' || machine === null) return `${name}: machine must describe what it ran on`;
  return undefined;
};

/** @returns undefined when no target is stated */
export const meetsTargets = ({ targets, ratios }: Pick<BenchResult, 'targets' | 'ratios'>): boolean | undefined => {
  if (!targets || targets.length === 0) return undefined;
  return targets.every(({ ratio, atLeast, atMost }) => {
    const seen = ratios[ratio];
    return seen !== undefined && (atLeast === undefined || seen >= atLeast) && (atMost === undefined || seen <= atMost);
  });
};
