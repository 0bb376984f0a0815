import { requireClaimed, type ClaimedEstimate } from './claimed-estimate.js';
import type { Deviation } from './ladder.js';

/** What must stand beside every estimate. What is left out is said to be unknown, never passed over. */
export type Reported = {
  /** Each wave, in order. */
  readonly waves: readonly { readonly wave: string; readonly invited?: number; readonly answered: number }[];
  readonly standardised?: { readonly measure: string; readonly estimate: number };
  readonly pValue?: number;
  readonly adjustedPValue?: { readonly method: string; readonly value: number };
  /** The smallest true value that this design finds with 80 % power, in the estimate's units. */
  readonly minimalDetectable?: number;
};

const DEVIATION_NAMES: Readonly<Record<Deviation, string>> = {
  'assignment-compromised': 'the lot was not kept to',
  'outcome-changed': 'another outcome than planned',
  'analysis-changed': 'another analysis than planned',
  'sample-smaller-than-planned': 'fewer people than planned',
  'wave-added-or-dropped': 'other waves than planned',
  'looked-at-early': 'looked at before its time',
};

const figure = (value: number | undefined, digits = 3): string => (value === undefined ? 'not known' : value.toFixed(digits));
const share = (value: number | undefined): string => (value === undefined ? 'not known' : `${(value * 100).toFixed(1)} %`);

/**
 * The lines that are printed with an estimate: who was asked and who answered, pairs, clusters, attrition, the estimate raw
 * and standardised with its interval, the adjusted p-value, what the design could have found, departures from the plan.
 * A p-value is withheld below 4 degrees of freedom.
 *
 * @throws TypeError when the estimate did not come from claimEstimate
 */
export const particularsOf = (claimed: ClaimedEstimate, reported: Reported): readonly string[] => {
  requireClaimed('claimed', claimed);
  const { design, finding } = claimed;
  const { people, clusters, attrition, deviations } = design;
  const interval = finding.figures;
  const pWithheld = claimed.caveats.includes('low-df');
  return [
    ...reported.waves.map(({ wave, invited, answered }) => `${wave}: ${invited ?? 'not known how many'} invited, ${answered} answered`),
    design.waves >= 2 ? `pairs: ${people.treatment + people.comparison}` : 'pairs: none, asked once',
    clusters ? `clusters: ${clusters.treatment + clusters.comparison}` : 'clusters: none named',
    `attrition: ${share(attrition?.overall)} overall, ${differential(attrition)} between arms`,
    `estimate: ${figure(interval?.estimate)}, ${share(interval?.level ?? 0.95)} interval ${figure(interval?.intervalLow)} to ${figure(interval?.intervalHigh)}`,
    `standardised: ${reported.standardised ? `${figure(reported.standardised.estimate)} (${reported.standardised.measure})` : 'not known'}`,
    `p: ${pWithheld ? 'withheld' : figure(reported.pValue, 4)}, adjusted: ${pWithheld ? 'withheld' : adjusted(reported.adjustedPValue)}`,
    `smallest detectable with 80 % power: ${figure(reported.minimalDetectable)}`,
    `departures from the registered plan: ${deviations ? deviations.map((one) => DEVIATION_NAMES[one]).join('; ') || 'none' : 'no plan was registered'}`,
  ];
};

const adjusted = (adjustedP: Reported['adjustedPValue']): string =>
  adjustedP ? `${adjustedP.value.toFixed(4)} (${adjustedP.method})` : 'not known';

const differential = (attrition: { readonly treatment?: number; readonly comparison?: number } | undefined): string =>
  attrition?.treatment === undefined || attrition.comparison === undefined
    ? 'not known'
    : share(Math.abs(attrition.treatment - attrition.comparison));
