import type { ArmObservation, Random } from '@common-ground/statistics';

export type ClusterTrial = {
  /** People of each cluster, and its arm. */
  readonly clusters: readonly { readonly size: number; readonly arm: ArmObservation['arm'] }[];
  readonly icc: number;
  /** Treatment minus comparison, in standard deviations. */
  readonly effect: number;
};

/** One draw of a normal cluster trial with a total variance of 1. */
export const drawTrial = ({ clusters, icc, effect }: ClusterTrial, random: Random): ArmObservation[] =>
  clusters.flatMap(({ size, arm }, at) => {
    const level = Math.sqrt(icc) * random.normal() + (arm === 'treatment' ? effect : 0);
    return Array.from({ length: size }, () => ({
      value: level + Math.sqrt(1 - icc) * random.normal(),
      arm,
      cluster: `c${at}`,
    }));
  });

/** Clusters of these sizes, in turn treatment and comparison. */
export const alternating = (sizes: readonly number[]): ClusterTrial['clusters'] =>
  sizes.map((size, at) => ({ size, arm: at % 2 === 0 ? 'treatment' : 'comparison' }));
