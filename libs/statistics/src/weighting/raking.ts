import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireSameLength } from '../inputs.js';
import { effectiveSize, requireWeights } from './effective-size.js';

/** One margin that is known of the population: age band, sex, origin, area ... */
export type Margin = {
  readonly name: string;
  /** n categories, one a respondent. */
  readonly categories: readonly string[];
  /** Share or count of the population by category; scaled to sum to 1. */
  readonly targets: Readonly<Record<string, number>>;
};

export type RakingOptions = {
  /** n weights to start from (of a design, or of response); all 1 when left out. */
  readonly start?: readonly number[];
  /** Largest weight, as a multiple of the mean weight; none when left out. */
  readonly largest?: number;
  /** Smallest weight, likewise. */
  readonly smallest?: number;
  /** How near, in shares, every margin must come; 1e-10 when left out. */
  readonly tolerance?: number;
  readonly maxRounds?: number;
};

export type RakedWeights = {
  readonly estimable: true;
  readonly method: 'raking' | 'raking, trimmed';
  /** n weights with mean 1. */
  readonly weights: readonly number[];
  readonly rounds: number;
  /** Weights that stand at a bound. */
  readonly trimmed: number;
  readonly effectiveN: number;
  readonly designEffect: number;
  readonly n: number;
};

/** The margin that cannot be met, and the category that is furthest off. */
export type NotRaked = NotEstimable & { readonly margin: string; readonly category: string };

type Cells = { readonly name: string; readonly members: ReadonlyMap<string, readonly number[]>; readonly shares: ReadonlyMap<string, number> };

const cellsOf = ({ name, categories, targets }: Margin): Cells => {
  const members = new Map<string, number[]>();
  categories.forEach((category, row) => {
    if (!Object.hasOwn(targets, category))
      throw new RangeError(`margin ${name} has no target for "${category}", the category of row ${row}`);
    members.set(category, [...(members.get(category) ?? []), row]);
  });
  const all = Object.entries(targets);
  requireWeights(
    `targets of ${name}`,
    all.map(([, target]) => target),
  );
  const total = all.reduce((sum, [, target]) => sum + target, 0);
  if (!(total > 0)) throw new RangeError(`targets of ${name} must sum to more than 0`);
  return { name, members, shares: new Map(all.map(([category, target]) => [category, target / total])) };
};

/** A category of the population that nobody answered for, whatever the weights. */
const emptyCategory = (margins: readonly Cells[]): NotRaked | undefined => {
  for (const { name, members, shares } of margins)
    for (const [category, share] of shares)
      if (share > 0 && !members.has(category)) return { ...notEstimable('all-missing'), margin: name, category };
  return undefined;
};

const totalOf = (weights: Float64Array, rows: readonly number[]): number =>
  rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0);

type Gap = { readonly size: number; readonly margin: string; readonly category: string };

/** The largest gap between a margin's shares and its targets. */
const largestGap = (weights: Float64Array, margins: readonly Cells[]): Gap => {
  let worst: Gap = { size: 0, margin: '', category: '' };
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const { name, members, shares } of margins)
    for (const [category, share] of shares) {
      const size = Math.abs(totalOf(weights, members.get(category) ?? []) / total - share);
      if (!(size <= worst.size)) worst = { size, margin: name, category };
    }
  return worst;
};

/** One pass over all margins; a category whose weights are all 0 stays so. */
const adjust = (weights: Float64Array, margins: readonly Cells[]): void => {
  for (const { members, shares } of margins)
    for (const [category, rows] of members) {
      const now = totalOf(weights, rows);
      const factor = now > 0 ? ((shares.get(category) ?? 0) * weights.length) / now : 0;
      for (const row of rows) weights[row] = (weights[row] ?? 0) * factor;
    }
};

const bound = (weights: Float64Array, { smallest = 0, largest = Infinity }: RakingOptions): void => {
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row] ?? 0;
    if (weight > 0) weights[row] = Math.min(largest, Math.max(smallest, weight));
  }
};

const requireOptions = ({ smallest = 0, largest = Infinity, tolerance = 1e-10 }: RakingOptions): void => {
  if (!(largest > 1)) throw new RangeError(`largest must be above 1 (the mean weight), not ${largest}`);
  if (!(smallest >= 0 && smallest < 1)) throw new RangeError(`smallest must be from 0 to below 1, not ${smallest}`);
  if (!(tolerance > 0)) throw new RangeError(`tolerance must be above 0, not ${tolerance}`);
};

/**
 * Weights that give a sample the margins of its population, by iterative proportional fitting (Deming & Stephan 1940); with
 * bounds, weights beyond them are pulled in after every pass until margins and bounds both hold (as Izrael, Battaglia &
 * Frankel 2009).
 *
 * @returns not estimable, with the margin and category named, when the population has a category that nobody answered for
 * (`all-missing`: join categories) or the margins cannot all be met, or not within the bounds (`did-not-converge`)
 * @throws RangeError naming a category without target, a negative weight or target, or lists of unequal length
 */
export const rake = (margins: readonly Margin[], options: RakingOptions = {}): RakedWeights | NotEstimable | NotRaked => {
  requireOptions(options);
  const n = margins[0]?.categories.length ?? 0;
  margins.forEach(({ name, categories }) =>
    requireSameLength(`categories of ${name}`, categories, 'categories of the first margin', margins[0]?.categories ?? []),
  );
  if (options.start) {
    requireWeights('start', options.start);
    requireSameLength('start', options.start, 'categories', margins[0]?.categories ?? []);
  }
  if (n === 0) return notEstimable('too-few-observations');
  const cells = margins.map(cellsOf);
  const empty = emptyCategory(cells);
  if (empty) return empty;
  const weights = Float64Array.from(options.start ?? Array.from({ length: n }, () => 1));
  const { tolerance = 1e-10, maxRounds = 1000 } = options;
  const bounded = options.largest !== undefined || options.smallest !== undefined;
  let gap: Gap = { size: Infinity, margin: '', category: '' };
  for (let round = 1; round <= maxRounds; round++) {
    adjust(weights, cells);
    if (bounded) bound(weights, options);
    gap = largestGap(weights, cells);
    if (gap.size <= tolerance) return raked(weights, round, options);
  }
  return { ...notEstimable('did-not-converge'), margin: gap.margin, category: gap.category };
};

const raked = (found: Float64Array, rounds: number, options: RakingOptions): RakedWeights | NotEstimable => {
  const mean = found.reduce((sum, weight) => sum + weight, 0) / found.length;
  const weights = [...found].map((weight) => weight / mean);
  const size = effectiveSize(weights);
  if (!size.estimable) return size;
  const at = (weight: number, limit: number | undefined) => limit !== undefined && Math.abs(weight - limit) < 1e-6 * limit;
  return {
    estimable: true,
    method: options.largest === undefined && options.smallest === undefined ? 'raking' : 'raking, trimmed',
    weights,
    rounds,
    trimmed: weights.filter((weight) => at(weight, options.largest) || at(weight, options.smallest)).length,
    effectiveN: size.effectiveN,
    designEffect: size.designEffect,
    n: size.n,
  };
};
