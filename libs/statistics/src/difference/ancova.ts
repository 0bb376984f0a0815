import { linearContrast, type LinearContrast, type VarianceForm } from '../cluster-robust/linear-contrast.js';
import { clusterLabels, isClustered, type Arm } from '../cluster-robust/two-arm-difference.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireSameLength } from '../inputs.js';
import { meanOf } from '../moments.js';

/** One person's later value, arm, and value before where it is known. */
export type AncovaObservation = {
  readonly value: number;
  readonly before?: number;
  readonly arm: Arm;
  readonly cluster?: string;
  /** Further baseline predictors, as many for each person. */
  readonly covariates?: readonly number[];
};

export type AncovaOptions = {
  /** `cr2` where anybody has a cluster, `hc2` otherwise, unless said. */
  readonly variance?: VarianceForm;
  readonly level?: number;
};

export type Ancova = LinearContrast & {
  readonly method: 'ancova';
  /** Slope on the value before; left out where nobody's is known, or all are the same. */
  readonly slopeBefore?: number;
  readonly observationsComparison: number;
  readonly observationsTreatment: number;
  /** People whose value before is missing: the mean stands in and a dummy takes up the difference. */
  readonly withoutBefore: number;
};

/**
 * Difference of arms in the later value, treatment minus comparison, adjusted for the value before:
 *   value ~ 1 + treatment + before (+ missing-before dummy) (+ covariates),
 * one model per wave. In a randomised trial it is never less precise than the change score: with correlation r its variance is
 * (1 - r^2) / (2 - 2r) of the change score's (McKenzie 2012, Journal of Development Economics 99). Missing values before are given
 * the mean and a dummy, so nobody randomised is lost (White and Thompson 2005, Statistics in Medicine 24).
 *
 * @returns not estimable: `arm-missing`, `too-few-observations`, `too-few-clusters`, `not-identified`, `no-variation`
 * @throws RangeError naming a value that is not finite, or covariates of unequal length
 */
export const ancova = (
  observations: readonly AncovaObservation[],
  { variance, level = 0.95 }: AncovaOptions = {},
): Ancova | NotEstimable => {
  const outcome = observations.map(({ value }) => value);
  requireFinite('value', outcome);
  const known = observations.flatMap(({ before }) => (before === undefined ? [] : [before]));
  requireFinite('before', known);
  observations.forEach(({ covariates = [] }, index) => {
    requireSameLength(`covariates[${index}]`, covariates, 'covariates[0]', observations[0]?.covariates ?? []);
    requireFinite(`covariates[${index}]`, covariates);
  });
  const treated = observations.filter(({ arm }) => arm === 'treatment').length;
  if (treated === 0 || treated === observations.length) return notEstimable('arm-missing');
  const columns = columnsFor(observations, known);
  const ask = (column: number) =>
    linearContrast({
      design: observations.map((_, row) => columns.map((values) => values[row] ?? 0)),
      outcome,
      contrast: columns.map((_, index) => Number(index === column)),
      variance: variance ?? (isClustered(observations) ? 'cr2' : 'hc2'),
      clusters: clusterLabels(observations),
      level,
    });
  const fit = ask(1);
  if (!fit.estimable) return fit;
  const slope = varies(known) ? ask(2) : undefined;
  return {
    ...fit,
    method: 'ancova',
    ...(slope?.estimable ? { slopeBefore: slope.estimate } : {}),
    observationsComparison: observations.length - treated,
    observationsTreatment: treated,
    withoutBefore: observations.length - known.length,
  };
};

const varies = (values: readonly number[]): boolean => values.some((value) => value !== values[0]);

/** Intercept, arm, value before, missing-before dummy, covariates: each only where it says something. */
const columnsFor = (observations: readonly AncovaObservation[], known: readonly number[]): number[][] => {
  const middle = meanOf(known);
  const missing = observations.map(({ before }) => Number(before === undefined));
  const covariates = (observations[0]?.covariates ?? []).map((_, index) =>
    observations.map((one) => one.covariates?.[index] ?? 0),
  );
  return [
    observations.map(() => 1),
    observations.map(({ arm }) => Number(arm === 'treatment')),
    ...(varies(known) ? [observations.map(({ before }) => (before ?? middle) - middle)] : []),
    ...(varies(missing) ? [missing] : []),
    ...covariates,
  ];
};
