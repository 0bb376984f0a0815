import { type evaluation, Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { Estimate, OutcomeEstimated } from './domain/estimate.js';

/** What a result may leave out, or left out when it was stored by an older version. */
const UNSAID: Pick<evaluation.Estimate, 'rung' | 'sentence' | 'adjustment' | 'randomisationMethod' | 'randomisationAssignments' | 'standardisedMeasure' | 'besideMethod' | 'clustersComparison' | 'clustersTreatment'> = {
  rung: 0,
  sentence: '',
  adjustment: '',
  randomisationMethod: '',
  randomisationAssignments: 0,
  standardisedMeasure: '',
  besideMethod: '',
  clustersComparison: 0,
  clustersTreatment: 0,
};

/** An estimate as it is shown and told; the two messages have the same fields. */
export const shownEstimate = ({ result, mission, interventionId, instrumentId, item, wave, revision, estimatedAt }: Estimate): evaluation.Estimate => ({
  changeComparison: undefined,
  changeTreatment: undefined,
  difference: undefined,
  standardError: undefined,
  df: undefined,
  intervalLow: undefined,
  intervalHigh: undefined,
  pValue: undefined,
  adjustedPValue: undefined,
  randomisationPValue: undefined,
  standardised: undefined,
  standardisedError: undefined,
  standardisedLow: undefined,
  standardisedHigh: undefined,
  minimalDetectable: undefined,
  besideDifference: undefined,
  besideStandardError: undefined,
  besideDf: undefined,
  besideLow: undefined,
  besideHigh: undefined,
  ...UNSAID,
  ...result,
  caveats: [...result.caveats],
  caveatSentences: [...(result.caveatSentences ?? [])],
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
