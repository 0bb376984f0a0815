import type { Caveat, DesignDescription, Rung } from './ladder.js';
import { nameWithin } from './words.js';

/** Whether more of an outcome is good; `neither` where it has no good or bad side. */
export type HigherIs = 'better' | 'worse' | 'neither';

/** Where an interval lies. `open`: it holds zero, or the outcome has no good or bad side. */
export type Side = 'harmful' | 'helpful' | 'open';

/** The whole interval on one side of zero, minding which way is good. An end that is exactly zero leaves it open. */
export const sideOf = (higherIs: HigherIs, intervalLow: number, intervalHigh: number): Side => {
  if (higherIs === 'neither' || (intervalLow <= 0 && intervalHigh >= 0)) return 'open';
  return (intervalLow > 0) === (higherIs === 'better') ? 'helpful' : 'harmful';
};

export type Interval = { readonly estimate: number; readonly intervalLow: number; readonly intervalHigh: number };

/** What was found; figures are left out where the data carry none. */
export type Finding = {
  /** The outcome's name as shown, e.g. an item's code. */
  readonly outcome: string;
  /** The wave that it is of, e.g. "post". */
  readonly wave: string;
  readonly higherIs: HigherIs;
  readonly figures?: Interval & {
    /** Confidence level of the interval, 0.95 unless said. */
    readonly level?: number;
    /** Degrees of freedom of the interval, where it has any. */
    readonly df?: number;
  };
  /** Why figures are missing. */
  readonly because?: string;
  /** Participants minus the public before anything took place, in standard deviations; told from rung 3. */
  readonly baselineGap?: Interval;
};

/** What each caveat means, in words that every rung may use. */
export const CAVEAT_SENTENCES: Readonly<Record<Caveat, string>> = {
  'too-few-pairs': 'Too few people answered for a figure.',
  'no-variation': 'All answers agree, so there is nothing to learn the uncertainty from.',
  'too-few-clusters': 'There are too few clusters for an interval.',
  'low-df': 'The interval leans on very little (fewer than 4 degrees of freedom); no p-value is given.',
  'high-attrition': 'Many who answered first did not answer last, or one arm lost more people than the other.',
  'attrition-unknown': 'It is not known how many who answered first did not answer last.',
  'no-comparison': 'There is no comparison group.',
  'public-is-no-comparison': 'The public was asked, but people chose to take part: the public is no comparison group.',
  'not-randomised': 'Arms were not drawn by lot.',
  'parallel-change-untested': 'Only one wave came before, so it is untested whether both arms were on the same path.',
  'one-cluster-an-arm': 'An arm is a single cluster, so what sets it apart cannot be told from what was done there.',
  'assignment-compromised': 'The lot was not kept to.',
  'no-baseline': 'Nobody was asked before.',
  'plan-deviations': 'The analysis departs from the plan that was registered.',
};

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const plain = (value: number): string => (value < 0 ? signed(value) : value.toFixed(3));
const percent = (share: number): string => `${Number((share * 100).toFixed(3))} %`;

const DIRECTION: Readonly<Record<Side, string>> = {
  harmful: ' The whole interval lies on the harmful side.',
  helpful: ' The whole interval lies on the helpful side.',
  open: ' It may be nothing: the interval holds zero or has no good or bad side.',
};

const directionOf = (rung: Rung, { higherIs, figures }: Finding): string => {
  if (!figures || rung === 1) return '';
  const side = sideOf(higherIs, figures.intervalLow, figures.intervalHigh);
  return rung === 5 && side === 'harmful' ? ' This is harm: the whole interval lies on the harmful side.' : DIRECTION[side];
};

const gapOf = ({ baselineGap }: Finding): string =>
  baselineGap
    ? ` Gap to the public at baseline: ${signed(baselineGap.estimate)} standard deviations (95 % interval ${signed(baselineGap.intervalLow)} to ${signed(baselineGap.intervalHigh)}).`
    : '';

const bothArms = ({ people }: DesignDescription): number => people.treatment + people.comparison;

/**
 * The strongest sentence that the rung allows. The caller never words it, and names that claim something are left out.
 *
 * @param rung - from the design, see rungOf
 */
export const sentenceFor = (rung: Rung, design: DesignDescription, finding: Finding): string => {
  const outcome = nameWithin(rung, finding.outcome, 'the outcome asked about');
  const wave = nameWithin(rung, finding.wave, 'the later wave');
  const { figures } = finding;
  if (!figures) return `No estimate for ${outcome} at ${wave}${BECAUSE[finding.because ?? ''] ?? ''}.`;
  const show = rung === 1 ? plain : signed;
  const interval = `${show(figures.estimate)} (${percent(figures.level ?? 0.95)} interval ${show(figures.intervalLow)} to ${show(figures.intervalHigh)})`;
  const asked = design.waves >= 2 ? 'with both waves' : 'asked once';
  const body: Readonly<Record<Rung, () => string>> = {
    1: () => `Level of ${outcome} at ${wave}: ${interval}, ${bothArms(design)} people; asked once, so it says where people stand and nothing about what moved them.`,
    2: () => changeSentence(outcome, wave, interval, design),
    3: () => `${changeSentence(outcome, wave, interval, design)}${gapOf(finding)}`,
    4: () => `Difference between arms in ${outcome} at ${wave}: ${interval}, ${bothArms(design)} people ${asked}; arms were not kept to a lot, so it holds only if both would have changed alike and nothing unseen sets them apart.`,
    5: () => `Effect on ${outcome} at ${wave}: ${interval}, ${bothArms(design)} people ${asked}; arms were drawn by lot, and everybody counts in the arm that was drawn for them.`,
  };
  return `${body[rung]()}${directionOf(rung, finding)}`;
};

/** A comparison group that fell silent leaves the treated people's change. */
const changeSentence = (outcome: string, wave: string, interval: string, { people, assignment }: DesignDescription): string =>
  `Change in ${outcome} from baseline to ${wave}: ${interval}, ${assignment === 'none' ? people.treatment + people.comparison : people.treatment} people with both waves; without a comparison group it may be due to other causes.`;

const BECAUSE: Readonly<Record<string, string>> = {
  'too-few-pairs': ': too few people answered both waves',
  'too-few-observations': ': too few people answered both waves',
  'too-few-clusters': ': too few clusters answered',
  'arm-missing': ': one of the arms has nobody',
  'no-variation': ': all answers agree, so the uncertainty cannot be learnt',
  'not-identified': ': the design cannot tell it apart from something else',
};
