import type { IntervalEstimate, NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';
import { clusterRobustEstimate } from './cr2.js';
import { clusterLabels, isClustered } from './two-arm-difference.js';

export type GroupObservation = { readonly value: number; readonly cluster?: string };

export type GroupMean = IntervalEstimate & {
  /** `t`: nobody has a cluster, the estimate is Student's (paired, when values are changes). */
  readonly variance: 'cr2' | 't';
};

/**
 * Mean of one group, e.g. the change of those who answered two waves. With clusters: CR2 standard error and Satterthwaite
 * degrees of freedom (sources: {@link clusterRobustEstimate}). Without: Student's t, to which CR2 reduces when each
 * person is a cluster: standard error s / sqrt(n), df n - 1.
 *
 * @throws RangeError naming the value that is not a finite number
 */
export const groupMean = (
  observations: readonly GroupObservation[],
  level = 0.95,
): GroupMean | NotEstimable => {
  const values = observations.map((one) => one.value);
  requireFinite('value', values);
  const fit = clusterRobustEstimate({
    design: values.map(() => [1]),
    outcome: values,
    clusters: clusterLabels(observations),
    contrast: [1],
    level,
  });
  return fit.estimable ? { ...fit, variance: isClustered(observations) ? 'cr2' : 't' } : fit;
};
