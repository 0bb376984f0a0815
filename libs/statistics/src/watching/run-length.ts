import { Matrix, solve } from 'ml-matrix';
import { normalCdf, normalDensity, normalQuantile } from '../distributions/normal.js';
import { gaussLegendre } from '../numeric/gauss-legendre.js';
import { findRoot } from '../numeric/root.js';
import { ewmaSpread, requireEwma } from './ewma.js';

/** One-sided watches for a rise only. */
export type Sides = 'one-sided' | 'two-sided';

export type CusumDesign = { readonly k: number; readonly h: number; readonly sides?: Sides };

export type EwmaDesign = { readonly lambda: number; readonly width: number; readonly limits?: 'steady' | 'exact' };

const requireDesign = (k: number, h: number, shift: number): void => {
  if (!(Number.isFinite(k) && k >= 0)) throw new RangeError(`k must be 0 or more, not ${k}`);
  if (!(Number.isFinite(h) && h > 0)) throw new RangeError(`h must be above 0, not ${h}`);
  if (!Number.isFinite(shift)) throw new RangeError(`shift must be a finite number, not ${shift}`);
};

/** Nodes that resolve a unit-variance kernel over an interval of so many standard deviations. */
const nodesFor = (widths: number): number => 20 + Math.ceil(4 * widths);

/**
 * Mean run length of a one-sided normal CUSUM from 0, by Page's integral equation on Gauss-Legendre nodes:
 * L(z) = 1 + Phi(k - z) L(0) + integral over (0, h) of phi(x + k - z) L(x).
 */
const oneSidedCusum = (k: number, h: number, shift: number): number => {
  const { nodes, weights } = gaussLegendre(nodesFor(h), 0, h);
  const points = [0, ...nodes];
  const size = points.length;
  const system = Matrix.eye(size, size);
  points.forEach((z, row) => {
    system.set(row, 0, system.get(row, 0) - normalCdf(k - z - shift));
    nodes.forEach((x, at) => {
      const mass = (weights[at] ?? 0) * normalDensity(x + k - z - shift);
      system.set(row, at + 1, system.get(row, at + 1) - mass);
    });
  });
  return solve(system, Matrix.ones(size, 1)).get(0, 0);
};

/**
 * Mean number of values until a normal CUSUM that starts at 0 signals (Page 1954; van Dobben de Bruyn 1968). Two-sided, the
 * rates of the sides add (Kemp 1961).
 *
 * @param shift - of the mean, in sigma; 0 is in control: the mean run to a false alarm
 */
export const cusumRunLength = ({ k, h, sides = 'two-sided' }: CusumDesign, shift = 0): number => {
  requireDesign(k, h, shift);
  const up = oneSidedCusum(k, h, shift);
  return sides === 'one-sided' ? up : 1 / (1 / up + 1 / oneSidedCusum(k, h, -shift));
};

/** L on the nodes of an interval from L on those of the next: 1 + integral of the transition density times L. */
const ewmaStep = (lambda: number, shift: number, from: number, to: number): number =>
  normalDensity((to - (1 - lambda) * from) / lambda - shift) / lambda;

const steadyEwma = (lambda: number, limit: number, shift: number) => {
  const { nodes, weights } = gaussLegendre(nodesFor((2 * limit) / lambda), -limit, limit);
  const system = Matrix.eye(nodes.length, nodes.length);
  nodes.forEach((z, row) =>
    nodes.forEach((x, at) =>
      system.set(row, at, system.get(row, at) - (weights[at] ?? 0) * ewmaStep(lambda, shift, z, x)),
    ),
  );
  const lengths = solve(system, Matrix.ones(nodes.length, 1)).to1DArray();
  return { nodes, weights, lengths };
};

/**
 * Mean number of values until a two-sided EWMA that starts at its target signals, by its integral equation (Crowder 1987). With
 * `exact` limits, backwards from where they have settled: the limits of tables are the steady ones.
 *
 * @param shift - of the mean, in sigma
 */
export const ewmaRunLength = ({ lambda, width, limits = 'steady' }: EwmaDesign, shift = 0): number => {
  requireEwma(lambda, width);
  if (!Number.isFinite(shift)) throw new RangeError(`shift must be a finite number, not ${shift}`);
  let ahead = steadyEwma(lambda, width * ewmaSpread(lambda), shift);
  const before = (z: number): number =>
    ahead.nodes.reduce(
      (sum, x, at) => sum + (ahead.weights[at] ?? 0) * ewmaStep(lambda, shift, z, x) * (ahead.lengths[at] ?? 0),
      1,
    );
  if (limits === 'steady' || lambda === 1) return before(0);
  const settled = Math.ceil(Math.log(1e-12) / (2 * Math.log(1 - lambda)));
  const unit = gaussLegendre(ahead.nodes.length, -1, 1);
  for (let count = settled; count >= 1; count--) {
    const limit = width * ewmaSpread(lambda, count);
    const nodes = unit.nodes.map((node) => limit * node);
    ahead = { nodes, weights: unit.weights.map((weight) => limit * weight), lengths: nodes.map(before) };
  }
  return before(0);
};

/** Mean number of values until one lies beyond `width` sigma: 1 over its chance. */
export const shewhartRunLength = (width: number, shift = 0, sides: Sides = 'two-sided'): number => {
  if (!(Number.isFinite(width) && width > 0)) throw new RangeError(`width must be above 0, not ${width}`);
  const above = normalCdf(shift - width);
  return 1 / (sides === 'one-sided' ? above : above + normalCdf(-shift - width));
};

const requireRunLength = (runLength: number): void => {
  if (!(Number.isFinite(runLength) && runLength > 2))
    throw new RangeError(`runLength must be above 2, not ${runLength}`);
};

/**
 * The decision interval h whose mean run to a false alarm is the one wanted. Choose that from how many alarms the team can look
 * into: streams watched / alarms a period that can be handled.
 */
export const cusumLimit = (k: number, runLength: number, sides: Sides = 'two-sided'): number => {
  requireRunLength(runLength);
  const beyond = (h: number) => Math.log(cusumRunLength({ k, h, sides }) / runLength);
  return findRoot(beyond, 0.5, 6, { least: 1e-6, most: 60, tolerance: 1e-9 });
};

/** The width of EWMA limits whose mean run to a false alarm is the one wanted. */
export const ewmaLimit = (lambda: number, runLength: number, limits: EwmaDesign['limits'] = 'steady'): number => {
  requireRunLength(runLength);
  const beyond = (width: number) => Math.log(ewmaRunLength({ lambda, width, limits }) / runLength);
  return findRoot(beyond, 1, 3.5, { least: 1e-3, most: 8, tolerance: 1e-9 });
};

/** The width of single-value limits whose mean run to a false alarm is the one wanted. */
export const shewhartLimit = (runLength: number, sides: Sides = 'two-sided'): number => {
  requireRunLength(runLength);
  return normalQuantile(1 - 1 / runLength / (sides === 'two-sided' ? 2 : 1));
};

/** Siegmund's (1985) approximation of a normal CUSUM's run length: a check by hand, not a substitute. */
export const siegmundRunLength = ({ k, h, sides = 'two-sided' }: CusumDesign, shift = 0): number => {
  requireDesign(k, h, shift);
  const reach = h + 1.166;
  const side = (drift: number): number =>
    Math.abs(drift) < 1e-9
      ? reach ** 2
      : (Math.exp(-2 * drift * reach) + 2 * drift * reach - 1) / (2 * drift ** 2);
  const up = side(shift - k);
  return sides === 'one-sided' ? up : 1 / (1 / up + 1 / side(-shift - k));
};
