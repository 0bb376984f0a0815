import { hedgesCorrection, minimalDetectableEffect, studentTQuantile } from '@common-ground/statistics';
import type { Interval, Particulars, PersonAtWave, Question } from './domain/outcome-estimator.js';

/** Intraclass correlation that a plan assumes of attitudes within activity groups, before anything is known. */
const PLANNED_ICC = 0.05;

/** Root of the arms' pooled variance, and its degrees of freedom. */
const pooledSpread = (groups: readonly (readonly number[])[]): { readonly sd: number; readonly df: number } => {
  const parts = groups.map((values) => {
    const middle = values.reduce((sum, value) => sum + value / values.length, 0);
    return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  });
  const df = groups.reduce((sum, { length }) => sum + length - 1, 0);
  return { sd: Math.sqrt(parts.reduce((sum, part) => sum + part, 0) / df), df };
};

/** The measure by what is divided: changes by the SD before (Becker 1988, Morris 2008), levels by the SD at the wave (Hedges 1981). */
const MEASURES: Readonly<Record<Question, string | undefined>> = {
  'one-group-level': undefined,
  'one-group-change': 'smcr',
  'two-arm-level': 'g',
  'two-arm-change': 'd-ppc2',
  ancova: 'ancova-d',
};

/**
 * The estimate in standard deviations, J(df) x difference / SD. Its variance is the estimate's own, clusters and all, over SD^2,
 * plus d^2 / 2n for the SD being an estimate itself (Hedges 2007); the interval keeps the estimate's degrees of freedom.
 */
export const standardisedEffect = (question: Question, people: readonly PersonAtWave[], { difference, standardError, df }: Interval): Particulars['standardised'] => {
  const measure = MEASURES[question];
  const atWave = question === 'two-arm-level';
  const valuesOf = (arm: string): number[] => people.flatMap((person) => (person.arm !== arm ? [] : atWave ? [person.after] : person.before === undefined ? [] : [person.before]));
  const groups = [valuesOf('comparison'), valuesOf('treatment')].filter(({ length }) => length > 0);
  const spread = pooledSpread(groups);
  if (measure === undefined || !(spread.sd > 1e-12) || !(spread.df > 1)) return undefined;
  const factor = hedgesCorrection(spread.df) / spread.sd;
  const estimate = factor * difference;
  const n = groups.reduce((sum, { length }) => sum + length, 0);
  const error = Math.sqrt((factor * standardError) ** 2 + (estimate * estimate) / (2 * n));
  const half = studentTQuantile(0.975, df) * error;
  return { measure, estimate, standardError: error, intervalLow: estimate - half, intervalHigh: estimate + half };
};

/**
 * What this many people, so assigned, would show with 80 % power at 5 %: a property of the design, never of what was found. In
 * standard deviations of the change for one group, of the outcome otherwise; clusters with the intraclass correlation of plans.
 */
export const detectableEffect = (question: Question, people: readonly PersonAtWave[]): number | undefined => {
  const treatment = people.filter(({ arm }) => arm === 'treatment').length;
  const comparison = people.length - treatment;
  if (question.startsWith('one-group')) return people.length < 3 ? undefined : minimalDetectableEffect({ kind: 'paired', pairs: people.length }).effect;
  if (treatment < 2 || comparison < 2) return undefined;
  const sizes = new Map<string, { arm: string; size: number }>();
  for (const { cluster, arm } of people) {
    if (cluster === undefined) continue;
    sizes.set(cluster, { arm, size: (sizes.get(cluster)?.size ?? 0) + 1 });
  }
  const clusters = [...sizes.values()];
  if (clusters.length === 0) return minimalDetectableEffect({ kind: 'two-group', treatment, comparison }).effect;
  const share = clusters.filter(({ arm }) => arm === 'treatment').length / clusters.length;
  if (clusters.length < 4 || share === 0 || share === 1) return undefined;
  const clusterSize = clusters.reduce((sum, { size }) => sum + size, 0) / clusters.length;
  const variance = clusters.reduce((sum, { size }) => sum + (size - clusterSize) ** 2, 0) / (clusters.length - 1);
  return minimalDetectableEffect({ kind: 'cluster', clusters: clusters.length, clusterSize, icc: PLANNED_ICC, sizeVariation: Math.sqrt(variance) / clusterSize, treatmentShare: share }).effect;
};
