import { sum } from './side-counts.js';

/** Ties from the side of the row to the side of the column; square, whole numbers. An undirected tie between sides stands in both cells, one within a side twice in its cell. */
export type MixingMatrix = readonly (readonly number[])[];

const requireSquare = (matrix: MixingMatrix): void => {
  matrix.forEach((row, at) => {
    if (row.length !== matrix.length) throw new RangeError(`matrix[${at}] has ${row.length} entries: the matrix must be square, ${matrix.length} by ${matrix.length}`);
    row.forEach((ties, to) => {
      if (!Number.isFinite(ties) || ties < 0) throw new RangeError(`matrix[${at}][${to}] must be a number of ties, not ${ties}`);
    });
  });
};

const diagonal = (matrix: MixingMatrix): number => sum(matrix.map((row, side) => row[side] as number));
const total = (matrix: MixingMatrix): number => sum(matrix.map(sum));

/**
 * (external - internal) / (external + internal): -1 all ties within sides, 1 all across. Krackhardt & Stern 1988.
 * @returns undefined without ties
 */
export const eiIndex = (matrix: MixingMatrix): number | undefined => {
  requireSquare(matrix);
  const ties = total(matrix);
  return ties === 0 ? undefined : (ties - 2 * diagonal(matrix)) / ties;
};

/**
 * Assortativity: (tr e - sum a b) / (1 - sum a b); 1 all ties within sides, 0 as by chance given how many ties each side has. Newman 2003, formula 2.
 * @returns undefined without ties, or when one side has them all
 */
export const assortativity = (matrix: MixingMatrix): number | undefined => {
  requireSquare(matrix);
  const ties = total(matrix);
  if (ties === 0) return undefined;
  const byChance = sum(matrix.map((row, side) => (sum(row) / ties) * (sum(matrix.map((other) => other[side] as number)) / ties)));
  return byChance >= 1 ? undefined : (diagonal(matrix) / ties - byChance) / (1 - byChance);
};

/**
 * Homophily of each side: ties within it beyond chance, as a share of the most there could be (of the fewest, when there are less than by chance). Coleman 1958.
 *
 * @param matrix - directed ties; an undirected tie counts once in each direction
 * @param sizes - people of each side
 * @param expectation - `others`: a person does not choose themselves, (n-1)/(N-1), exact; `all`: n/N, as Coleman printed it
 * @returns one figure a side, from -1 to 1; undefined for a side that has no ties or nobody to choose
 */
export const colemanHomophily = (matrix: MixingMatrix, sizes: readonly number[], expectation: 'others' | 'all' = 'others'): readonly (number | undefined)[] => {
  requireSquare(matrix);
  if (sizes.length !== matrix.length) throw new RangeError(`sizes has ${sizes.length} entries and matrix ${matrix.length}: they must match`);
  const people = sum(sizes);
  return matrix.map((row, side) => {
    const ties = sum(row);
    const size = sizes[side] as number;
    const expected = ties * (expectation === 'others' ? (size - 1) / (people - 1) : size / people);
    const beyond = (row[side] as number) - expected;
    const most = beyond >= 0 ? ties - expected : expected;
    return ties === 0 || !(most > 0) ? undefined : beyond / most;
  });
};

/** Undirected ties within and across sides, and the pairs of people that could have had one. */
export type Dyads = { readonly withinTies: number; readonly crossTies: number; readonly withinPairs: number; readonly crossPairs: number };

/**
 * 1 - (share of ties that cross) / (share of pairs that cross): 1 apart, 0 as by chance, below 0 more across than by chance. Freeman 1978
 * sets it to 0 there; the sign is kept here.
 * @returns undefined without ties or without pairs across
 */
export const freemanSegregation = ({ withinTies, crossTies, withinPairs, crossPairs }: Dyads): number | undefined => {
  if (withinTies + crossTies === 0 || crossPairs === 0) return undefined;
  return 1 - crossTies / (withinTies + crossTies) / (crossPairs / (withinPairs + crossPairs));
};

/**
 * Odds of a tie within a side over odds of one across; 1 as by chance. Moody 2001.
 * @returns undefined where an odds would be divided by 0
 */
export const withinOddsRatio = ({ withinTies, crossTies, withinPairs, crossPairs }: Dyads): number | undefined => {
  const below = (withinPairs - withinTies) * crossTies;
  return below === 0 ? undefined : (withinTies * (crossPairs - crossTies)) / below;
};
