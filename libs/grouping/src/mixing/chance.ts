import type { Random } from '../random.js';
import type { AdditiveIndex } from './indices.js';
import { sum, type SideTable } from './side-counts.js';

/** Chance means: the same people, dealt at random into groups of the same sizes (multivariate hypergeometric). */
export type Tails = {
  /** Probability, under chance, of sides being at least as far apart as observed. */
  readonly pApart: number;
  /** Probability, under chance, of sides being at least as mixed as observed. */
  readonly pMixed: number;
};

/** Two values that differ by rounding alone are equal. */
const TIE = 1e-9;
/** Beyond this an exact distribution costs more than permutations do. */
const MOST_STATES = 5_000;
const MOST_COMPOSITIONS = 20_000;

const logFactorials = (upTo: number): Float64Array => {
  const table = new Float64Array(upTo + 1);
  for (let n = 2; n <= upTo; n += 1) table[n] = (table[n - 1] as number) + Math.log(n);
  return table;
};

const logChoose = (table: Float64Array, n: number, k: number): number => (table[n] as number) - (table[k] as number) - (table[n - k] as number);

/** Every way to make a group of `size` from these totals; undefined when they are too many to list. */
const compositions = (size: number, totals: readonly number[]): readonly (readonly number[])[] | undefined => {
  let partial: (readonly number[])[] = [[]];
  for (const [side, total] of totals.entries()) {
    const later = sum(totals.slice(side + 1));
    partial = partial.flatMap((row) => {
      const left = size - sum(row);
      const least = Math.max(0, left - later);
      return Array.from({ length: Math.max(0, Math.min(total, left) - least + 1) }, (_, extra) => [...row, least + extra]);
    });
    if (partial.length > MOST_COMPOSITIONS) return undefined;
  }
  return partial;
};

/**
 * Exact expectation of every index under chance: the sum over groups of the mean of its term over all compositions.
 * @returns undefined when there are too many compositions to list
 */
export const expectedValues = (indices: readonly AdditiveIndex[], table: SideTable): readonly number[] | undefined => {
  const logs = logFactorials(table.people);
  const expected = indices.map(() => 0);
  for (const size of new Set(table.sizes)) {
    const groups = table.sizes.filter((one) => one === size).length;
    const ways = compositions(size, table.totals);
    if (!ways) return undefined;
    for (const row of ways) {
      const chance = Math.exp(sum(row.map((count, side) => logChoose(logs, table.totals[side] as number, count))) - logChoose(logs, table.people, size));
      indices.forEach((index, at) => (expected[at] = (expected[at] as number) + groups * chance * index.term(row)));
    }
  }
  return expected;
};

const keyOf = (value: number): number => Math.round(value / TIE);

/**
 * Exact tails for two sides, group by group: how many of the first side are dealt out so far, and what the index has come to.
 * @returns undefined for other than two sides, or when the distribution has too many values
 */
export const exactTails = (index: AdditiveIndex, table: SideTable, observed: number): Tails | undefined => {
  const [first, second] = table.totals;
  if (table.totals.length !== 2 || first === undefined || second === undefined) return undefined;
  const logs = logFactorials(table.people);
  // Keyed by `dealt`, then by the rounded value; the sum is kept unrounded beside its probability.
  let states = new Map<number, Map<number, { value: number; chance: number }>>([[0, new Map([[0, { value: 0, chance: 1 }]])]]);
  let leftOver = table.people;
  for (const size of [...table.sizes].sort((a, b) => a - b)) {
    const next: typeof states = new Map();
    let count = 0;
    for (const [dealt, values] of states) {
      const firstLeft = first - dealt;
      for (let mine = Math.max(0, size - (leftOver - firstLeft)); mine <= Math.min(size, firstLeft); mine += 1) {
        const chance = Math.exp(logChoose(logs, firstLeft, mine) + logChoose(logs, leftOver - firstLeft, size - mine) - logChoose(logs, leftOver, size));
        const term = index.term([mine, size - mine]);
        const into = next.get(dealt + mine) ?? new Map<number, { value: number; chance: number }>();
        next.set(dealt + mine, into);
        for (const state of values.values()) {
          const value = state.value + term;
          const known = into.get(keyOf(value));
          if (known) known.chance += state.chance * chance;
          else if ((count += 1) > MOST_STATES) return undefined;
          else into.set(keyOf(value), { value, chance: state.chance * chance });
        }
      }
    }
    states = next;
    leftOver -= size;
  }
  return tailsOf([...(states.get(first)?.values() ?? [])], observed, index.apartIsHigh);
};

const tailsOf = (distribution: readonly { value: number; chance: number }[], observed: number, apartIsHigh: boolean): Tails => {
  // Rounding of each term adds up over groups: far more than TIE would be another value.
  const high = Math.min(1, sum(distribution.filter(({ value }) => value >= observed - TIE * 10).map(({ chance }) => chance)));
  const low = Math.min(1, sum(distribution.filter(({ value }) => value <= observed + TIE * 10).map(({ chance }) => chance)));
  return apartIsHigh ? { pApart: high, pMixed: low } : { pApart: low, pMixed: high };
};

/**
 * Tails and means by seeded permutation: people are dealt anew, group sizes stay. p = (1 + as extreme) / (1 + permutations), so never 0
 * (Phipson & Smyth 2010).
 */
export const permutationTails = (
  indices: readonly AdditiveIndex[],
  table: SideTable,
  observed: readonly number[],
  { random, permutations }: { readonly random: Random; readonly permutations: number },
): readonly (Tails & { readonly mean: number })[] => {
  const labels = table.totals.flatMap((total, side) => Array.from({ length: total }, () => side));
  const counts = indices.map(() => ({ high: 0, low: 0, sum: 0 }));
  for (let round = 0; round < permutations; round += 1) {
    const dealt = random.shuffle(labels);
    const rows = deal(dealt, table);
    indices.forEach((index, at) => {
      const value = sum(rows.map(index.term));
      const count = counts[at] as (typeof counts)[number];
      count.sum += value;
      if (value >= (observed[at] as number) - TIE) count.high += 1;
      if (value <= (observed[at] as number) + TIE) count.low += 1;
    });
  }
  return indices.map(({ apartIsHigh }, at) => {
    const { high, low, sum: total } = counts[at] as (typeof counts)[number];
    const [pHigh, pLow] = [(1 + high) / (1 + permutations), (1 + low) / (1 + permutations)];
    return { mean: total / permutations, ...(apartIsHigh ? { pApart: pHigh, pMixed: pLow } : { pApart: pLow, pMixed: pHigh }) };
  });
};

const deal = (labels: readonly number[], { sizes, totals }: SideTable): readonly (readonly number[])[] => {
  let at = 0;
  return sizes.map((size) => {
    const row = totals.map(() => 0);
    for (const label of labels.slice(at, (at += size))) row[label] = (row[label] as number) + 1;
    return row;
  });
};
