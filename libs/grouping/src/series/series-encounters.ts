import { pairsWithin } from '../forming/bounds.js';
import { timesMet } from '../forming/encounters.js';
import type { SeriesRequest } from './series-request.js';
import type { Sitting } from './sitting.js';

/** Pairs of people over a series. Nobody who never is at the same activity counts as possible. */
export type SeriesEncounters = {
  /** Pairs that share a group at least once, of them across sides, and encounters of pairs beyond their first. */
  readonly distinct: number;
  readonly distinctAcross: number;
  readonly repeats: number;
  /** No plan with these sizes has more distinct pairs. */
  readonly upperBound: number;
  /** Mean over groups by chance at each activity. */
  readonly randomMean: number;
  /** Pairs, and pairs across sides, who are at some activity together. */
  readonly possible: number;
  readonly possibleAcross: number;
  /** How often the person most often, and least often, among those who are always there was in a group larger than the mean. */
  readonly inLargeGroups: { readonly most: number; readonly least: number };
};

export const countEncounters = (series: SeriesRequest, sittings: readonly Sitting[]): SeriesEncounters => {
  const { people } = series;
  const count = people.length;
  const earlier = timesMet(people, series.met);
  const met = new Int32Array(count * count);
  const missed = new Float64Array(count * count).fill(1);
  const partners = new Int32Array(count);
  for (const sitting of sittings) addSitting(sitting, { count, met, missed, partners });
  const counted = { distinct: 0, distinctAcross: 0, repeats: 0, possible: 0, possibleAcross: 0, randomMean: 0 };
  const reachable = new Int32Array(count);
  for (let one = 0; one < count; one += 1) {
    for (let other = 0; other < count; other += 1) {
      if (one === other || (missed[one * count + other] as number) === 1) continue;
      reachable[one] = (reachable[one] as number) + 1;
      if (other < one) continue;
      const across = people[one]?.side !== people[other]?.side ? 1 : 0;
      const times = met[one * count + other] as number;
      counted.possible += 1;
      counted.possibleAcross += across;
      counted.randomMean += 1 - (missed[one * count + other] as number);
      counted.distinct += times > 0 ? 1 : 0;
      counted.distinctAcross += times > 0 ? across : 0;
      counted.repeats += Math.max(0, times + (earlier[one * count + other] as number) - 1) - Math.max(0, (earlier[one * count + other] as number) - 1);
    }
  }
  const byPerson = reachable.reduce((sum, most, person) => sum + Math.min(most, partners[person] as number), 0);
  const slots = sittings.reduce((sum, sitting) => sum + pairsWithin(sitting.members.map(({ length }) => length)), 0);
  return { ...counted, upperBound: Math.min(counted.possible, slots, Math.floor(byPerson / 2)), inLargeGroups: exposures(count, sittings) };
};

type Counts = { readonly count: number; readonly met: Int32Array; readonly missed: Float64Array; readonly partners: Int32Array };

const addSitting = ({ members, placeOf }: Sitting, { count, met, missed, partners }: Counts): void => {
  const sizes = members.map(({ length }) => length);
  const here = sizes.reduce((sum, size) => sum + size, 0);
  const chance = here < 2 ? 0 : pairsWithin(sizes) / pairsWithin([here]);
  const largest = Math.max(0, ...sizes);
  for (const one of placeOf) {
    partners[one] = (partners[one] as number) + largest - 1;
    for (const other of placeOf) missed[one * count + other] = (missed[one * count + other] as number) * (1 - chance);
  }
  for (const group of members) {
    for (const one of group) {
      for (const other of group) {
        const at = (placeOf[one] as number) * count + (placeOf[other] as number);
        if (one !== other) met[at] = (met[at] as number) + 1;
      }
    }
  }
};

const exposures = (count: number, sittings: readonly Sitting[]): { most: number; least: number } => {
  const large = new Int32Array(count);
  const there = new Int32Array(count);
  for (const { members, placeOf } of sittings) {
    const mean = placeOf.length / Math.max(1, members.length);
    for (const group of members) {
      for (const place of group) {
        const person = placeOf[place] as number;
        there[person] = (there[person] as number) + 1;
        if (group.length > mean + 1e-9) large[person] = (large[person] as number) + 1;
      }
    }
  }
  const always = [...large].filter((_, person) => there[person] === sittings.length);
  return always.length === 0 ? { most: 0, least: 0 } : { most: Math.max(...always), least: Math.min(...always) };
};
