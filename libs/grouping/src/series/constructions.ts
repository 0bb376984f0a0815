/**
 * Schedules in which no two people meet twice, by construction. People are points `column * rows + row`; a round is a list of
 * groups; each group of `rounds` t and value r holds one point of each column. Two columns meet in row pairs that are all
 * different over the rounds: a resolvable transversal design (the affine plane where there are as many columns as rows).
 */
export type Rounds = readonly (readonly (readonly number[])[])[];

type Field = { readonly order: number; readonly plus: (a: number, b: number) => number; readonly times: (a: number, b: number) => number };

const smallestFactor = (value: number): number => {
  for (let factor = 2; factor * factor <= value; factor += 1) if (value % factor === 0) return factor;
  return value;
};

/** Whole numbers modulo the order. Differences of multipliers below the smallest prime factor can be divided by. */
const modular = (order: number): Field => ({ order, plus: (a, b) => (a + b) % order, times: (a, b) => (a * b) % order });

/** Monic irreducible polynomials, without the leading term, lowest degree first, by order (Lidl and Niederreiter, tables). */
const IRREDUCIBLE: Readonly<Record<number, { readonly prime: number; readonly low: readonly number[] }>> = {
  4: { prime: 2, low: [1, 1] },
  8: { prime: 2, low: [1, 1, 0] },
  9: { prime: 3, low: [1, 0] },
  16: { prime: 2, low: [1, 1, 0, 0] },
  25: { prime: 5, low: [2, 1] },
  27: { prime: 3, low: [1, 2, 0] },
};

/** Polynomials over a prime field modulo an irreducible one, written as digits to the base of the prime. */
const extension = (order: number, prime: number, low: readonly number[]): Field => {
  const digits = (value: number): number[] => low.map((_, place) => Math.floor(value / prime ** place) % prime);
  const number = (list: readonly number[]): number => list.reduce((sum, digit, place) => sum + (((digit % prime) + prime) % prime) * prime ** place, 0);
  const plus = (a: number, b: number): number => {
    const other = digits(b);
    return number(digits(a).map((digit, place) => digit + (other[place] as number)));
  };
  const timesX = (a: readonly number[]): number[] => {
    const top = a.at(-1) as number;
    return a.map((_, place) => (((place === 0 ? 0 : (a[place - 1] as number)) - top * (low[place] as number)) % prime) + prime);
  };
  const times = (a: number, b: number): number => {
    let power = digits(a);
    let sum = 0;
    for (const digit of digits(b)) {
      sum = plus(sum, number(power.map((value) => value * digit)));
      power = digits(number(timesX(power)));
    }
    return sum;
  };
  return { order, plus, times };
};

const fieldFor = (rows: number, columns: number): Field | undefined => {
  const special = IRREDUCIBLE[rows];
  if (special && columns <= rows) return extension(rows, special.prime, special.low);
  return smallestFactor(rows) >= columns ? modular(rows) : undefined;
};

/** `rows` groups of `columns` people for up to `rows` rounds; none where no construction of ours fits. */
export const transversalRounds = (rows: number, columns: number): Rounds | undefined => {
  if (rows < 2 || columns < 1 || columns > rows) return undefined;
  const field = fieldFor(rows, columns);
  if (!field) return undefined;
  return range(rows).map((round) => range(rows).map((start) => range(columns).map((column) => column * rows + field.plus(start, field.times(column, round)))));
};

/** All pairs of an even number of people, in people - 1 rounds (the circle method). */
export const pairRounds = (people: number): Rounds | undefined => {
  if (people < 2 || people % 2 === 1) return undefined;
  const circle = people - 1;
  return range(circle).map((round) => [
    [circle, round],
    ...range(people / 2 - 1).map((step) => [(round + step + 1) % circle, (round - step - 1 + circle) % circle]),
  ]);
};

/** Kirkman's fifteen schoolgirls (1850): 5 groups of 3 for 7 rounds, every two once. */
const KIRKMAN_15: Rounds = [
  [[0, 1, 2], [3, 7, 11], [4, 9, 14], [5, 10, 12], [6, 8, 13]],
  [[0, 3, 4], [1, 7, 9], [2, 12, 13], [5, 8, 14], [6, 10, 11]],
  [[0, 5, 6], [1, 8, 10], [2, 11, 14], [3, 9, 13], [4, 7, 12]],
  [[0, 7, 8], [1, 11, 13], [2, 4, 5], [3, 10, 14], [6, 9, 12]],
  [[0, 9, 10], [1, 12, 14], [2, 3, 6], [4, 8, 11], [5, 7, 13]],
  [[0, 11, 12], [1, 3, 5], [2, 8, 9], [4, 10, 13], [6, 7, 14]],
  [[0, 13, 14], [1, 4, 6], [2, 7, 10], [3, 8, 12], [5, 9, 11]],
];

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/**
 * A schedule of `groups` groups of `size` in which nobody meets anybody twice, as long as one of ours is. Where a round of whole
 * columns fits as well (the affine plane), it is the last.
 */
export const exactRounds = (groups: number, size: number): Rounds | undefined => {
  if (size === 2) return pairRounds(groups * 2);
  if (size === 3 && groups === 5) return KIRKMAN_15;
  const crossing = transversalRounds(groups, size);
  if (!crossing || groups % size !== 0) return crossing;
  const alongColumns = range(size).flatMap((column) => range(groups / size).map((part) => range(size).map((at) => column * groups + part * size + at)));
  return [...crossing, alongColumns];
};
