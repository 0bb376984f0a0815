import { isSameResult, type Outcome } from './outcome.js';

/** An outcome as it was published; revisions of the same item and wave share the id. */
export type Estimate = Outcome & { readonly id: string; readonly revision: number; readonly mission: string; readonly interventionId: string; readonly estimatedAt: Date };
export type OutcomeEstimated = { readonly type: 'OutcomeEstimated'; readonly estimate: Estimate };

type Programme = { readonly mission: string; readonly interventionId: string };
type Making = { readonly now: Date; readonly newId: () => string };

const keyOf = ({ instrumentId, item, wave }: Pick<Outcome, 'instrumentId' | 'item' | 'wave'>): string => JSON.stringify([instrumentId, item, wave]);

/** What differs from the newest revisions becomes a revision of its own; what is the same is told to nobody. */
export const reviseEstimates = (programme: Programme, outcomes: readonly Outcome[], latest: readonly Estimate[], { now, newId }: Making): readonly OutcomeEstimated[] => {
  const known = new Map(latest.map((one) => [keyOf(one), one]));
  return outcomes.flatMap((outcome): OutcomeEstimated[] => {
    const before = known.get(keyOf(outcome));
    if (before && isSameResult(before.result, outcome.result)) return [];
    return [{ type: 'OutcomeEstimated', estimate: { ...outcome, ...programme, id: before?.id ?? newId(), revision: (before?.revision ?? 0) + 1, estimatedAt: now } }];
  });
};
