import { betaQuantile } from '../distributions/beta.js';
import { binomialMass } from '../distributions/binomial.js';
import { gammaQuantile } from '../distributions/gamma.js';
import { poissonAtLeast, poissonCdf } from '../distributions/poisson.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireLevel } from '../inputs.js';

const requireCount = (name: string, count: number): void => {
  if (!(Number.isInteger(count) && count >= 0))
    throw new RangeError(`${name} must be a whole number of 0 or more, not ${count}`);
};
const requireExposure = (name: string, exposure: number): void => {
  if (!(Number.isFinite(exposure) && exposure > 0)) throw new RangeError(`${name} must be above 0, not ${exposure}`);
};

export type PoissonRate = {
  readonly method: 'exact poisson';
  readonly rate: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly events: number;
  readonly exposure: number;
  readonly level: number;
};

/** Rate of rare events with its exact interval (Garwood 1936). No event has a rate of 0 and an upper end. */
export const poissonRate = (events: number, exposure = 1, level = 0.95): PoissonRate => {
  requireCount('events', events);
  requireExposure('exposure', exposure);
  requireLevel(level);
  const low = events === 0 ? 0 : gammaQuantile((1 - level) / 2, events);
  return {
    method: 'exact poisson',
    rate: events / exposure,
    intervalLow: low / exposure,
    intervalHigh: gammaQuantile((1 + level) / 2, events + 1) / exposure,
    events,
    exposure,
    level,
  };
};

/** Chance of so many events or more, and of so few or fewer, when `expected` are. */
export const poissonTails = (events: number, expected: number): { readonly atLeast: number; readonly atMost: number } => {
  requireCount('events', events);
  requireExposure('expected', expected);
  return { atLeast: poissonAtLeast(events, expected), atMost: poissonCdf(events, expected) };
};

export type RateRatio = {
  readonly estimable: true;
  readonly method: 'exact conditional binomial';
  /** First rate over second. */
  readonly ratio: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  /** Two-sided: outcomes no likelier than the one seen. */
  readonly pValue: number;
  readonly events: readonly [number, number];
  readonly exposures: readonly [number, number];
  readonly level: number;
};

/** Slack for outcomes as likely as the one seen but for rounding. */
const TIE = 1 + 1e-7;

/**
 * Ratio of two rates, exact given the total (Przyborowski & Wilenski 1940; Clopper-Pearson interval): what share of all events
 * fell to the first, against its share of the exposure.
 *
 * @returns not estimable when neither had an event (`no-events`), or the second had none, so the ratio has no bound
 * (`zero-total`)
 */
export const rateRatio = (
  first: { readonly events: number; readonly exposure: number },
  second: { readonly events: number; readonly exposure: number },
  level = 0.95,
): RateRatio | NotEstimable => {
  for (const [name, one] of Object.entries({ first, second })) {
    requireCount(`${name}.events`, one.events);
    requireExposure(`${name}.exposure`, one.exposure);
  }
  requireLevel(level);
  const total = first.events + second.events;
  if (total === 0) return notEstimable('no-events');
  if (second.events === 0) return notEstimable('zero-total');
  const share = first.exposure / (first.exposure + second.exposure);
  const seen = binomialMass(first.events, total, share);
  let pValue = 0;
  for (let events = 0; events <= total; events++) {
    const mass = binomialMass(events, total, share);
    if (mass <= seen * TIE) pValue += mass;
  }
  const turned = (p: number): number => ((p / (1 - p)) * second.exposure) / first.exposure;
  const low = first.events === 0 ? 0 : betaQuantile((1 - level) / 2, first.events, second.events + 1);
  const high = betaQuantile((1 + level) / 2, first.events + 1, second.events);
  return {
    estimable: true,
    method: 'exact conditional binomial',
    ratio: (first.events * second.exposure) / (second.events * first.exposure),
    intervalLow: turned(low),
    intervalHigh: turned(high),
    pValue: Math.min(1, pValue),
    events: [first.events, second.events],
    exposures: [first.exposure, second.exposure],
    level,
  };
};
