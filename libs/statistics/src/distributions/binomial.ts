import betainc from '@stdlib/math-base-special-betainc';
import binomial from '@stdlib/stats-base-dists-binomial';
import { requireCount, requireNumber, requireProbability } from './arguments.js';

const requireTrials = (trials: number, probability: number): void => {
  requireCount('trials', trials);
  requireProbability('probability', probability);
};

/** P(X = k) of `trials` independent trials; 0 where k is no whole number from 0 to trials. */
export const binomialMass = (k: number, trials: number, probability: number): number => {
  requireNumber('k', k);
  requireTrials(trials, probability);
  return binomial.pmf(k, trials, probability);
};

/** P(X <= k). */
export const binomialCdf = (k: number, trials: number, probability: number): number => {
  requireNumber('k', k);
  requireTrials(trials, probability);
  return binomial.cdf(k, trials, probability);
};

/** P(X >= k), k included, with its digits where it is small. */
export const binomialAtLeast = (k: number, trials: number, probability: number): number => {
  requireNumber('k', k);
  requireTrials(trials, probability);
  const least = Math.ceil(k);
  if (least <= 0) return 1;
  return least > trials ? 0 : betainc(probability, least, trials - least + 1);
};

/** Smallest k with P(X <= k) >= p. */
export const binomialQuantile = (p: number, trials: number, probability: number): number => {
  requireProbability('p', p);
  requireTrials(trials, probability);
  return binomial.quantile(p, trials, probability);
};
