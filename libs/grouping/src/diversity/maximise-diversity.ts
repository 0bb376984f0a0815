import { DomainError } from '@common-ground/kernel';
import { rowBound } from '../forming/bounds.js';
import { seededRandom } from '../random.js';
import { Budget, checkOptions, drive, type RunRecord, type SearchOptions } from '../search/budget.js';
import { IteratedSearch } from '../search/iterated-search.js';
import type { Problem } from '../search/problem.js';
import { randomStart } from '../search/start.js';

export type DiversityRequest = {
  /** Of each pair: symmetric, a row each. */
  readonly distances: readonly ArrayLike<number>[];
  readonly groups: readonly { readonly min: number; readonly max: number }[];
};

export type Diversity = {
  /** Group by element. */
  readonly groupOf: readonly number[];
  /** Sum of distances within groups. */
  readonly value: number;
  readonly upperBound: number;
  /** Mean over all groupings of the sizes found. */
  readonly randomMean: number;
  readonly run: RunRecord;
};

/**
 * Maximally diverse grouping: the sum of distances within groups, as large as the budget finds.
 *
 * @throws DomainError of kind `invalid` that names what is wrong
 */
export const maximiseDiversity = async (request: DiversityRequest, options: SearchOptions): Promise<Diversity> => {
  checkOptions(options);
  const problem = problemOf(request);
  const count = problem.units;
  const budget = new Budget(options, 5_000_000 + 10 * count * count);
  const random = seededRandom(options.seed);
  const mean = problem.together.reduce((sum, distance) => sum + distance, 0) / Math.max(1, count * (count - 1));
  const found = await drive(new IteratedSearch(problem, random, randomStart(problem, random), mean || 1).run(), budget);
  const sizes = new Array<number>(problem.groups).fill(0);
  for (const group of found.groupOf) sizes[group] = (sizes[group] as number) + 1;
  const pairs = sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
  return {
    groupOf: [...found.groupOf],
    value: found.value,
    upperBound: rowBound(problem.together, count, [...problem.largest], true),
    randomMean: mean * pairs,
    run: budget.record(found.steps),
  };
};

const problemOf = ({ distances, groups }: DiversityRequest): Problem => {
  const refuse = (path: readonly string[], code: string, message: string): never => {
    throw new DomainError('invalid', code, message, { path });
  };
  const count = distances.length;
  if (count === 0) refuse(['distances'], 'DISTANCES_MISSING', 'distances is empty; give a row for each element.');
  const together = new Float64Array(count * count);
  distances.forEach((row, one) => {
    if (row.length !== count) refuse(['distances', String(one)], 'DISTANCES_NOT_SQUARE', `row ${one} has ${row.length} entries where there are ${count} rows.`);
    for (let other = 0; other < count; other += 1) {
      const distance = row[other] as number;
      if (!(Math.abs(distance) <= 1e12)) refuse(['distances', String(one), String(other)], 'DISTANCE_INVALID', `a distance must be a number within ±1e12, not ${distance}.`);
      if (distance !== distances[other]?.[one]) refuse(['distances', String(one), String(other)], 'DISTANCES_NOT_SYMMETRIC', `the distance of ${one} and ${other} differs from that of ${other} and ${one}.`);
      if (one !== other) together[one * count + other] = distance;
    }
  });
  const [least, most] = [groups.reduce((sum, { min }) => sum + min, 0), groups.reduce((sum, { max }) => sum + max, 0)];
  if (groups.length === 0 || least > count || most < count || groups.some(({ min, max }) => !(min >= 0 && max >= min))) {
    refuse(['groups'], 'GROUPS_DO_NOT_HOLD', `groups hold ${least} to ${most}, and there are ${count} elements.`);
  }
  return {
    units: count,
    groups: groups.length,
    sizeOf: new Int32Array(count).fill(1),
    smallest: Int32Array.from(groups, ({ min }) => min),
    largest: Int32Array.from(groups, ({ max }) => max),
    together,
    rules: {},
  };
};
