import { normalCdf } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';

export type Kendall = { readonly estimable: true; readonly method: string; readonly k: number; readonly tau: number; readonly pValue: number };

/**
 * Kendall's tau-b of two lists of k numbers. The p-value is exact without ties below k = 50, else normal with the variance
 * that ties leave. A list that is constant has no order: `no-variation`.
 *
 * Source: Kendall and Gibbons (1990), Rank Correlation Methods.
 */
export const kendall = (x: readonly number[], y: readonly number[]): Kendall | NotEstimable => {
  const k = x.length;
  let concordance = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < i; j++) concordance += Math.sign((x[i] as number) - (x[j] as number)) * Math.sign((y[i] as number) - (y[j] as number));
  const [tiesX, tiesY] = [tieSizes(x), tieSizes(y)];
  const pairs = (k * (k - 1)) / 2;
  const tied = (sizes: readonly number[], f: (t: number) => number): number => sizes.reduce((sum, t) => sum + f(t), 0);
  const open = (sizes: readonly number[]): number => pairs - tied(sizes, (t) => (t * (t - 1)) / 2);
  const spread = Math.sqrt(open(tiesX) * open(tiesY));
  if (!(spread > 0)) return notEstimable('no-variation');
  const exact = k < 50 && tiesX.length === k && tiesY.length === k;
  const pValue = exact ? exactP(k, concordance) : normalP(k, concordance, tiesX, tiesY, tied);
  return { estimable: true, method: exact ? 'Kendall tau, exact' : 'Kendall tau-b, normal', k, tau: concordance / spread, pValue };
};

const tieSizes = (values: readonly number[]): number[] => {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()];
};

/** Share of the k! orders with at least as much concordance either way, from the counts of inversions. */
const exactP = (k: number, concordance: number): number => {
  let shares = [1];
  for (let n = 2; n <= k; n++) {
    const next = new Array<number>(shares.length + n - 1).fill(0);
    shares.forEach((share, inversions) => {
      for (let more = 0; more < n; more++) next[inversions + more] = (next[inversions + more] as number) + share / n;
    });
    shares = next;
  }
  const discordant = ((k * (k - 1)) / 2 - Math.abs(concordance)) / 2;
  return Math.min(1, 2 * shares.slice(0, discordant + 1).reduce((sum, share) => sum + share, 0));
};

type Tied = (sizes: readonly number[], f: (t: number) => number) => number;

const normalP = (k: number, concordance: number, tiesX: readonly number[], tiesY: readonly number[], tied: Tied): number => {
  const base = (t: number): number => t * (t - 1) * (2 * t + 5);
  const pairs = (t: number): number => t * (t - 1);
  const triples = (t: number): number => t * (t - 1) * (t - 2);
  const variance =
    (base(k) - tied(tiesX, base) - tied(tiesY, base)) / 18 +
    (tied(tiesX, triples) * tied(tiesY, triples)) / (k > 2 ? 9 * triples(k) : 1) +
    (tied(tiesX, pairs) * tied(tiesY, pairs)) / (2 * pairs(k));
  return 2 * normalCdf(-Math.abs(concordance) / Math.sqrt(variance));
};
