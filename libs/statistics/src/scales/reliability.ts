import { fQuantile } from '../distributions/f.js';
import { type Matrix } from 'ml-matrix';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireLevel } from '../inputs.js';
import { positiveDefinite } from '../linear/positive-definite.js';
import { correlationOf, itemCovariance, requireCovariance, type Answers } from './covariance.js';

/** Below 0.60 do not use as one scale; to 0.70 with caution. */
export type ReliabilityBand = 'poor' | 'caution' | 'acceptable';

export type ItemReliability = {
  /** Correlation of the item with the sum of the others. */
  readonly correctedItemTotal: number;
  /** Undefined with two items: one alone has no alpha. */
  readonly alphaIfDropped: number | undefined;
  /** The item runs against the others: probably not reversed when it should be, or the other way about. */
  readonly against: boolean;
};

export type Reliability = {
  readonly estimable: true;
  /** Two items: read `spearmanBrown`, which alpha underestimates. */
  readonly method: 'cronbach-alpha, feldt interval';
  readonly alpha: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  /** Of the interval's F: people - 1 and (people - 1)(items - 1). */
  readonly df: readonly [number, number];
  /** Alpha of standardised items. */
  readonly standardisedAlpha: number;
  readonly averageCorrelation: number;
  /** Guttman's lambda 6, from squared multiple correlations; undefined when an item is a sum of others. */
  readonly guttman6: number | undefined;
  readonly items: readonly ItemReliability[];
  /** Present with exactly two items (Eisinga, te Grotenhuis & Pelzer 2013). */
  readonly spearmanBrown?: number;
  readonly band: ReliabilityBand;
  readonly observations: number;
  readonly incomplete: number;
  readonly level: number;
};

const alphaOf = (covariance: Matrix): number => {
  const k = covariance.rows;
  return (k / (k - 1)) * (1 - covariance.trace() / covariance.sum());
};

const without = (matrix: Matrix, item: number): Matrix => {
  const rest = Array.from({ length: matrix.rows }, (_, j) => j).filter((j) => j !== item);
  return matrix.selection(rest, rest);
};

const itemOf = (covariance: Matrix, item: number): ItemReliability => {
  const rest = without(covariance, item);
  const withRest = covariance.getRow(item).reduce((sum, value) => sum + value, 0) - covariance.get(item, item);
  const correctedItemTotal = withRest / Math.sqrt(covariance.get(item, item) * rest.sum());
  return {
    correctedItemTotal: Number.isFinite(correctedItemTotal) ? correctedItemTotal : 0,
    alphaIfDropped: rest.rows > 1 ? alphaOf(rest) : undefined,
    against: correctedItemTotal < 0,
  };
};

const guttman6Of = (correlation: Matrix): number | undefined => {
  const back = positiveDefinite(correlation)?.inverse();
  return back && 1 - back.diagonal().reduce((sum, value) => sum + 1 / value, 0) / correlation.sum();
};

const bandOf = (reliability: number): ReliabilityBand => {
  if (reliability < 0.6) return 'poor';
  return reliability < 0.7 ? 'caution' : 'acceptable';
};

/**
 * As `reliability`, from the items' covariance.
 *
 * @param covariance - k x k
 * @param observations - people it was taken from
 */
export const reliabilityFromCovariance = (
  covariance: readonly (readonly number[])[],
  observations: number,
  level = 0.95,
): Reliability | NotEstimable => {
  requireLevel(level);
  return ofMatrix(requireCovariance(covariance), observations, 0, level);
};

const ofMatrix = (
  covariance: Matrix,
  observations: number,
  incomplete: number,
  level: number,
): Reliability | NotEstimable => {
  const k = covariance.rows;
  if (k < 2) return notEstimable('too-few-items');
  if (observations < 3) return notEstimable('too-few-observations');
  if (!(covariance.sum() > 1e-12 * covariance.trace())) return notEstimable('zero-variance');
  const alpha = alphaOf(covariance);
  const df = [observations - 1, (observations - 1) * (k - 1)] as const;
  const correlation = correlationOf(covariance);
  const averageCorrelation = (correlation.sum() - k) / (k * (k - 1));
  const spearmanBrown = (2 * averageCorrelation) / (1 + averageCorrelation);
  return {
    estimable: true,
    method: 'cronbach-alpha, feldt interval',
    alpha,
    intervalLow: 1 - (1 - alpha) * fQuantile((1 + level) / 2, ...df),
    intervalHigh: 1 - (1 - alpha) * fQuantile((1 - level) / 2, ...df),
    df,
    standardisedAlpha: (k * averageCorrelation) / (1 + (k - 1) * averageCorrelation),
    averageCorrelation,
    guttman6: guttman6Of(correlation),
    items: Array.from({ length: k }, (_, item) => itemOf(covariance, item)),
    ...(k === 2 ? { spearmanBrown } : {}),
    band: bandOf(k === 2 ? spearmanBrown : alpha),
    observations,
    incomplete,
    level,
  };
};

/**
 * Cronbach's (1951) alpha with Feldt's (1965) exact interval under normality and equal item covariances, what each item adds,
 * and Spearman-Brown for two items. Reverse the reversed items first (`reversedAnswer`).
 *
 * @param answers - one row of k answers a person; rows with gaps are left out and counted
 * @returns not estimable with one item (`too-few-items`), fewer than three complete rows (`too-few-observations`), or an item, or
 * the sum of all, that never varies (`zero-variance`)
 */
export const reliability = (answers: Answers, level = 0.95): Reliability | NotEstimable => {
  requireLevel(level);
  const items = itemCovariance(answers);
  if (!items.estimable) return items;
  return ofMatrix(items.covariance, items.complete, items.incomplete, level);
};
