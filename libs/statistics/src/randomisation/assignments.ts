import type { Random } from '../random/random.js';

/** A stratum: which units lie in it and how many of them were treated. */
export type Stratum = { readonly units: readonly number[]; readonly treated: number };

/** How many assignments keep each stratum's number of treated units; Infinity beyond 2^53. */
export const countAssignments = (strata: readonly Stratum[]): number => {
  const count = strata.reduce((product, { units, treated }) => product * choose(units.length, treated), 1);
  return Number.isSafeInteger(count) ? count : Infinity;
};

const choose = (n: number, k: number): number => {
  let ways = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) ways = (ways * (n - Math.min(k, n - k) + i)) / i;
  return Math.round(ways);
};

/** Calls back with the treated units of every assignment; the list is reused, so copy what is kept. */
export const everyAssignment = (
  strata: readonly Stratum[],
  visit: (treated: readonly number[]) => void,
): void => {
  const chosen: number[] = [];
  const inStratum = (index: number): void => {
    const stratum = strata[index];
    if (!stratum) return visit(chosen);
    const pick = (from: number, left: number): void => {
      if (left === 0) return inStratum(index + 1);
      for (let at = from; at <= stratum.units.length - left; at++) {
        chosen.push(stratum.units[at] ?? 0);
        pick(at + 1, left - 1);
        chosen.pop();
      }
    };
    pick(0, stratum.treated);
  };
  inStratum(0);
};

/** The treated units of one assignment, each equally likely. */
export const drawAssignment = (strata: readonly Stratum[], random: Random): number[] =>
  strata.flatMap(({ units, treated }) => {
    const order = [...units];
    for (let at = 0; at < treated; at++) {
      const other = at + random.below(order.length - at);
      [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
    }
    return order.slice(0, treated);
  });
