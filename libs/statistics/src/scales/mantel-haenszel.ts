import { chiSquareUpperTail } from '../distributions/chi-square.js';
import { normalQuantile } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';

/** One person's answer to one item, with what they are compared on. */
export type ItemResponses = {
  /** n answers, 0 or 1. */
  readonly answers: readonly number[];
  /** n: true for the focal group (another language, say), false for the reference group. */
  readonly focal: readonly boolean[];
  /** n strata of people alike on the scale, usually the total score; people are compared within a stratum only. */
  readonly strata: readonly number[];
};

export type MantelHaenszel = {
  readonly estimable: true;
  readonly method: 'mantel-haenszel, continuity-corrected';
  /** Common odds ratio, reference over focal: above 1 the item is easier for the reference group than it should be. */
  readonly oddsRatio: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly chiSquare: number;
  readonly df: 1;
  readonly pValue: number;
  /** -2.35 log odds ratio. */
  readonly etsDelta: number;
  /** Holland & Wainer (1993): A negligible, B moderate, C large. */
  readonly etsClass: 'A' | 'B' | 'C';
  readonly strataUsed: number;
  readonly observations: number;
  readonly level: number;
};

/** Reference right, reference wrong, focal right, focal wrong. */
type Table = { a: number; b: number; c: number; d: number };

const tables = ({ answers, focal, strata }: ItemResponses): Table[] => {
  const found = new Map<number, Table>();
  answers.forEach((answer, at) => {
    const stratum = strata[at] ?? 0;
    const table = found.get(stratum) ?? { a: 0, b: 0, c: 0, d: 0 };
    found.set(stratum, table);
    const cell = focal[at] ? (answer === 1 ? 'c' : 'd') : answer === 1 ? 'a' : 'b';
    table[cell] += 1;
  });
  return [...found.values()].filter(({ a, b, c, d }) => a + b > 0 && c + d > 0);
};

const sumOver = (all: readonly Table[], f: (table: Table, n: number) => number): number =>
  all.reduce((sum, table) => sum + f(table, table.a + table.b + table.c + table.d), 0);

/** Robins, Breslow & Greenland (1986): variance of the log common odds ratio. */
const logVariance = (all: readonly Table[], r: number, s: number): number => {
  const parts = all.map(({ a, b, c, d }) => {
    const n = a + b + c + d;
    const [p, q, same, cross] = [(a + d) / n, (b + c) / n, (a * d) / n, (b * c) / n];
    return (p * same) / (2 * r ** 2) + (p * cross + q * same) / (2 * r * s) + (q * cross) / (2 * s ** 2);
  });
  return parts.reduce((sum, part) => sum + part, 0);
};

/** Class by size and, for C, by whether the size is above 1 beyond chance. */
const classOf = (delta: number, standardError: number, pValue: number): MantelHaenszel['etsClass'] => {
  if (Math.abs(delta) < 1 || pValue > 0.05) return 'A';
  return Math.abs(delta) >= 1.5 && Math.abs(delta) - 1.645 * standardError > 1 ? 'C' : 'B';
};

/**
 * Differential item functioning of a yes/no item by Mantel-Haenszel (1959; Holland & Thayer 1988): do people who are alike on
 * the scale answer the item differently because of their group?
 *
 * @returns not estimable when no stratum has people of both groups (`arm-missing`), or every such stratum answers alike, or the
 * odds ratio is zero or has no bound (`no-variation`)
 * @throws RangeError naming lists of unequal length or an answer that is not 0 or 1
 */
export const mantelHaenszelDif = (responses: ItemResponses, level = 0.95): MantelHaenszel | NotEstimable => {
  requireSameLength('focal', responses.focal, 'answers', responses.answers);
  requireSameLength('strata', responses.strata, 'answers', responses.answers);
  requireFinite('strata', responses.strata);
  requireLevel(level);
  responses.answers.forEach((answer, at) => {
    if (answer !== 0 && answer !== 1) throw new RangeError(`answers[${at}] must be 0 or 1, not ${answer}`);
  });
  const all = tables(responses);
  if (all.length === 0) return notEstimable('arm-missing');
  const r = sumOver(all, ({ a, d }, n) => (a * d) / n);
  const s = sumOver(all, ({ b, c }, n) => (b * c) / n);
  const variance = sumOver(all, ({ a, b, c, d }, n) =>
    n > 1 ? ((a + b) * (c + d) * (a + c) * (b + d)) / (n ** 2 * (n - 1)) : 0,
  );
  if (!(r > 0 && s > 0 && variance > 0)) return notEstimable('no-variation');
  const apart = Math.abs(sumOver(all, ({ a, b, c }, n) => a - ((a + b) * (a + c)) / n));
  const statistic = (apart - Math.min(0.5, apart)) ** 2 / variance;
  const logOdds = Math.log(r / s);
  const standardError = Math.sqrt(logVariance(all, r, s));
  const margin = normalQuantile((1 + level) / 2) * standardError;
  const pValue = chiSquareUpperTail(statistic, 1);
  return {
    estimable: true,
    method: 'mantel-haenszel, continuity-corrected',
    oddsRatio: r / s,
    intervalLow: Math.exp(logOdds - margin),
    intervalHigh: Math.exp(logOdds + margin),
    chiSquare: statistic,
    df: 1,
    pValue,
    etsDelta: -2.35 * logOdds,
    etsClass: classOf(-2.35 * logOdds, 2.35 * standardError, pValue),
    strataUsed: all.length,
    observations: sumOver(all, (_, n) => n),
    level,
  };
};
