import { binomialCdf, binomialMass, binomialQuantile } from '../distributions/binomial.js';
import { normalQuantile } from '../distributions/normal.js';
import { poissonCdf, poissonMass, poissonQuantile } from '../distributions/poisson.js';
import { notEstimable, type NotEstimable } from '../estimate.js';

/** `events` of `size` people (or per `size` units of exposure) at one place. */
export type FunnelUnit = { readonly name: string; readonly events: number; readonly size: number };

export type FunnelOptions = {
  /** `proportion` when left out; `rate` when size is exposure and events can exceed it. */
  readonly kind?: 'proportion' | 'rate';
  /** What every place is held against; all together when left out. */
  readonly target?: number;
  /** Share pulled in at each end before overdispersion is taken; 0.1 when left out, below 0.5. */
  readonly winsorise?: number;
};

export type FunnelPoint = {
  readonly name: string;
  readonly value: number;
  readonly size: number;
  /** 95 % limits. */
  readonly warning: readonly [number, number];
  /** 99.8 % limits. */
  readonly alert: readonly [number, number];
  readonly signal: 'none' | 'warning' | 'alert';
  readonly side: 'high' | 'low' | 'inside';
};

export type Funnel = {
  readonly estimable: true;
  readonly method: 'funnel, exact limits' | 'funnel, overdispersed limits';
  readonly target: number;
  /** Winsorised mean square of the standardised values: 1 when places differ by chance only. */
  readonly dispersion: number;
  /** Above 1 + 2 sqrt(2 / places): more than chance, so limits are widened by its root. */
  readonly overdispersed: boolean;
  readonly points: readonly FunnelPoint[];
  readonly units: number;
};

type Law = {
  readonly quantile: (p: number, size: number) => number;
  readonly cdf: (count: number, size: number) => number;
  readonly mass: (count: number, size: number) => number;
  readonly spread: (size: number) => number;
  readonly top: number;
};

const lawOf = (kind: 'proportion' | 'rate', target: number): Law =>
  kind === 'proportion'
    ? {
        quantile: (p, size) => binomialQuantile(p, size, target),
        cdf: (count, size) => (count < 0 ? 0 : binomialCdf(count, size, target)),
        mass: (count, size) => binomialMass(count, size, target),
        spread: (size) => Math.sqrt((target * (1 - target)) / size),
        top: 1,
      }
    : {
        quantile: (p, size) => poissonQuantile(p, target * size),
        cdf: (count, size) => (count < 0 ? 0 : poissonCdf(count, target * size)),
        mass: (count, size) => poissonMass(count, target * size),
        spread: (size) => Math.sqrt(target / size),
        top: Infinity,
      };

/** Spiegelhalter (2005), A.1.1: a quantile between two counts, so that limits are smooth in size. */
const exactLimit = (law: Law, p: number, size: number): number => {
  const count = law.quantile(p, size);
  const between = (law.cdf(count, size) - p) / law.mass(count, size);
  return Math.min(law.top, Math.max(0, (count - between) / size));
};

const limitsOf = (law: Law, level: number, size: number, target: number, factor: number): readonly [number, number] => {
  const [low, high] = [(1 - level) / 2, (1 + level) / 2];
  if (factor === 1) return [exactLimit(law, low, size), exactLimit(law, high, size)];
  const margin = normalQuantile(high) * Math.sqrt(factor) * law.spread(size);
  return [Math.max(0, target - margin), Math.min(law.top, target + margin)];
};

const quantile = (sorted: readonly number[], p: number): number => {
  const at = p * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (at - Math.floor(at)) * (high - low);
};

const requireUnits = (units: readonly FunnelUnit[], { kind = 'proportion', target, winsorise = 0.1 }: FunnelOptions): void => {
  units.forEach(({ name, events, size }) => {
    if (!(Number.isFinite(size) && size > 0 && (kind === 'rate' || Number.isInteger(size))))
      throw new RangeError(`size of ${name} must be ${kind === 'rate' ? '' : 'a whole number '}above 0, not ${size}`);
    if (!(Number.isInteger(events) && events >= 0 && (kind === 'rate' || events <= size)))
      throw new RangeError(`events of ${name} must be a whole number from 0${kind === 'rate' ? '' : ` to ${size}`}, not ${events}`);
  });
  if (target !== undefined && !(target > 0 && (kind === 'rate' || target < 1)))
    throw new RangeError(`target must be above 0${kind === 'rate' ? '' : ' and below 1'}, not ${target}`);
  if (!(winsorise >= 0 && winsorise < 0.5)) throw new RangeError(`winsorise must be from 0 to below 0.5, not ${winsorise}`);
};

/**
 * Funnel plot of places against one target, without ranks (Spiegelhalter 2005): exact 95 and 99.8 % limits, or normal ones
 * widened by the root of a winsorised overdispersion factor when places differ by more than chance throughout.
 *
 * @returns not estimable with fewer than two places (`too-few-observations`), no event anywhere (`no-events`), or events only
 * (`no-variation`)
 */
export const funnel = (units: readonly FunnelUnit[], options: FunnelOptions = {}): Funnel | NotEstimable => {
  requireUnits(units, options);
  if (units.length < 2) return notEstimable('too-few-observations');
  const { kind = 'proportion', winsorise = 0.1 } = options;
  const size = units.reduce((sum, one) => sum + one.size, 0);
  const target = options.target ?? units.reduce((sum, one) => sum + one.events, 0) / size;
  if (target === 0) return notEstimable('no-events');
  if (kind === 'proportion' && target === 1) return notEstimable('no-variation');
  const law = lawOf(kind, target);
  const z = units.map((one) => (one.events / one.size - target) / law.spread(one.size));
  const sorted = [...z].sort((a, b) => a - b);
  const [low, high] = [quantile(sorted, winsorise), quantile(sorted, 1 - winsorise)];
  const dispersion = z.reduce((sum, one) => sum + Math.min(high, Math.max(low, one)) ** 2, 0) / units.length;
  const overdispersed = dispersion > 1 + 2 * Math.sqrt(2 / units.length);
  const factor = overdispersed ? dispersion : 1;
  return {
    estimable: true,
    method: overdispersed ? 'funnel, overdispersed limits' : 'funnel, exact limits',
    target,
    dispersion,
    overdispersed,
    points: units.map((one): FunnelPoint => {
      const [warning, alert] = [0.95, 0.998].map((level) => limitsOf(law, level, one.size, target, factor)) as [
        readonly [number, number],
        readonly [number, number],
      ];
      const value = one.events / one.size;
      const beyond = (limits: readonly [number, number]) => value < limits[0] || value > limits[1];
      const signal = beyond(alert) ? 'alert' : beyond(warning) ? 'warning' : 'none';
      const side = signal === 'none' ? 'inside' : value > target ? 'high' : 'low';
      return { name: one.name, value, size: one.size, warning, alert, signal, side };
    }),
    units: units.length,
  };
};
