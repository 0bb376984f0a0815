import { groupMean, type IntervalEstimate, type NotEstimableReason, twoArmDifference } from '@common-ground/statistics';
import type { ArmChange, Change, Estimated, OutcomeEstimator, WhyNoInterval } from './domain/outcome-estimator.js';

/** The other reasons are of methods that are not asked here. */
const reasonOf = (because: NotEstimableReason): WhyNoInterval => {
  if (because === 'too-few-clusters' || because === 'no-variation') return because;
  return 'too-few-pairs';
};

const mean = (changes: readonly Change[]): number => changes.reduce((sum, { change }) => sum + change, 0) / changes.length;

const uncertainty = ({ standardError, df, intervalLow, intervalHigh }: IntervalEstimate) => ({ standardError, df, intervalLow, intervalHigh });

/** `libs/statistics` behind the port. Means are given even where the data hold no interval. */
export const statisticsOutcomeEstimator: OutcomeEstimator = {
  compareArms: (changes: readonly ArmChange[]): Estimated => {
    const fit = twoArmDifference(changes.map(({ change: value, arm, cluster }) => ({ value, arm, ...(cluster === undefined ? {} : { cluster }) })));
    if (fit.estimable) {
      const { meanComparison: changeComparison, meanTreatment: changeTreatment, estimate: difference } = fit;
      return { figures: { changeComparison, changeTreatment, difference, ...uncertainty(fit) } };
    }
    const changeComparison = mean(changes.filter(({ arm }) => arm === 'comparison'));
    const changeTreatment = mean(changes.filter(({ arm }) => arm === 'treatment'));
    return { figures: { changeComparison, changeTreatment, difference: changeTreatment - changeComparison }, withoutInterval: reasonOf(fit.because) };
  },

  describeGroup: (changes: readonly Change[]): Estimated => {
    const fit = groupMean(changes.map(({ change: value, cluster }) => ({ value, ...(cluster === undefined ? {} : { cluster }) })));
    const change = fit.estimable ? fit.estimate : mean(changes);
    const figures = { changeTreatment: change, difference: change };
    return fit.estimable ? { figures: { ...figures, ...uncertainty(fit) } } : { figures, withoutInterval: reasonOf(fit.because) };
  },
};
