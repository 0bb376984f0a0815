import { Matrix, solve } from 'ml-matrix';
import { binomialCdf, binomialMass } from '../distributions/binomial.js';
import { poissonCdf, poissonMass } from '../distributions/poisson.js';

/** What is counted each time: Poisson with a mean, or events of so many trials (one: Bernoulli). */
export type CountModel =
  | { readonly kind: 'poisson'; readonly mean: number }
  | { readonly kind: 'binomial'; readonly trials: number; readonly probability: number };

export type CountCusumDesign = {
  /** Reference value a count; a fraction with a denominator up to 200, e.g. 1.5 or 0.35. */
  readonly k: number;
  /** Signal at a sum of h or more. */
  readonly h: number;
};

const MOST_STATES = 600;

/** k as a fraction: the sums then live on whole multiples of 1 / denominator and the chain is exact. */
const fractionOf = (k: number): { numerator: number; denominator: number } => {
  if (!(Number.isFinite(k) && k > 0)) throw new RangeError(`k must be above 0, not ${k}`);
  for (let denominator = 1; denominator <= 200; denominator++) {
    const numerator = Math.round(k * denominator);
    if (numerator > 0 && Math.abs(k - numerator / denominator) < 1e-12 * Math.max(1, k)) return { numerator, denominator };
  }
  throw new RangeError(`k must be a fraction with a denominator up to 200, such as 1.5 or 0.35, not ${k}: round it`);
};

const massOf = (model: CountModel, count: number): number =>
  model.kind === 'poisson'
    ? poissonMass(count, model.mean)
    : count <= model.trials
      ? binomialMass(count, model.trials, model.probability)
      : 0;

const atMost = (model: CountModel, count: number): number => {
  if (count < 0) return 0;
  return model.kind === 'poisson'
    ? poissonCdf(count, model.mean)
    : binomialCdf(Math.min(count, model.trials), model.trials, model.probability);
};

const requireModel = (model: CountModel): void => {
  if (model.kind === 'poisson' && !(Number.isFinite(model.mean) && model.mean > 0))
    throw new RangeError(`mean must be above 0, not ${model.mean}`);
  if (model.kind === 'binomial' && !(Number.isInteger(model.trials) && model.trials > 0))
    throw new RangeError(`trials must be a whole number above 0, not ${model.trials}`);
  if (model.kind === 'binomial' && !(model.probability > 0 && model.probability < 1))
    throw new RangeError(`probability must be between 0 and 1, not ${model.probability}`);
};

/**
 * Mean number of counts until a one-sided CUSUM of counts (`countCusum`, rising, exposure 1) that starts at 0 signals; exact, by
 * the Markov chain over its sums (Brook & Evans 1972; Lucas 1985 for Poisson, Reynolds & Stoumbos 1999 for Bernoulli).
 *
 * @param model - what is counted: in control for the run to a false alarm, out of control for the delay of a true one
 * @returns Infinity when the sum can never reach h
 * @throws RangeError when k is no fraction with a denominator up to 200, or h and it make more than 600 states
 */
export const countCusumRunLength = ({ k, h }: CountCusumDesign, model: CountModel): number => {
  requireModel(model);
  if (!(Number.isFinite(h) && h > 0)) throw new RangeError(`h must be above 0, not ${h}`);
  const { numerator, denominator } = fractionOf(k);
  const states = Math.ceil(h * denominator - 1e-9);
  if (states > MOST_STATES) throw new RangeError(`h ${h} and k ${k} make ${states} states, more than ${MOST_STATES}: round k`);
  if (model.kind === 'binomial' && model.trials * denominator <= numerator) return Infinity;
  const chain = Matrix.eye(states, states);
  for (let from = 0; from < states; from++) {
    const toZero = Math.floor((numerator - from) / denominator);
    chain.set(from, 0, chain.get(from, 0) - atMost(model, toZero));
    for (let count = Math.max(0, toZero + 1); ; count++) {
      const to = from + denominator * count - numerator;
      if (to >= states) break;
      chain.set(from, to, chain.get(from, to) - massOf(model, count));
    }
  }
  return solve(chain, Matrix.ones(states, 1)).get(0, 0);
};

/**
 * The smallest decision interval whose mean run to a false alarm is at least the one wanted. Run lengths of counts move in
 * steps, so it is met or passed, not hit.
 */
export const countCusumLimit = (
  k: number,
  model: CountModel,
  runLength: number,
): { readonly h: number; readonly runLength: number } => {
  if (!(Number.isFinite(runLength) && runLength >= 1)) throw new RangeError(`runLength must be 1 or more, not ${runLength}`);
  const { denominator } = fractionOf(k);
  const lengthAt = (states: number) => countCusumRunLength({ k, h: states / denominator }, model);
  let [low, high] = [0, 1];
  while (lengthAt(high) < runLength) {
    [low, high] = [high, 2 * high];
    if (high > MOST_STATES) throw new RangeError(`no h within ${MOST_STATES} states gives a run of ${runLength}: raise k`);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (lengthAt(middle) < runLength) low = middle;
    else high = middle;
  }
  return { h: high / denominator, runLength: lengthAt(high) };
};
