import { USUAL_ACROSS_SIDES, type Met, type Person } from './request.js';

/** What a pair's encounter counts: both people's weights, and more across sides. */
export const pairWeights = (people: readonly Person[], acrossSides: number = USUAL_ACROSS_SIDES): Float64Array => {
  const count = people.length;
  const weights = new Float64Array(count * count);
  people.forEach((one, row) =>
    people.forEach((other, column) => {
      if (row === column) return;
      weights[row * count + column] = (one.weight ?? 1) * (other.weight ?? 1) * (one.side === other.side ? 1 : acrossSides);
    }),
  );
  return weights;
};

/** people x people: how often each pair met; pairs of people who are not here are left out. */
export const timesMet = (people: readonly Person[], met: readonly Met[] = []): Float64Array => {
  const count = people.length;
  const places = new Map(people.map(({ id }, place) => [id, place]));
  const times = new Float64Array(count * count);
  for (const pair of met) {
    const one = places.get(pair.one);
    const other = places.get(pair.other);
    if (one === undefined || other === undefined) continue;
    times[one * count + other] = (times[one * count + other] as number) + pair.times;
    times[other * count + one] = times[one * count + other] as number;
  }
  return times;
};

/**
 * What meeting now is worth: f(m) = m^2 is what a pair that meets m times costs, so the next meeting costs 2m + 1
 * (SCIENCE 3.1 e); taken from 2, a first encounter gains 1 and every repeat costs, more each time.
 */
export const encounterGain = (times: number): number => 1 - 2 * times;

export const encounterGains = (weights: Float64Array, times: Float64Array): Float64Array => weights.map((weight, at) => weight * encounterGain(times[at] as number));
