import { notEstimable, type IntervalEstimate, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { clusterRobustEstimate } from './cr2.js';

export type Arm = 'comparison' | 'treatment';

/** One person's value (e.g. a change between waves), arm, and the cluster that was assigned, when one was. */
export type ArmObservation = { readonly value: number; readonly arm: Arm; readonly cluster?: string };

export type TwoArmDifference = IntervalEstimate & {
  /** HC2 when every person is a cluster of their own. */
  readonly variance: 'cr2' | 'hc2';
  readonly meanComparison: number;
  readonly meanTreatment: number;
  readonly observationsComparison: number;
  readonly observationsTreatment: number;
};

/**
 * Difference of two arms' means, treatment minus comparison: ordinary least squares on an intercept and the arm, with
 * CR2 standard error by cluster and Satterthwaite degrees of freedom (sources: {@link clusterRobustEstimate}).
 * Where nobody has a cluster, each person is their own: CR2 is then HC2, whose standard error is Welch's,
 * sqrt(s1^2/n1 + s2^2/n2), with df (1/n1 + 1/n2)^2 / (1/(n1^2 (n1-1)) + 1/(n2^2 (n2-1))).
 * People without a cluster among clustered ones are clusters of their own.
 *
 * @throws RangeError naming the value that is not a finite number
 */
export const twoArmDifference = (
  observations: readonly ArmObservation[],
  level = 0.95,
): TwoArmDifference | NotEstimable => {
  const values = observations.map((one) => one.value);
  requireFinite('value', values);
  const comparison = observations.filter((one) => one.arm === 'comparison');
  const treatment = observations.filter((one) => one.arm === 'treatment');
  if (comparison.length === 0 || treatment.length === 0) return notEstimable('arm-missing');
  const fit = clusterRobustEstimate({
    design: observations.map((one) => [1, one.arm === 'treatment' ? 1 : 0]),
    outcome: values,
    clusters: clusterLabels(observations),
    contrast: [0, 1],
    level,
  });
  if (!fit.estimable) return fit;
  return {
    ...fit,
    variance: isClustered(observations) ? 'cr2' : 'hc2',
    meanComparison: mean(comparison),
    meanTreatment: mean(treatment),
    observationsComparison: comparison.length,
    observationsTreatment: treatment.length,
  };
};

type Clustered = { readonly value: number; readonly cluster?: string };

/** Labels that keep people without a cluster apart from each other and from every named cluster. */
export const clusterLabels = (observations: readonly Clustered[]): string[] =>
  observations.map((one, row) => (one.cluster === undefined ? `person ${row}` : `cluster ${one.cluster}`));

export const isClustered = (observations: readonly Clustered[]): boolean =>
  observations.some((one) => one.cluster !== undefined);

/** Scaled before it is summed, so that large values do not overflow. */
export const mean = (observations: readonly Clustered[]): number =>
  observations.reduce((sum, one) => sum + one.value / observations.length, 0);
