import type { DesignDescription } from '../claims/index.js';
import { effectSize, ofClaim, type EffectSize, type EffectSizeInput } from './index.js';

export const aTrial: DesignDescription = { waves: 2, assignment: 'randomised', unit: 'person', people: { treatment: 50, comparison: 50 } };
export const aComparison: DesignDescription = { ...aTrial, assignment: 'chosen' };
export const oneGroup: DesignDescription = { waves: 2, assignment: 'none', unit: 'person', people: { treatment: 50, comparison: 0 } };

/** Trials with these estimates and variances; more about each by its index. */
export const trials = (
  estimates: readonly number[],
  variances: readonly number[],
  more: (index: number) => Partial<EffectSizeInput> = () => ({}),
): readonly EffectSize<'effect'>[] =>
  ofClaim(
    'effect',
    estimates.map((estimate, index) => effectSize(aTrial, { study: `study ${index + 1}`, estimate, variance: variances[index] ?? Number.NaN, ...more(index) })),
  );
