import type { ChangeSummary } from '../change/standardised-change.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireLevel } from '../inputs.js';
import { isNoSpread, momentsOf, type Moments } from '../moments.js';
import { asymptoticEffect, exactEffect, hedgesCorrection, type StandardisedEffect } from '../standardised.js';

export type DifferenceMeasure = 'd' | 'g' | 'glass' | 'd-unpooled';

/**
 * Difference of two independent groups' means, treatment minus comparison, in standard deviations.
 * `d` and `g` have the exact noncentral-t interval and variance 1/n1 + 1/n2 + d^2 / 2(n1 + n2) (Hedges 1981); `glass` (SD of the
 * comparison group, for groups that spread unequally) and `d-unpooled` the asymptotic one (Bonett 2008, Psychological Methods 13).
 *
 * @returns not estimable: `arm-missing`, `too-few-observations` below two in either, `zero-variance`
 * @throws RangeError naming a value that is not finite
 */
export const standardisedDifference = (
  comparison: readonly number[],
  treatment: readonly number[],
  measure: DifferenceMeasure,
  level = 0.95,
): StandardisedEffect | NotEstimable => {
  requireLevel(level);
  const [one, other] = [momentsOf('comparison', comparison), momentsOf('treatment', treatment)];
  if (one.n === 0 || other.n === 0) return notEstimable('arm-missing');
  if (one.n < 2 || other.n < 2) return notEstimable('too-few-observations');
  const [s1, s2] = [spreadOf(one), spreadOf(other)];
  const difference = other.mean - one.mean;
  const n = one.n + other.n;
  if (measure === 'glass' || measure === 'd-unpooled')
    return unequalSpread({ one, other, s1, s2, difference, n }, measure, level);
  const df = n - 2;
  const pooled = Math.sqrt(((one.n - 1) * s1 ** 2 + (other.n - 1) * s2 ** 2) / df);
  if (pooled === 0) return notEstimable('zero-variance');
  const d = difference / pooled;
  const factor = measure === 'g' ? hedgesCorrection(df) : 1;
  const inverse = 1 / one.n + 1 / other.n;
  const estimate = factor * d;
  return exactEffect(
    { measure, estimate, variance: inverse + estimate ** 2 / (2 * n), df, n },
    { statistic: d / Math.sqrt(inverse), unit: factor * Math.sqrt(inverse), level },
  );
};

const spreadOf = ({ sd, mean }: Moments): number => (isNoSpread(sd, mean) ? 0 : sd);

type Groups = {
  readonly one: Moments;
  readonly other: Moments;
  readonly s1: number;
  readonly s2: number;
  readonly difference: number;
  readonly n: number;
};

const unequalSpread = (
  { one, other, s1, s2, difference, n }: Groups,
  measure: 'glass' | 'd-unpooled',
  level: number,
): StandardisedEffect | NotEstimable => {
  const divisor = measure === 'glass' ? s1 : Math.sqrt((s1 * s1 + s2 * s2) / 2);
  if (divisor === 0) return notEstimable('zero-variance');
  const estimate = difference / divisor;
  const [df1, df2] = [one.n - 1, other.n - 1];
  const [q1, q2] = [(s1 / divisor) ** 2, (s2 / divisor) ** 2];
  const spread = measure === 'glass' ? 1 / (2 * df1) : (q1 * q1 / df1 + q2 * q2 / df2) / 8;
  const df = measure === 'glass' ? df1 : df1 + df2;
  const variance = q1 / df1 + q2 / df2 + estimate ** 2 * spread;
  return asymptoticEffect({ measure, estimate, variance, df, n }, level);
};

/** Change of one arm from means and SDs; the SD after is not used. */
export type ArmChangeSummary = Pick<ChangeSummary, 'n' | 'meanChange' | 'sdBefore' | 'correlation'>;

/**
 * Difference of two arms' changes in standard deviations before anything took place.
 * `d-ppc2`: J(nT + nC - 2) (changeT - changeC) / pooled SD before, variance 2(1 - r)(1/nT + 1/nC) + d^2 / 2(nT + nC) with r pooled by
 * degrees of freedom: the value to export for synthesis. `d-ppc1`: each change over its arm's own SD before, each with J(n - 1),
 * variances added. Source: Morris (2008), Organizational Research Methods 11.
 *
 * @returns not estimable: `arm-missing`, `too-few-observations` below three in either arm, `zero-variance`
 */
export const standardisedPrePostControl = (
  comparison: ArmChangeSummary,
  treatment: ArmChangeSummary,
  measure: 'd-ppc1' | 'd-ppc2' = 'd-ppc2',
  level = 0.95,
): StandardisedEffect | NotEstimable => {
  requireLevel(level);
  if (comparison.n === 0 || treatment.n === 0) return notEstimable('arm-missing');
  if (comparison.n < 3 || treatment.n < 3) return notEstimable('too-few-observations');
  return measure === 'd-ppc2' ? ppc2(comparison, treatment, level) : ppc1(comparison, treatment, level);
};

const ppc2 = (
  comparison: ArmChangeSummary,
  treatment: ArmChangeSummary,
  level: number,
): StandardisedEffect | NotEstimable => {
  const [dfC, dfT] = [comparison.n - 1, treatment.n - 1];
  const df = dfC + dfT;
  const n = comparison.n + treatment.n;
  const pooled = Math.sqrt((dfC * comparison.sdBefore ** 2 + dfT * treatment.sdBefore ** 2) / df);
  if (!(pooled > 0)) return notEstimable('zero-variance');
  const r = (dfC * comparison.correlation + dfT * treatment.correlation) / df;
  const estimate = (hedgesCorrection(df) * (treatment.meanChange - comparison.meanChange)) / pooled;
  const variance = 2 * (1 - r) * (1 / comparison.n + 1 / treatment.n) + estimate ** 2 / (2 * n);
  return asymptoticEffect({ measure: 'd-ppc2', estimate, variance, df, n }, level);
};

const ppc1 = (
  comparison: ArmChangeSummary,
  treatment: ArmChangeSummary,
  level: number,
): StandardisedEffect | NotEstimable => {
  if (!(comparison.sdBefore > 0 && treatment.sdBefore > 0)) return notEstimable('zero-variance');
  const [own, other] = [treatment, comparison].map(({ n, meanChange, sdBefore, correlation }) => {
    const d = (hedgesCorrection(n - 1) * meanChange) / sdBefore;
    return { d, variance: (2 * (1 - correlation)) / n + (d * d) / (2 * n) };
  }) as [{ d: number; variance: number }, { d: number; variance: number }];
  return asymptoticEffect(
    {
      measure: 'd-ppc1',
      estimate: own.d - other.d,
      variance: own.variance + other.variance,
      df: comparison.n + treatment.n - 2,
      n: comparison.n + treatment.n,
    },
    level,
  );
};
