import { claimEstimate, type ClaimedEstimate } from '../claims/claimed-estimate.js';
import type { DesignDescription } from '../claims/ladder.js';
import type { HigherIs } from '../claims/sentences.js';
import { groupMean, type GroupMean } from '../cluster-robust/group-mean.js';
import { twoArmDifference, type Arm, type TwoArmDifference } from '../cluster-robust/two-arm-difference.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { holm } from '../multiplicity/adjust.js';
import { randomisationTest, type RandomisationTest } from '../randomisation/randomisation-test.js';

/** An item as it was answered: the ends of its scale, and whether more of it is good. */
export type TrialItem = {
  readonly item: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly higherIs: HigherIs;
};

/** One person: arm, the cluster that was assigned, the stratum within which the lot was drawn, and both answers by item. */
export type TrialPerson = {
  readonly arm: Arm;
  readonly cluster?: string;
  readonly stratum?: string;
  /** Baseline predictors that the lot's statistic is adjusted for, as many for each person. */
  readonly covariates?: readonly number[];
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
};

export type Trial = {
  readonly assignment: DesignDescription['assignment'];
  readonly wave: string;
  readonly items: readonly TrialItem[];
  readonly people: readonly TrialPerson[];
  /** Decides the draws of a lot with too many outcomes to list. */
  readonly seed: number;
};

export type TrialRow = {
  readonly item: string;
  /** Changes on the 0 to 1 scale: the difference of arms, or the change of the one group there is. */
  readonly estimate: TwoArmDifference | GroupMean | NotEstimable;
  /** Adjusted for the covariates, over strata where both arms answered; `not-identified` where nothing was drawn. */
  readonly lot: RandomisationTest | NotEstimable;
  /** Of the interval, by Holm over the items; left out where there is none. */
  readonly adjustedPValue?: number;
  readonly claimed: ClaimedEstimate;
};

/**
 * A trial from its people to its sentences: for each item the difference of changes with CR2 by cluster, randomisation
 * inference, the p-value adjusted over the items, and the claim that the design allows. Without a comparison arm the rows
 * are changes of one group, and the sentences fall to "change" by themselves.
 *
 * @throws RangeError naming what is malformed, e.g. an item whose maximum is not above its minimum
 */
export const trialReport = (trial: Trial): readonly TrialRow[] => {
  const rows = trial.items.map((item) => rowOf(trial, item));
  const tested = rows.flatMap((row, index) => (row.estimate.estimable ? [{ index, p: row.estimate.pValue }] : []));
  const adjusted = holm(tested.map(({ p }) => p));
  return rows.map((row, index) => {
    const at = tested.findIndex((one) => one.index === index);
    return at < 0 ? row : { ...row, adjustedPValue: adjusted[at] ?? 1 };
  });
};

type Changed = Omit<TrialPerson, 'before' | 'after'> & { readonly value: number };

const changesOf = ({ people }: Trial, { item, minimum, maximum }: TrialItem): Changed[] => {
  if (!(maximum > minimum)) throw new RangeError(`the maximum of ${item} must be above its minimum ${minimum}, not ${maximum}`);
  return people.flatMap(({ before, after, ...person }) => {
    const [first, last] = [before[item], after[item]];
    return first === undefined || last === undefined ? [] : [{ ...person, value: (last - first) / (maximum - minimum) }];
  });
};

const rowOf = (trial: Trial, item: TrialItem): TrialRow => {
  const changed = changesOf(trial, item);
  const hasArms = trial.assignment !== 'none' && new Set(changed.map(({ arm }) => arm)).size === 2;
  const estimate = hasArms ? twoArmDifference(changed) : groupMean(changed);
  const drawn = hasArms && trial.assignment === 'randomised';
  return {
    item: item.item,
    estimate,
    lot: drawn ? randomisationTest(inWholeStrata(changed), { seed: trial.seed }) : notEstimable('not-identified'),
    claimed: claimEstimate(designOf(trial, item, changed), {
      outcome: item.item,
      wave: trial.wave,
      higherIs: item.higherIs,
      ...(estimate.estimable ? { figures: estimate } : { because: estimate.because }),
    }),
  };
};

/** A stratum whose people of one arm are all silent compares nothing. */
const inWholeStrata = (people: readonly Changed[]): Changed[] => {
  const arms = new Map<string, Set<Arm>>();
  for (const { stratum = '', arm } of people) arms.set(stratum, (arms.get(stratum) ?? new Set<Arm>()).add(arm));
  return people.filter(({ stratum = '' }) => arms.get(stratum)?.size === 2);
};

const designOf = ({ assignment, people }: Trial, { item }: TrialItem, changed: readonly Changed[]): DesignDescription => {
  const count = (arm: Arm): number => changed.filter((one) => one.arm === arm).length;
  const clusters = (arm: Arm): number => new Set(changed.flatMap((one) => (one.arm === arm && one.cluster !== undefined ? [one.cluster] : []))).size;
  const asked = (arm: Arm | undefined): number => people.filter((one) => one.before[item] !== undefined && (arm === undefined || one.arm === arm)).length;
  const lost = (arm: Arm | undefined): number => {
    const stayed = changed.filter((one) => arm === undefined || one.arm === arm).length;
    return asked(arm) === 0 ? 0 : 1 - stayed / asked(arm);
  };
  return {
    waves: 2,
    assignment,
    unit: changed.some(({ cluster }) => cluster !== undefined) ? 'cluster' : 'person',
    people: { treatment: count('treatment'), comparison: count('comparison') },
    clusters: { treatment: clusters('treatment'), comparison: clusters('comparison') },
    strata: new Set(changed.flatMap(({ stratum }) => stratum ?? [])).size,
    attrition: { overall: lost(undefined), treatment: lost('treatment'), comparison: lost('comparison') },
  };
};
