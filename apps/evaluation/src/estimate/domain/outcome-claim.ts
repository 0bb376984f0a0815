import { type ClaimedEstimate, claimEstimate, type DesignDescription } from '@common-ground/statistics';
import type { Arm, Drawn, Estimated, Gap, PersonAtWave, Question } from './outcome-estimator.js';
import type { Answered, PairedWaves } from './paired-waves.js';

const RANDOMISED: readonly string[] = ['individually-randomised', 'cluster-randomised', 'waitlist'];

/** What the design and the answers allow to ask, of whom, and what the lot was drawn over. */
export type Plan = { readonly question: Question; readonly people: readonly PersonAtWave[]; readonly drawn: Drawn };

const isTreated = ({ arm }: { readonly arm: Arm }): boolean => arm === 'treatment';
const hasArm = (person: Answered): person is PersonAtWave => person.arm !== undefined;

/**
 * The method follows from the design and from what was answered:
 * one group -> its change, or its level where nobody was asked before; arms that somebody chose -> difference in differences;
 * clusters drawn by lot -> the same, since a slope on baseline would cost degrees of freedom that are counted in clusters;
 * people drawn by lot -> ANCOVA, the more precise (McKenzie 2012); a lot without a baseline -> the difference at the wave.
 */
export const planOf = (design: string, { people, answeredBaseline }: PairedWaves): Plan => {
  const isRandomised = RANDOMISED.includes(design);
  const paired = answeredBaseline > 0;
  const asked = paired ? people.filter(({ before }) => before !== undefined) : people;
  if (design === 'none') return oneGroup(asked.map((person) => ({ ...person, arm: 'treatment' })), paired);
  const inArms = asked.filter(hasArm);
  if (!inArms.some((person) => !isTreated(person))) return oneGroup(inArms, paired);
  if (!isRandomised && !paired) return oneGroup(inArms.filter(isTreated), paired);
  const drawn = isRandomised ? drawnOver(design, inArms) : 'nothing';
  if (!paired) return { question: 'two-arm-level', people: inArms, drawn };
  return { question: drawn === 'people' ? 'ancova' : 'two-arm-change', people: inArms, drawn };
};

const oneGroup = (people: readonly PersonAtWave[], paired: boolean): Plan => ({ question: paired ? 'one-group-change' : 'one-group-level', people, drawn: 'nothing' });

/** A waiting list of whole groups was drawn over groups. */
const drawnOver = (design: string, people: readonly PersonAtWave[]): Drawn => {
  if (design === 'cluster-randomised') return 'clusters';
  return design === 'waitlist' && people.every(({ cluster }) => cluster !== undefined) ? 'clusters' : 'people';
};

export type Counted = { readonly treatment: number; readonly comparison: number };

export const countPeople = (people: readonly PersonAtWave[]): Counted => {
  const treatment = people.filter(isTreated).length;
  return { treatment, comparison: people.length - treatment };
};

export const countClusters = (people: readonly PersonAtWave[]): Counted => {
  const named = (arm: Arm): number => new Set(people.flatMap((person) => (person.arm === arm && person.cluster !== undefined ? [person.cluster] : []))).size;
  return { treatment: named('treatment'), comparison: named('comparison') };
};

/** Whether the public was asked the same at baseline, and participants minus public in standard deviations. */
export type GapToPublic = { readonly isKnown: boolean; readonly interval?: Gap };

export type Claimable = { readonly design: string; readonly plan: Plan; readonly waves: PairedWaves; readonly gap: GapToPublic };

const designOf = ({ design, plan: { question, people }, waves, gap }: Claimable): DesignDescription => {
  const clusters = countClusters(people);
  const isClustered = clusters.treatment + clusters.comparison > 0;
  const isPaired = !question.endsWith('level');
  return {
    waves: isPaired ? 2 : 1,
    assignment: design === 'none' ? 'none' : RANDOMISED.includes(design) ? 'randomised' : 'chosen',
    unit: isClustered ? 'cluster' : 'person',
    people: countPeople(people),
    populationSurvey: gap.isKnown,
    ...(isClustered ? { clusters } : {}),
    strata: new Set(people.flatMap(({ stratum }) => (stratum === undefined ? [] : [stratum]))).size,
    ...(isPaired ? { attrition: { overall: waves.attrition, treatment: waves.attritionTreatment, comparison: waves.attritionComparison } } : {}),
  };
};

type Shown = { readonly item: string; readonly wave: string; readonly higherIs: string };

/** The rung, the sentence and the caveats that design and figures allow; nobody words them here. */
export const claimOf = (claimable: Claimable, { figures, withoutInterval }: Estimated, { item, wave, higherIs }: Shown): ClaimedEstimate => {
  const { difference: estimate, intervalLow, intervalHigh, df } = figures;
  const hasInterval = estimate !== undefined && intervalLow !== undefined && intervalHigh !== undefined && df !== undefined;
  return claimEstimate(designOf(claimable), {
    outcome: item,
    wave,
    higherIs: higherIs === 'better' || higherIs === 'worse' ? higherIs : 'neither',
    ...(hasInterval ? { figures: { estimate, intervalLow, intervalHigh, df } } : {}),
    ...(claimable.gap.interval ? { baselineGap: claimable.gap.interval } : {}),
    ...(withoutInterval ? { because: withoutInterval } : {}),
  });
};
