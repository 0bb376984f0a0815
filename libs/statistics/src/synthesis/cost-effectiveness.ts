import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel } from '../inputs.js';

export type CostAndEffect = {
  /** Per participant, in one currency and year. */
  readonly cost: number;
  readonly costStandardError: number;
  /** Per participant, in standard deviations. */
  readonly effect: number;
  readonly effectStandardError: number;
  /** Of the two estimates, 0 unless said. */
  readonly covariance?: number;
};

/**
 * Interval of a ratio. `between`: its two ends. `outside`: all below `low` and all above `high` (the denominator may be zero
 * and the ratio runs through infinity). `everything`: the data exclude no ratio at all.
 */
export type RatioInterval = { readonly kind: 'between' | 'outside'; readonly low: number; readonly high: number } | { readonly kind: 'everything' };

export type CostEffectiveness = {
  readonly estimable: true;
  readonly method: 'Fieller';
  readonly level: number;
  /** Cost per standard deviation. */
  readonly ratio: number;
  readonly interval: RatioInterval;
  /** Cost per participant and 0.1 standard deviations. */
  readonly costPerTenth: number;
  /** Standard deviations bought with 1,000 of the currency. */
  readonly effectPerThousand: number;
  /** Of the ratio by linearisation: misleadingly symmetric, for comparison only. */
  readonly deltaStandardError: number;
};

/**
 * Cost per unit of effect with Fieller's interval: all r at which cost - r effect is not surprising.
 *
 * Edge cases: where the effect's own interval holds 0 the ratio is undefined and not told (`not-identified`): show the
 * acceptability curve. Source: Fieller (1954), JRSS B 16; Willan and O'Brien (1996), Health Economics 5.
 * @throws RangeError naming a figure that is not finite, a negative standard error, or a correlation beyond 1
 */
export const costEffectiveness = (input: CostAndEffect, level = 0.95): CostEffectiveness | NotEstimable => {
  requireLevel(level);
  requireCosts(input);
  const { cost, costStandardError, effect, effectStandardError, covariance = 0 } = input;
  const z = normalQuantile((1 + level) / 2);
  if (!(Math.abs(effect) > z * effectStandardError)) return notEstimable('not-identified');
  const ratio = cost / effect;
  const deltaVariance = (costStandardError ** 2 - 2 * ratio * covariance + (ratio * effectStandardError) ** 2) / effect ** 2;
  return {
    estimable: true,
    method: 'Fieller',
    level,
    ratio,
    interval: fieller(input, z),
    costPerTenth: ratio / 10,
    effectPerThousand: (1000 * effect) / cost,
    deltaStandardError: Math.sqrt(Math.max(0, deltaVariance)),
  };
};

/** The set of ratios that the data do not exclude, whether or not it is bounded. */
export const fiellerInterval = (input: CostAndEffect, level = 0.95): RatioInterval => {
  requireLevel(level);
  requireCosts(input);
  return fieller(input, normalQuantile((1 + level) / 2));
};

/** Roots of (cost - r effect)^2 = z^2 var(cost - r effect), a quadratic in r. */
const fieller = ({ cost, costStandardError, effect, effectStandardError, covariance = 0 }: CostAndEffect, z: number): RatioInterval => {
  const a = effect ** 2 - (z * effectStandardError) ** 2;
  const b = cost * effect - z * z * covariance;
  const c = cost ** 2 - (z * costStandardError) ** 2;
  const discriminant = b * b - a * c;
  if (discriminant < 0 || a === 0) return { kind: 'everything' };
  const root = Math.sqrt(discriminant);
  const [one, other] = [(b - root) / a, (b + root) / a];
  return { kind: a > 0 ? 'between' : 'outside', low: Math.min(one, other), high: Math.max(one, other) };
};

export type Acceptability = {
  readonly method: 'acceptability curve';
  /** For each amount that one standard deviation is worth: the probability that it is worth its cost. */
  readonly points: readonly { readonly worth: number; readonly probability: number }[];
};

/**
 * P(worth x effect - cost > 0), normal. With no uncertainty at all it is 0, 0.5 (a tie) or 1.
 *
 * @param worths - what one standard deviation is worth, from 0
 * Source: van Hout et al. (1994), Health Economics 3.
 */
export const acceptabilityCurve = (input: CostAndEffect, worths: readonly number[]): Acceptability => {
  requireCosts(input);
  requireFinite('worths', worths);
  const { cost, costStandardError, effect, effectStandardError, covariance = 0 } = input;
  const points = worths.map((worth) => {
    if (worth < 0) throw new RangeError(`worths must be at least 0, not ${worth}`);
    const benefit = worth * effect - cost;
    const spread = Math.sqrt(Math.max(0, (worth * effectStandardError) ** 2 + costStandardError ** 2 - 2 * worth * covariance));
    return { worth, probability: spread > 0 ? normalCdf(benefit / spread) : (Math.sign(benefit) + 1) / 2 };
  });
  return { method: 'acceptability curve', points };
};

const requireCosts = ({ cost, costStandardError, effect, effectStandardError, covariance = 0 }: CostAndEffect): void => {
  for (const [name, value] of Object.entries({ cost, costStandardError, effect, effectStandardError, covariance })) {
    requireFinite(name, [value]);
    if (name.endsWith('StandardError') && value < 0) throw new RangeError(`${name} must be at least 0, not ${value}`);
  }
  if (cost <= 0) throw new RangeError(`cost must be above 0, not ${cost}`);
  if (Math.abs(covariance) > costStandardError * effectStandardError * (1 + 1e-12))
    throw new RangeError(`covariance must lie within the product of the standard errors, not ${covariance}`);
};
