import { linearContrast, type LinearContrast } from '../cluster-robust/linear-contrast.js';
import { clusterLabels, isClustered, type Arm } from '../cluster-robust/two-arm-difference.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';

/** One person's value (a change, say), subgroup by something known before anything took place, and arm where there are two. */
export type SubgroupObservation = {
  readonly value: number;
  readonly inSubgroup: boolean;
  readonly arm?: Arm;
  readonly cluster?: string;
};

/** A subgroup's own estimate, to stand beside the interaction. It has no p-value: two of those are never compared. */
export type SubgroupEstimate = {
  readonly estimate: number;
  readonly standardError: number;
  /** Drawn towards the common value by what noise alone would spread them (empirical Bayes). */
  readonly shrunk: number;
  readonly n: number;
};

export type SubgroupDifference = LinearContrast & {
  readonly method: 'interaction';
  readonly inside: SubgroupEstimate;
  readonly outside: SubgroupEstimate;
};

/**
 * Whether a subgroup differs from the rest: the coefficient of arm x subgroup in value ~ arm * subgroup, or of the subgroup
 * where there are no arms, by CR2 (HC2 without clusters). Significant here and not there is no finding; this is.
 * Sources: Wang et al. (2007), NEJM 357; Gelman and Stern (2006), The American Statistician 60.
 *
 * @returns not estimable: `arm-missing` where a cell of arm and subgroup has nobody, and those of linearContrast
 * @throws RangeError naming a value that is not finite, or when only some have an arm
 */
export const subgroupDifference = (
  observations: readonly SubgroupObservation[],
  level = 0.95,
): SubgroupDifference | NotEstimable => {
  const outcome = observations.map(({ value }) => value);
  requireFinite('value', outcome);
  const withArms = observations.filter(({ arm }) => arm !== undefined).length;
  if (withArms > 0 && withArms < observations.length)
    throw new RangeError('arm must be given for everybody or for nobody');
  const design = observations.map(({ arm, inSubgroup }) => {
    const [treated, inside] = [Number(arm === 'treatment'), Number(inSubgroup)];
    return withArms > 0 ? [1, inside, treated, treated * inside] : [1, inside];
  });
  if (new Set(design.map(String)).size < (withArms > 0 ? 4 : 2)) return notEstimable('arm-missing');
  const ask = (contrast: readonly number[]) =>
    linearContrast({
      design,
      outcome,
      contrast,
      variance: isClustered(observations) ? 'cr2' : 'hc2',
      clusters: clusterLabels(observations),
      level,
    });
  const interaction = ask(withArms > 0 ? [0, 0, 0, 1] : [0, 1]);
  const inside = ask(withArms > 0 ? [0, 0, 1, 1] : [1, 1]);
  const outside = ask(withArms > 0 ? [0, 0, 1, 0] : [1, 0]);
  if (!interaction.estimable) return interaction;
  if (!inside.estimable) return inside;
  if (!outside.estimable) return outside;
  const nInside = observations.filter(({ inSubgroup }) => inSubgroup).length;
  const [shrunkInside, shrunkOutside] = shrink(inside, outside);
  const beside = (one: LinearContrast, shrunk: number, n: number): SubgroupEstimate => ({
    estimate: one.estimate,
    standardError: one.standardError,
    shrunk,
    n,
  });
  return {
    ...interaction,
    method: 'interaction',
    inside: beside(inside, shrunkInside, nInside),
    outside: beside(outside, shrunkOutside, observations.length - nInside),
  };
};

/** Two estimates with spread tau^2 by moments (DerSimonian and Laird 1986), each drawn to their weighted mean. */
const shrink = (one: LinearContrast, other: LinearContrast): [number, number] => {
  const [v1, v2] = [one.standardError ** 2, other.standardError ** 2];
  // Two studies: Q = (difference)^2 / (v1 + v2), tau^2 = (Q - 1) (v1 + v2) / 2.
  const tau2 = Math.max(0, ((one.estimate - other.estimate) ** 2 - v1 - v2) / 2);
  const [w1, w2] = [1 / (v1 + tau2), 1 / (v2 + tau2)];
  const common = (w1 * one.estimate + w2 * other.estimate) / (w1 + w2);
  const towards = (estimate: number, v: number): number => common + (tau2 / (tau2 + v)) * (estimate - common);
  return [towards(one.estimate, v1), towards(other.estimate, v2)];
};
