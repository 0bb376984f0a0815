import { linearContrast, type LinearContrast, type VarianceForm } from '../cluster-robust/linear-contrast.js';
import type { Arm } from '../cluster-robust/two-arm-difference.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireSameLength } from '../inputs.js';

/** One value of one person at one of the two waves. */
export type PersonWave = {
  readonly person: string;
  readonly arm: Arm;
  readonly wave: 'before' | 'after';
  readonly value: number;
  /** The cluster that was assigned; the person where none is given. */
  readonly cluster?: string;
  readonly covariates?: readonly number[];
};

export type DifferenceInDifferencesOptions = {
  /**
   * What each level of is taken out first. `person` compares only people with themselves; `cluster` clusters with themselves;
   * `none` compares arms, whoever answered.
   */
  readonly fixedEffects?: 'none' | 'person' | 'cluster';
  readonly variance?: VarianceForm;
  readonly level?: number;
};

export type DifferenceInDifferences = LinearContrast & {
  readonly method: 'difference-in-differences';
  readonly fixedEffects: 'none' | 'person' | 'cluster';
  /** Mean of each arm at each wave. */
  readonly means: { readonly [arm in Arm]: { readonly before: number; readonly after: number } };
  readonly people: number;
};

/**
 * Change in the treatment arm minus change in the comparison arm: the coefficient of arm x after in
 *   value ~ arm * after (+ covariates), or after + arm x after within people or clusters.
 * An effect only if both arms would have changed alike: with one wave before, print "parallel trends untested".
 * Uncertainty by CR2 over clusters, or people where there are none, as a person's waves depend on each other.
 * With everybody measured twice and `person` effects it is the difference of mean changes (Angrist and Pischke 2009, ch. 5).
 *
 * @returns not estimable: `arm-missing`, `single-wave` where an arm lacks a wave, and those of linearContrast
 * @throws RangeError naming a value that is not finite, or covariates of unequal length
 */
export const differenceInDifferences = (
  observations: readonly PersonWave[],
  { fixedEffects = 'none', variance = 'cr2', level = 0.95 }: DifferenceInDifferencesOptions = {},
): DifferenceInDifferences | NotEstimable => {
  requireObservations(observations);
  for (const arm of ['comparison', 'treatment'] as const) {
    const waves = new Set(observations.flatMap((one) => (one.arm === arm ? [one.wave] : [])));
    if (waves.size === 0) return notEstimable('arm-missing');
    if (waves.size === 1) return notEstimable('single-wave');
  }
  const within = labelsOf(observations, fixedEffects);
  const used = within ? rowsSeenTwice(observations, within) : observations;
  const { columns, outcome } = modelOf(used, within ? labelsOf(used, fixedEffects) : undefined);
  const fit = linearContrast({
    design: used.map((_, row) => columns.map((column) => column[row] ?? 0)),
    outcome,
    contrast: columns.map((_, index) => Number(index === columns.length - 1)),
    variance,
    clusters: used.map(clusterOf),
    level,
  });
  if (!fit.estimable) return fit;
  return {
    ...fit,
    method: 'difference-in-differences',
    fixedEffects,
    means: { comparison: meansOf(used, 'comparison'), treatment: meansOf(used, 'treatment') },
    people: new Set(used.map(({ person }) => person)).size,
  };
};

const requireObservations = (observations: readonly PersonWave[]): void => {
  requireFinite('value', observations.map(({ value }) => value));
  observations.forEach(({ covariates = [] }, index) => {
    requireSameLength(`covariates[${index}]`, covariates, 'covariates[0]', observations[0]?.covariates ?? []);
    requireFinite(`covariates[${index}]`, covariates);
  });
};

const clusterOf = ({ cluster, person }: PersonWave): string =>
  cluster === undefined ? `person ${person}` : `cluster ${cluster}`;

const labelsOf = (
  observations: readonly PersonWave[],
  fixedEffects: 'none' | 'person' | 'cluster',
): string[] | undefined => {
  if (fixedEffects === 'none') return undefined;
  return observations.map((one) => (fixedEffects === 'person' ? one.person : clusterOf(one)));
};

/** Whoever is seen at one wave alone tells nothing about a change within. */
const rowsSeenTwice = (observations: readonly PersonWave[], labels: readonly string[]): PersonWave[] => {
  const waves = new Map<string, Set<string>>();
  observations.forEach(({ wave }, row) => {
    const label = labels[row] ?? '';
    waves.set(label, (waves.get(label) ?? new Set()).add(wave));
  });
  return observations.filter((_, row) => waves.get(labels[row] ?? '')?.size === 2);
};

/** Columns with arm x after last. Effects are taken out by centring within (Frisch, Waugh and Lovell). */
const modelOf = (observations: readonly PersonWave[], labels: readonly string[] | undefined) => {
  const arm = observations.map((one) => Number(one.arm === 'treatment'));
  const after = observations.map((one) => Number(one.wave === 'after'));
  const covariates = (observations[0]?.covariates ?? []).map((_, index) =>
    observations.map((one) => one.covariates?.[index] ?? 0),
  );
  const both = arm.map((value, row) => value * (after[row] ?? 0));
  const outcome = observations.map(({ value }) => value);
  if (!labels) return { columns: [arm.map(() => 1), arm, after, ...covariates, both], outcome };
  const centred = (column: readonly number[]): number[] => centre(column, labels);
  return { columns: [after, ...covariates, both].map(centred), outcome: centred(outcome) };
};

const centre = (column: readonly number[], labels: readonly string[]): number[] => {
  const groups = new Map<string, { sum: number; count: number }>();
  column.forEach((value, row) => {
    const group = groups.get(labels[row] ?? '') ?? { sum: 0, count: 0 };
    groups.set(labels[row] ?? '', { sum: group.sum + value, count: group.count + 1 });
  });
  return column.map((value, row) => {
    const { sum, count } = groups.get(labels[row] ?? '') ?? { sum: 0, count: 1 };
    return value - sum / count;
  });
};

const meansOf = (observations: readonly PersonWave[], arm: Arm) => {
  const mean = (wave: string): number => {
    const values = observations.filter((one) => one.arm === arm && one.wave === wave);
    return values.reduce((sum, one) => sum + one.value / values.length, 0);
  };
  return { before: mean('before'), after: mean('after') };
};
