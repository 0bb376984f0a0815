import { noncentralTUpperTail } from '../distributions/noncentral-t.js';
import { studentTQuantile } from '../distributions/student-t.js';
import { findRoot } from '../numeric/root.js';
import { precisionOf, type Design } from './design.js';

/** How the effect will be tested. */
export type TestPlan = {
  /** 0.05 when left out. */
  readonly alpha?: number;
  /** Two-sided when left out; a one-sided test looks for effects above zero only. */
  readonly tails?: 'two-sided' | 'one-sided';
};

export type DetectableEffect = {
  /** In standard deviations; of the change for pairs. */
  readonly effect: number;
  /**
   * `exact`: power of the t test through the noncentral t. `multiplier`: (t_(1-alpha/2) + t_power) standard errors, as Bloom
   * and PowerUp! print it; the two agree to the third decimal but for few degrees of freedom.
   */
  readonly method: 'exact' | 'multiplier';
  readonly df: number;
  readonly standardError: number;
  readonly power: number;
  readonly alpha: number;
};

const requireBetween = (name: string, value: number): void => {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must be between 0 and 1, not ${value}`);
};

const criticalOf = ({ alpha = 0.05, tails = 'two-sided' }: TestPlan, df: number): number => {
  requireBetween('alpha', alpha);
  return studentTQuantile(1 - (tails === 'two-sided' ? alpha / 2 : alpha), df);
};

/**
 * Probability that the design's t test finds an effect that is there, by the noncentral t distribution.
 * For planning: the power at an effect that was observed only repeats its p-value and must not be reported.
 *
 * @param effect - in standard deviations of the outcome (of the change, for pairs)
 */
export const power = (design: Design, effect: number, plan: TestPlan = {}): number => {
  if (!Number.isFinite(effect)) throw new RangeError(`effect must be a finite number, not ${effect}`);
  const { standardError, df } = precisionOf(design);
  const critical = criticalOf(plan, df);
  const ncp = effect / standardError;
  const above = noncentralTUpperTail(critical, df, ncp);
  return plan.tails === 'one-sided' ? above : Math.min(1, above + noncentralTUpperTail(critical, df, -ncp));
};

/**
 * The smallest effect that a design finds with the wanted power. Computed when planning and stored; a result is then printed
 * beside it, not judged by power worked out afterwards.
 *
 * @param wanted - power, 0.8 when left out; above alpha
 */
export const minimalDetectableEffect = (
  design: Design,
  wanted = 0.8,
  plan: TestPlan = {},
  method: DetectableEffect['method'] = 'exact',
): DetectableEffect => {
  requireBetween('wanted power', wanted);
  const { alpha = 0.05 } = plan;
  if (!(wanted > alpha)) throw new RangeError(`wanted power ${wanted} must be above alpha ${alpha}`);
  const { standardError, df } = precisionOf(design);
  const multiplier = criticalOf(plan, df) + studentTQuantile(wanted, df);
  const approximate = multiplier * standardError;
  const effect =
    method === 'multiplier'
      ? approximate
      : findRoot((tried) => power(design, tried, plan) - wanted, 0, 1.2 * approximate + standardError, { least: 0 });
  return { effect, method, df, standardError, power: wanted, alpha };
};

export type SampleSize = {
  /** As the formula gives it. */
  readonly exact: number;
  /** Rounded up: what to plan. */
  readonly size: number;
  readonly power: number;
  readonly effect: number;
};

/** Nobody plans beyond this; a search that gets here has an effect of practically zero. */
const MOST = 1e9;

/**
 * The smallest size at which a design finds an effect with the wanted power.
 *
 * @param designOf - the design at a size, which may be fractional while searching:
 * `(perArm) => ({ kind: 'two-group', treatment: perArm, comparison: perArm })`, or pairs, or clusters
 * @param least - smallest size that makes a design, e.g. 2 people an arm, 3 clusters
 * @throws RangeError when the effect is zero or so small that no size up to 10^9 finds it
 */
export const sampleSize = (
  designOf: (size: number) => Design,
  effect: number,
  wanted = 0.8,
  plan: TestPlan = {},
  least = 2,
): SampleSize => {
  requireBetween('wanted power', wanted);
  if (!(Number.isFinite(effect) && effect !== 0)) throw new RangeError(`effect must be a number other than 0, not ${effect}`);
  const short = (size: number): number => power(designOf(size), effect, plan) - wanted;
  const start = least + 1e-6;
  if (short(start) >= 0) return { exact: least, size: Math.ceil(least), power: wanted, effect };
  let enough = 2 * start;
  while (short(enough) < 0) {
    enough *= 2;
    if (enough > MOST) throw new RangeError(`effect ${effect} cannot be found with power ${wanted} at any size up to ${MOST}`);
  }
  const exact = findRoot(short, enough / 2, enough, { tolerance: 1e-10 });
  return { exact, size: Math.ceil(exact - 1e-9), power: wanted, effect };
};

/** One row an effect, one column a power: the size that each needs. */
export type SampleSizeTable = {
  readonly powers: readonly number[];
  readonly rows: readonly { readonly effect: number; readonly sizes: readonly number[] }[];
};

/** Sizes for several effects and powers, as `sampleSize`. */
export const sampleSizeTable = (
  designOf: (size: number) => Design,
  effects: readonly number[],
  powers: readonly number[] = [0.8, 0.9],
  plan: TestPlan = {},
  least = 2,
): SampleSizeTable => ({
  powers,
  rows: effects.map((effect) => ({
    effect,
    sizes: powers.map((wanted) => sampleSize(designOf, effect, wanted, plan, least).size),
  })),
});
