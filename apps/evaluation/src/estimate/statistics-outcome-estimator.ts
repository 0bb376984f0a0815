import {
  ancova,
  benjaminiHochberg,
  DF_AT_LEAST,
  groupMean,
  holm,
  type IntervalEstimate,
  type NotEstimable,
  type NotEstimableReason,
  randomisationTest,
  standardisedDifference,
  twoArmDifference,
} from '@common-ground/statistics';
import { type Arm, type Drawn, type Estimated, type Figures, hasArms, type Interval, methodOf, type OutcomeEstimator, type Particulars, type PersonAtWave, type Question, type WhyNoInterval } from './domain/outcome-estimator.js';
import { detectableEffect, standardisedEffect } from './effect-in-standard-deviations.js';
import { lotOf } from './lot.js';

/** Decides the draws where a lot has too many outcomes to list: the same answers give the same p-value. */
const SEED = 1;
const LISTED_UP_TO = 20_000;
const DRAWS = 2_000;

/** The other reasons are of methods that are not asked here. */
const reasonOf = (because: NotEstimableReason): WhyNoInterval => {
  if (because === 'too-few-clusters' || because === 'no-variation') return because;
  return 'too-few-pairs';
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const isChange = (question: Question): boolean => question === 'one-group-change' || question === 'two-arm-change';

/** A change, or the value at the wave. */
const valueOf = (question: Question, { before = 0, after }: PersonAtWave): number => (isChange(question) ? after - before : after);

const fitOf = (question: Question, people: readonly PersonAtWave[]): IntervalEstimate | NotEstimable => {
  const values = people.map((person) => ({ ...person, value: valueOf(question, person) }));
  if (question === 'ancova') return ancova(values);
  return hasArms(question) ? twoArmDifference(values) : groupMean(values);
};

const intervalOf = ({ estimate: difference, standardError, df, intervalLow, intervalHigh }: IntervalEstimate): Interval => ({ difference, standardError, df, intervalLow, intervalHigh });

/** Means are given even where the data hold no interval. */
const meansOf = (question: Question, people: readonly PersonAtWave[]): Figures => {
  const shown = question === 'ancova' ? 'two-arm-change' : question;
  const of = (arm: Arm): number => mean(people.flatMap((person) => (person.arm === arm ? [valueOf(shown, person)] : [])));
  if (!hasArms(question)) return { changeTreatment: of('treatment'), difference: of('treatment') };
  const [changeComparison, changeTreatment] = [of('comparison'), of('treatment')];
  return { changeComparison, changeTreatment, difference: changeTreatment - changeComparison };
};

const randomisationOf = (question: Question, people: readonly PersonAtWave[], drawn: Drawn): Particulars['randomisation'] => {
  const lot = lotOf(people, drawn);
  if (!lot || !hasArms(question)) return undefined;
  const test = randomisationTest(
    lot.map((person) => ({ ...person, value: valueOf(question, person), covariates: question === 'ancova' ? [person.before ?? 0] : [] })),
    { seed: SEED, exactUpTo: LISTED_UP_TO, draws: DRAWS },
  );
  return test.estimable ? { method: test.method, pValue: test.pTwoSided, assignments: test.assignments } : undefined;
};

/** Difference in differences and ANCOVA rest on different assumptions: the one that is not asked for stands beside. */
const besideOf = (question: Question, people: readonly PersonAtWave[]): Particulars['beside'] => {
  if (question !== 'ancova' && question !== 'two-arm-change') return undefined;
  const other = question === 'ancova' ? 'two-arm-change' : 'ancova';
  const fit = fitOf(other, people);
  return fit.estimable ? { method: methodOf(other, people), ...intervalOf(fit) } : undefined;
};

const defined = <T extends object>(parts: T): T => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as T;

/** `libs/statistics` behind the port. */
export const statisticsOutcomeEstimator: OutcomeEstimator = {
  estimate: (question, people, drawn): Estimated => {
    const fit = fitOf(question, people);
    const means = meansOf(question, people);
    const randomisation = randomisationOf(question, people, drawn);
    if (!fit.estimable) return defined({ figures: means, withoutInterval: reasonOf(fit.because), randomisation });
    return defined({
      figures: { ...means, ...intervalOf(fit) },
      pValue: fit.df < DF_AT_LEAST ? undefined : fit.pValue,
      randomisation,
      standardised: standardisedEffect(question, people, intervalOf(fit)),
      beside: besideOf(question, people),
    });
  },
  detectable: detectableEffect,
  gap: (ofPublic, ofParticipants) => {
    const gap = standardisedDifference(ofPublic, ofParticipants, 'g');
    return gap.estimable ? { estimate: gap.estimate, intervalLow: gap.intervalLow, intervalHigh: gap.intervalHigh } : undefined;
  },
  adjust: (family, pValues) => (family === 'holm' ? holm(pValues) : benjaminiHochberg(pValues)),
};
