import { requireProbability } from '../distributions/arguments.js';

/**
 * Holm's adjusted p-values, in the order given: below alpha, the family's chance of any false finding stays below alpha.
 * For the outcomes a plan declared primary. Source: Holm (1979), Scandinavian Journal of Statistics 6.
 *
 * @throws RangeError naming a value that is no probability
 */
export const holm = (pValues: readonly number[]): number[] => {
  requirePs(pValues);
  const m = pValues.length;
  let least = 0;
  return inPlace(pValues, ascending(pValues), (p, rank) => (least = Math.max(least, Math.min(1, (m - rank) * p))));
};

/**
 * Benjamini and Hochberg's adjusted p-values, in the order given: below q, the share of false findings stays below q on
 * average. For exploratory items (q = .10). Source: Benjamini and Hochberg (1995), JRSS B 57.
 *
 * @throws RangeError naming a value that is no probability
 */
export const benjaminiHochberg = (pValues: readonly number[]): number[] => {
  requirePs(pValues);
  const m = pValues.length;
  let most = 1;
  return inPlace(pValues, ascending(pValues).reverse(), (p, rank) => (most = Math.min(most, (m / (m - rank)) * p)));
};

const requirePs = (pValues: readonly number[]): void =>
  pValues.forEach((p, index) => requireProbability(`pValues[${index}]`, p));

const ascending = (values: readonly number[]): number[] =>
  values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));

const inPlace = (
  values: readonly number[],
  order: readonly number[],
  adjust: (p: number, rank: number) => number,
): number[] => {
  const adjusted = new Array<number>(values.length).fill(0);
  order.forEach((index, rank) => {
    adjusted[index] = adjust(values[index] ?? 0, rank);
  });
  return adjusted;
};
