import { Matrix } from 'ml-matrix';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireSameLength } from '../inputs.js';
import { leastSquares } from '../linear/least-squares.js';
import { seededRandom } from '../random/random.js';

export type WildBootstrapInput = {
  /** n rows of k columns, an intercept among them if one is wanted. */
  readonly design: readonly (readonly number[])[];
  readonly outcome: readonly number[];
  /** n labels: rows with the same label may depend on each other. */
  readonly clusters: readonly string[];
  /** k weights: the linear combination of coefficients whose being zero is tested. */
  readonly contrast: readonly number[];
  readonly seed: number;
  /** 9,999 unless said. */
  readonly draws?: number;
};

export type WildBootstrap = {
  readonly estimable: true;
  readonly method: 'wild-cluster-bootstrap-webb';
  readonly estimate: number;
  /** Over the CR1 standard error. */
  readonly statistic: number;
  /** Two-sided, the actual sample counted. */
  readonly pValue: number;
  readonly draws: number;
  readonly seed: number;
  readonly observations: number;
  readonly clusters: number;
};

/** Six equally likely weights with mean 0 and variance 1: with two, ten clusters would have only 1,024 outcomes. */
const WEBB = [-Math.sqrt(1.5), -1, -Math.sqrt(0.5), Math.sqrt(0.5), 1, Math.sqrt(1.5)];

/**
 * Whether a coefficient is zero, for few clusters: residuals of the fit with the null imposed are flipped and stretched cluster
 * by cluster, and the t statistic (CR1) is compared with those of the samples so made.
 * Sources: Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90; Webb (2023), Canadian Journal of Economics 56.
 *
 * @returns not estimable: `too-few-observations`, `too-few-clusters` below two, `not-identified`, `no-variation`
 * @throws RangeError that names the input which is malformed
 */
export const wildClusterBootstrap = (input: WildBootstrapInput): WildBootstrap | NotEstimable => {
  const { outcome, contrast, clusters, seed, draws = 9_999 } = input;
  requireShapes(input, draws);
  const labels = [...new Set(clusters)];
  if (outcome.length <= contrast.length) return notEstimable('too-few-observations');
  if (labels.length < 2) return notEstimable('too-few-clusters');
  const pieces = piecesOf(input, labels);
  if (pieces === 'not-identified') return notEstimable(pieces);
  const actual = pieces.statistic(undefined);
  if (actual === undefined) return notEstimable('no-variation');
  const random = seededRandom(seed);
  let asFar = 1;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = pieces.statistic(labels.map(() => WEBB[random.below(6)] ?? 0));
    if (drawn !== undefined && Math.abs(drawn) >= Math.abs(actual) * (1 - 1e-9)) asFar++;
  }
  return {
    estimable: true,
    method: 'wild-cluster-bootstrap-webb',
    estimate: pieces.estimate,
    statistic: actual,
    pValue: asFar / (draws + 1),
    draws,
    seed,
    observations: outcome.length,
    clusters: labels.length,
  };
};

const requireShapes = (
  { design, outcome, clusters, contrast }: WildBootstrapInput,
  draws: number,
): void => {
  requireFinite('outcome', outcome);
  requireFinite('contrast', contrast);
  requireSameLength('design', design, 'outcome', outcome);
  requireSameLength('clusters', clusters, 'outcome', outcome);
  design.forEach((row, index) => {
    requireSameLength(`design[${index}]`, row, 'contrast', contrast);
    requireFinite(`design[${index}]`, row);
  });
  if (!(Number.isInteger(draws) && draws >= 1))
    throw new RangeError(`draws must be a whole number of at least 1, not ${draws}`);
};

/**
 * With a = X M c, Z = X L, per cluster: s = a'e, q = Z'e, r = Z'a. A sample with weights w on restricted residuals has estimate
 * sum w s and scores w s - r' (sum w q), so a draw costs clusters x k, whatever the number of rows.
 */
const piecesOf = (input: WildBootstrapInput, labels: readonly string[]) => {
  const x = new Matrix(input.design as number[][]);
  const fit = leastSquares(x, input.outcome);
  if (!fit) return 'not-identified' as const;
  const z = x.mmul(fit.root);
  const along = fit.root.transpose().mmul(Matrix.columnVector(input.contrast as number[]));
  const a = z.mmul(along).to1DArray();
  const estimate = fit.coefficients.reduce((sum, value, index) => sum + value * (input.contrast[index] ?? 0), 0);
  const size = along.dot(along);
  if (!(size > 0)) return 'not-identified' as const;
  const restricted = fit.residuals.map((e, row) => e + ((a[row] ?? 0) * estimate) / size);
  const groups = groupPieces(input.clusters, labels, z, a, restricted);
  const largest = input.outcome.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const nothing = 1e-12 * largest * Math.sqrt(size);
  const statistic = (weights: readonly number[] | undefined): number | undefined => {
    const weight = (group: number): number => weights?.[group] ?? 1;
    const total = new Float64Array(z.columns);
    let sum = 0;
    groups.forEach(({ s, q }, group) => {
      sum += weight(group) * s;
      q.forEach((value, column) => (total[column] = (total[column] ?? 0) + weight(group) * value));
    });
    const squares = groups.reduce((squared, { s, r }, group) => {
      const score = r.reduce((left, value, column) => left - value * (total[column] ?? 0), weight(group) * s);
      return squared + score * score;
    }, 0);
    const spread = Math.sqrt((groups.length / (groups.length - 1)) * squares);
    return spread > nothing ? sum / spread : undefined;
  };
  return { estimate, statistic };
};

const groupPieces = (
  clusters: readonly string[],
  labels: readonly string[],
  z: Matrix,
  a: readonly number[],
  e: readonly number[],
) => {
  const k = z.columns;
  const groups = labels.map(() => ({ s: 0, q: new Array<number>(k).fill(0), r: new Array<number>(k).fill(0) }));
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  clusters.forEach((label, row) => {
    const group = groups[indexOf.get(label) ?? 0];
    if (!group) return;
    const [own, rest] = [a[row] ?? 0, e[row] ?? 0];
    group.s += own * rest;
    for (let column = 0; column < k; column++) {
      const value = z.get(row, column);
      group.q[column] = (group.q[column] ?? 0) + value * rest;
      group.r[column] = (group.r[column] ?? 0) + value * own;
    }
  });
  return groups;
};
