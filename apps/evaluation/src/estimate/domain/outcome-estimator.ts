export type Arm = 'comparison' | 'treatment';

/** One person at a later wave, on the 0 to 1 scale: before where baseline was asked, and how the lot or the choice fell. */
export type PersonAtWave = {
  readonly before?: number;
  readonly after: number;
  readonly arm: Arm;
  /** The cluster that was assigned, if one was. */
  readonly cluster?: string;
  /** The block within which the lot was drawn, if it was. */
  readonly stratum?: string;
};

/**
 * What is asked of the data.
 * - `one-group-level`: mean at the wave (Student, CR2 with clusters)
 * - `one-group-change`: mean change of people with both waves (paired t, CR2 with clusters)
 * - `two-arm-level`: difference of arms at the wave, for a lot without a baseline (Welch, CR2 with clusters)
 * - `two-arm-change`: difference of mean changes, which is difference in differences within people (HC2, CR2 with clusters)
 * - `ancova`: difference at the wave, adjusted for baseline (HC2, CR2 with clusters)
 */
export type Question = 'one-group-level' | 'one-group-change' | 'two-arm-level' | 'two-arm-change' | 'ancova';

/** The question and how its uncertainty is measured, e.g. `two-arm-change-cr2`; `t` is Student's. */
export type Method = `${Question}-${'cr2' | 'hc2' | 't'}`;

export const hasArms = (question: Question): boolean => !question.startsWith('one-group');

/** How the uncertainty is measured follows from who has a cluster. */
export const methodOf = (question: Question, people: readonly PersonAtWave[]): Method => {
  if (people.some(({ cluster }) => cluster !== undefined)) return `${question}-cr2`;
  return hasArms(question) ? `${question}-hc2` : `${question}-t`;
};

export type Interval = {
  readonly difference: number;
  readonly standardError: number;
  readonly df: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
};

/** On the 0 to 1 scale, later wave minus baseline, or the level at the wave; the interval holds 95 %. */
export type Figures = Partial<Interval> & { readonly changeComparison?: number; readonly changeTreatment?: number };

/** Why an interval is missing. */
export type WhyNoInterval = 'too-few-pairs' | 'too-few-clusters' | 'no-variation';

/** What stands beside the figures; each part is left out where the data carry none. */
export type Particulars = {
  /** Two-sided, of the interval's t; left out below 4 degrees of freedom. */
  readonly pValue?: number;
  /** How often another outcome of the same lot would have given as large a difference; two-sided. */
  readonly randomisation?: { readonly method: string; readonly pValue: number; readonly assignments: number };
  /** In standard deviations before anything took place (at the wave, without a baseline); the interval respects clusters. */
  readonly standardised?: { readonly measure: string } & Omit<Interval, 'difference' | 'df'> & { readonly estimate: number };
  /** The other way to the same question, to stand beside: they rest on different assumptions. */
  readonly beside?: { readonly method: Method } & Interval;
};

export type Estimated = Particulars & { readonly figures: Figures; readonly withoutInterval?: WhyNoInterval };

/** A gap in standard deviations, with its 95 % interval. */
export type Gap = { readonly estimate: number; readonly intervalLow: number; readonly intervalHigh: number };

/** What the lot was drawn over; `nothing` where there was none. */
export type Drawn = 'people' | 'clusters' | 'nothing';

/** The seam: how people's answers become an estimate. Clusters are respected where they are given. */
export type OutcomeEstimator = {
  estimate(question: Question, people: readonly PersonAtWave[], drawn: Drawn): Estimated;
  /** The smallest effect that this many people, so assigned, would show with 80 % power, in standard deviations. */
  detectable(question: Question, people: readonly PersonAtWave[]): number | undefined;
  /** Participants minus the public, at baseline; undefined where neither side varies. */
  gap(ofPublic: readonly number[], ofParticipants: readonly number[]): Gap | undefined;
  /** The p-values of a family, adjusted, in the order given: Holm for declared outcomes, Benjamini and Hochberg for the others. */
  adjust(family: 'holm' | 'benjamini-hochberg', pValues: readonly number[]): readonly number[];
};

/** The injection token. */
export const OUTCOME_ESTIMATOR = Symbol('OutcomeEstimator');
