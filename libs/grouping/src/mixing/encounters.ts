import { seededRandom, type Random } from '../random.js';
import type { Person } from './mixing-of-ties.js';
import type { ContactBasis } from './side-counts.js';

/** One held activity: who was in which group, and for how long. */
export type Gathering = { readonly id: string; readonly groups: readonly (readonly string[])[]; readonly durationMinutes?: number };

export type EncountersRequest = {
  readonly basis: ContactBasis;
  /** Everyone who belongs, in any order; those who never came have met nobody. */
  readonly people: readonly Person[];
  /** In order of time. */
  readonly gatherings: readonly Gathering[];
  readonly seed?: number;
  /** Of random groupings with the same people present and the same group sizes: 200 unless said, at least 19; 0 for no comparison. */
  readonly permutations?: number;
};

/** Encounters across sides up to and including one activity. */
export type EncountersSoFar = { readonly id: string; readonly newPairs: number; readonly distinctPairs: number; readonly coverage: number };

export type Encounters = {
  readonly estimable: true;
  readonly basis: ContactBasis;
  /** Pairs of people of different sides among everyone who belongs, absences or not. */
  readonly possiblePairs: number;
  /** Pairs of different sides that met at least once. */
  readonly distinctPairs: number;
  /** distinctPairs / possiblePairs. */
  readonly coverage: number;
  /** Meetings across sides, every time counted. */
  readonly meetings: number;
  /** Share of meetings across sides that were not the first of their pair; 0 without meetings. */
  readonly repeatRate: number;
  /** Person-to-person minutes across sides, where durations are known. */
  readonly minutes: number;
  /** Of new people met across sides: 0 everyone met as many, near 1 a few met all. */
  readonly giniOfNewEncounters: number;
  /** Share of people who met nobody of another side. */
  readonly shareWithNone: number;
  readonly overTime: readonly EncountersSoFar[];
  /** Under chance: the same people present, dealt at random into groups of the same sizes. */
  readonly chance?: { readonly coverage: number; readonly pMore: number; readonly pLess: number; readonly seed: number; readonly permutations: number };
};

export type NoEncounters = { readonly estimable: false; readonly because: 'nobody' | 'one-side-only'; readonly basis: ContactBasis };

type Placed = readonly (readonly number[])[];

/**
 * Who met whom across sides over a series, beside what random groups would have given.
 * @throws RangeError naming a person given twice, unknown, or in two groups at once; or permutations from 1 to 18
 */
export const encountersOver = ({ basis, people, gatherings, seed = 1, permutations = 200 }: EncountersRequest): Encounters | NoEncounters => {
  if (permutations !== 0 && (!Number.isSafeInteger(permutations) || permutations < 19)) throw new RangeError(`permutations must be 0 or a whole number from 19, not ${permutations}`);
  const position = new Map(people.map(({ id }, at) => [id, at]));
  if (position.size !== people.length) throw new RangeError('people holds somebody twice');
  if (people.length === 0) return { estimable: false, because: 'nobody', basis };
  const sides = people.map(({ side }) => side);
  const possiblePairs = countCross(sides);
  if (possiblePairs === 0) return { estimable: false, because: 'one-side-only', basis };
  const placed = gatherings.map((gathering, at) => place(gathering, position, at));
  const story = tell(placed, sides);
  const overTime = gatherings.map(({ id }, at) => ({ id, newPairs: story.newPairs[at] as number, distinctPairs: story.soFar[at] as number, coverage: (story.soFar[at] as number) / possiblePairs }));
  const coverage = story.distinct / possiblePairs;
  const minutes = gatherings.reduce((total, { durationMinutes }, at) => total + (durationMinutes ?? 0) * (story.meetingsAt[at] as number), 0);
  return {
    estimable: true,
    basis,
    possiblePairs,
    distinctPairs: story.distinct,
    coverage,
    meetings: story.meetings,
    repeatRate: story.meetings === 0 ? 0 : (story.meetings - story.distinct) / story.meetings,
    minutes,
    giniOfNewEncounters: gini(story.partners),
    shareWithNone: story.partners.filter((met) => met === 0).length / people.length,
    overTime,
    ...(permutations === 0 ? {} : { chance: { ...byChance(placed, sides, possiblePairs, coverage, seededRandom(seed), permutations), seed, permutations } }),
  };
};

const countCross = (sides: readonly string[]): number => {
  const counts = new Map<string, number>();
  for (const side of sides) counts.set(side, (counts.get(side) ?? 0) + 1);
  return (sides.length ** 2 - [...counts.values()].reduce((squares, count) => squares + count ** 2, 0)) / 2;
};

const place = ({ groups, id }: Gathering, position: ReadonlyMap<string, number>, at: number): Placed => {
  const seen = new Set<string>();
  return groups.map((group) =>
    group.map((person) => {
      const found = position.get(person);
      if (found === undefined) throw new RangeError(`gatherings[${at}] (${id}): ${person} is not among people`);
      if (seen.has(person)) throw new RangeError(`gatherings[${at}] (${id}): ${person} is in two groups`);
      seen.add(person);
      return found;
    }),
  );
};

type Story = {
  readonly distinct: number;
  readonly meetings: number;
  readonly newPairs: readonly number[];
  readonly soFar: readonly number[];
  readonly meetingsAt: readonly number[];
  /** Distinct people of another side met, for each person. */
  readonly partners: readonly number[];
};

const tell = (placed: readonly Placed[], sides: readonly string[]): Story => {
  const met = new Set<number>();
  const partners = sides.map(() => 0);
  const newPairs: number[] = [];
  const soFar: number[] = [];
  const meetingsAt: number[] = [];
  for (const groups of placed) {
    const before = met.size;
    let meetings = 0;
    for (const group of groups)
      for (const [at, one] of group.entries())
        for (const other of group.slice(at + 1)) {
          if (sides[one] === sides[other]) continue;
          meetings += 1;
          const pair = Math.min(one, other) * sides.length + Math.max(one, other);
          if (met.has(pair)) continue;
          met.add(pair);
          partners[one] = (partners[one] as number) + 1;
          partners[other] = (partners[other] as number) + 1;
        }
    newPairs.push(met.size - before);
    soFar.push(met.size);
    meetingsAt.push(meetings);
  }
  return { distinct: met.size, meetings: meetingsAt.reduce((total, count) => total + count, 0), newPairs, soFar, meetingsAt, partners };
};

/** Gini coefficient of whole numbers from 0; 0 when all are equal or all are 0. */
const gini = (values: readonly number[]): number => {
  const total = values.reduce((all, value) => all + value, 0);
  if (total === 0) return 0;
  const weighted = [...values].sort((a, b) => a - b).reduce((all, value, rank) => all + (2 * (rank + 1) - values.length - 1) * value, 0);
  return weighted / (values.length * total);
};

const byChance = (placed: readonly Placed[], sides: readonly string[], possible: number, observed: number, random: Random, permutations: number) => {
  const drawn = Array.from({ length: permutations }, () => tell(placed.map((groups) => redeal(groups, random)), sides).distinct / possible);
  return {
    coverage: drawn.reduce((mean, value) => mean + value / permutations, 0),
    pMore: (1 + drawn.filter((value) => value >= observed).length) / (1 + permutations),
    pLess: (1 + drawn.filter((value) => value <= observed).length) / (1 + permutations),
  };
};

const redeal = (groups: Placed, random: Random): Placed => {
  const dealt = random.shuffle(groups.flat());
  let at = 0;
  return groups.map((group) => dealt.slice(at, (at += group.length)));
};
