import { normalQuantile } from '../distributions/normal.js';
import { studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { quasiPoisson, type QuasiPoissonFit } from './quasi-poisson.js';

export type FarringtonOptions = {
  /** Periods a year: 52 weeks when left out, 12 for months. */
  readonly period?: number;
  /** Years to look back; 5 when left out. */
  readonly years?: number;
  /** Periods on either side of the same time in each year; 3 when left out. */
  readonly halfWindow?: number;
  /** Of the two-sided prediction interval; 0.01 when left out. */
  readonly alpha?: number;
  /** Give past outbreaks less weight; true when left out. */
  readonly reweight?: boolean;
  /** Allow for a trend where it is significant, from 3 years on, and does not run beyond what was seen; true when left out. */
  readonly trend?: boolean;
  /** No alarm unless so many cases came in the last so many periods; 5 in 4 when left out. */
  readonly fewestCases?: { readonly cases: number; readonly periods: number };
};

export type FarringtonPoint = {
  readonly estimable: true;
  readonly index: number;
  readonly observed: number;
  readonly expected: number;
  readonly upper: number;
  readonly alarm: boolean;
  readonly trend: boolean;
  /** At least 1. */
  readonly dispersion: number;
  /** Earlier periods that were compared with. */
  readonly references: number;
  /** Too few cases lately for an alarm, however high the count is against the limit. */
  readonly tooFewCases: boolean;
};

export type FarringtonResult = FarringtonPoint | (NotEstimable & { readonly index: number; readonly observed: number });

type Settings = Required<FarringtonOptions>;

const DEFAULTS: Settings = {
  period: 52,
  years: 5,
  halfWindow: 3,
  alpha: 0.01,
  reweight: true,
  trend: true,
  fewestCases: { cases: 5, periods: 4 },
};

const requireSettings = (counts: readonly number[], indices: readonly number[], settings: Settings): void => {
  counts.forEach((count, at) => {
    if (!(Number.isInteger(count) && count >= 0))
      throw new RangeError(`counts[${at}] must be a whole number of 0 or more, not ${count}`);
  });
  indices.forEach((index) => {
    if (!(Number.isInteger(index) && index >= 0 && index < counts.length))
      throw new RangeError(`indices must lie within the ${counts.length} counts, but one is ${index}`);
  });
  for (const name of ['period', 'years'] as const)
    if (!(Number.isInteger(settings[name]) && settings[name] > 0))
      throw new RangeError(`${name} must be a whole number above 0, not ${settings[name]}`);
  if (!(Number.isInteger(settings.halfWindow) && settings.halfWindow >= 0 && 2 * settings.halfWindow < settings.period))
    throw new RangeError(`halfWindow must be from 0 to below half a period, not ${settings.halfWindow}`);
  if (!(settings.alpha > 0 && settings.alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, not ${settings.alpha}`);
};

const referencesOf = (now: number, { period, years, halfWindow }: Settings): number[] => {
  const found: number[] = [];
  for (let year = years; year >= 1; year--)
    for (let offset = -halfWindow; offset <= halfWindow; offset++) found.push(now - period * year + offset);
  return found.filter((index) => index >= 0);
};

/** Weights that fall with the square of an Anscombe residual beyond 1 (Farrington et al. 1996, 3.6), with mean 1. */
const weightsOf = (counts: readonly number[], fit: QuasiPoissonFit): number[] => {
  const phi = Math.max(1, fit.dispersion);
  const raw = counts.map((y, row) => {
    const mu = fit.fitted[row] ?? 1;
    const residual = 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - Math.sqrt(mu));
    const standardised = residual / Math.sqrt(phi * (1 - (fit.leverages[row] ?? 0)));
    return standardised > 1 ? standardised ** -2 : 1;
  });
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => (weight * raw.length) / total);
};

const fitted = (times: readonly number[], counts: readonly number[], trend: boolean, reweight: boolean) => {
  const design = times.map((time) => (trend ? [1, time] : [1]));
  const first = quasiPoisson(design, counts, counts.map(() => 1));
  return first && reweight ? quasiPoisson(design, counts, weightsOf(counts, first)) : first;
};

/** Predicted mean at time 0 (now) and its variance without dispersion; time is counted from now. */
const now = (fit: QuasiPoissonFit) => {
  const mean = Math.exp(fit.coefficients[0] ?? 0);
  return { mean, unit: mean ** 2 * fit.covariance.get(0, 0) };
};

const withTrend = (fit: QuasiPoissonFit, counts: readonly number[], years: number): boolean => {
  const standardError = Math.sqrt(fit.dispersion * fit.covariance.get(1, 1));
  const statistic = (fit.coefficients[1] ?? 0) / standardError;
  const significant = standardError > 0 && Number.isFinite(statistic) && studentTTwoSidedP(statistic, fit.df) < 0.05;
  return years >= 3 && significant && now(fit).mean <= Math.max(...counts);
};

const pointAt = (counts: readonly number[], index: number, settings: Settings): FarringtonResult => {
  const observed = counts[index] ?? 0;
  const indices = referencesOf(index, settings);
  if (indices.length < 3) return { ...notEstimable('too-few-observations'), index, observed };
  const past = indices.map((one) => counts[one] ?? 0);
  if (!past.some((count) => count > 0)) return { ...notEstimable('no-events'), index, observed };
  const times = indices.map((one) => (one - index) / settings.period);
  const sloped = settings.trend ? fitted(times, past, true, settings.reweight) : undefined;
  const trend = sloped !== undefined && withTrend(sloped, past, settings.years);
  const fit = trend ? sloped : fitted(times, past, false, settings.reweight);
  if (!fit) return { ...notEstimable('did-not-converge'), index, observed };
  const dispersion = Math.max(1, fit.dispersion);
  const { mean, unit } = now(fit);
  const spread = Math.sqrt((4 / 9) * Math.cbrt(mean) * (dispersion + (dispersion * unit) / mean));
  const upper = (mean ** (2 / 3) + normalQuantile(1 - settings.alpha / 2) * spread) ** 1.5;
  const { cases, periods } = settings.fewestCases;
  const recent = counts.slice(Math.max(0, index + 1 - periods), index + 1).reduce((sum, count) => sum + count, 0);
  return {
    estimable: true,
    index,
    observed,
    expected: mean,
    upper,
    alarm: recent >= cases && observed > upper,
    trend,
    dispersion,
    references: indices.length,
    tooFewCases: recent < cases,
  };
};

/**
 * Farrington's detection of outbreaks in counts with years of history (Farrington, Andrews, Beale & Catchpole 1996): a
 * quasi-Poisson line through the same weeks of earlier years, past outbreaks weighted down, and a prediction limit on the
 * 2/3-power scale. For histories under three years take `ears`.
 *
 * @param counts - whole numbers, one a period, in time order; periods without a report must not be put in as 0
 * @param indices - which of them to judge, from 0
 * @returns one entry an index; not estimable with fewer than 3 earlier periods (`too-few-observations`) or none with a case
 * (`no-events`): there, any case is news
 */
export const farrington = (
  counts: readonly number[],
  indices: readonly number[],
  options: FarringtonOptions = {},
): readonly FarringtonResult[] => {
  const settings = { ...DEFAULTS, ...options };
  requireSettings(counts, indices, settings);
  return indices.map((index) => pointAt(counts, index, settings));
};
