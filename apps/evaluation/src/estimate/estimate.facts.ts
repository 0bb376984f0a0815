import { type evaluation, Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { Estimate, OutcomeEstimated } from './domain/estimate.js';

/** An estimate as it is shown and told; the two messages have the same fields. */
export const shownEstimate = ({ result, mission, interventionId, instrumentId, item, wave, revision, estimatedAt }: Estimate): evaluation.Estimate => ({
  changeComparison: undefined,
  changeTreatment: undefined,
  difference: undefined,
  standardError: undefined,
  df: undefined,
  intervalLow: undefined,
  intervalHigh: undefined,
  ...result,
  caveats: [...result.caveats],
  mission,
  interventionId,
  instrumentId,
  item,
  wave,
  revision,
  estimatedAt,
});

/** The only place that knows both this slice's facts and how they travel. */
export const encodeOutcomeEstimated = ({ estimate }: OutcomeEstimated, quiet: boolean): NewFact => ({
  type: Facts.OutcomeEstimated.type,
  key: estimate.interventionId,
  subject: estimate.id,
  sequence: estimate.revision,
  mission: estimate.mission,
  quiet,
  data: Facts.OutcomeEstimated.encode(shownEstimate(estimate)),
});
