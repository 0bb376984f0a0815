import { throwIfRefused, type Refusal } from '@common-ground/kernel';
import type { FormedGroup } from '../forming/broken-rules.js';
import { encounterGain, pairWeights, timesMet } from '../forming/encounters.js';
import type { Met, Person } from '../forming/request.js';
import { seededRandom, type Random } from '../random.js';

export type SeatingRequest = {
  readonly people: readonly Person[];
  /** Who sits at which round table; `formGroups` says, or people. */
  readonly tables: readonly FormedGroup[];
  /** How often pairs sat next to each other before. */
  readonly satBeside?: readonly Met[];
  /** People who do not sit next to each other, although at one table. */
  readonly notBeside?: readonly (readonly [string, string])[];
  readonly acrossSides?: number;
  readonly seed: number;
};

export type SeatedTable = {
  readonly id: string;
  /** Around the table: each sits beside the one before and after, the last beside the first. */
  readonly seats: readonly string[];
  /** Pairs of neighbours, of them across sides, that share no known language, and that sat together before. */
  readonly neighbours: number;
  readonly across: number;
  readonly withoutLanguage: number;
  readonly again: number;
};

/** A neighbour whom one cannot talk to costs as much as several new ones gain. */
const WITHOUT_LANGUAGE = -6;
const NOT_BESIDE = -1_000;
const STARTS = 12;

/**
 * Seats round tables: neighbours are from both sides, share a language and have not sat together before. From several orders by
 * chance, pieces of the circle are turned around and people moved until nothing gains (2-opt and or-opt).
 *
 * @throws DomainError of kind `invalid` that names what is wrong
 */
export const seat = (request: SeatingRequest): SeatedTable[] => {
  checkSeating(request);
  const { people, tables, satBeside, acrossSides, seed } = request;
  const places = new Map(people.map(({ id }, place) => [id, place]));
  const times = timesMet(people, satBeside);
  const gains = pairWeights(people, acrossSides).map((weight, at) => weight * encounterGain(times[at] as number));
  const count = people.length;
  const add = (one: number, other: number, amount: number): void => {
    gains[one * count + other] = (gains[one * count + other] as number) + amount;
  };
  people.forEach((one, row) => people.forEach((other, column) => (row === column || canTalk(one, other) ? undefined : add(row, column, WITHOUT_LANGUAGE))));
  for (const [one, other] of request.notBeside ?? []) {
    add(places.get(one) as number, places.get(other) as number, NOT_BESIDE);
    add(places.get(other) as number, places.get(one) as number, NOT_BESIDE);
  }
  const random = seededRandom(seed);
  return tables.map((table) => {
    const around = bestCircle(table.people.map((id) => places.get(id) as number), (one, other) => gains[one * count + other] as number, random);
    return describe(table.id, around, { people, times });
  });
};

const canTalk = ({ languages: one = [] }: Person, { languages: other = [] }: Person): boolean =>
  one.length === 0 || other.length === 0 || one.some((language) => other.includes(language));

type Gain = (one: number, other: number) => number;

const bestCircle = (members: readonly number[], gain: Gain, random: Random): number[] => {
  let best = [...members];
  let bestValue = circleValue(best, gain);
  for (let start = 0; start < STARTS && members.length > 3; start += 1) {
    const circle = random.shuffle([...members]);
    for (let improved = true; improved; ) improved = turnPiece(circle, gain) || movePerson(circle, gain);
    const value = circleValue(circle, gain);
    if (value > bestValue + 1e-9) [best, bestValue] = [circle, value];
  }
  return best;
};

const circleValue = (circle: readonly number[], gain: Gain): number =>
  circle.reduce((sum, one, at) => sum + (circle.length < 2 || (circle.length === 2 && at === 1) ? 0 : gain(one, circle[(at + 1) % circle.length] as number)), 0);

const turnPiece = (circle: number[], gain: Gain): boolean => {
  const size = circle.length;
  const at = (place: number): number => circle[(place + size) % size] as number;
  for (let from = 0; from < size - 1; from += 1) {
    for (let to = from + 1; to < size; to += 1) {
      if (from === 0 && to === size - 1) continue;
      const now = gain(at(from - 1), at(from)) + gain(at(to), at(to + 1));
      if (gain(at(from - 1), at(to)) + gain(at(from), at(to + 1)) <= now + 1e-9) continue;
      circle.splice(from, to - from + 1, ...circle.slice(from, to + 1).reverse());
      return true;
    }
  }
  return false;
};

const movePerson = (circle: number[], gain: Gain): boolean => {
  const before = circleValue(circle, gain);
  for (let from = 0; from < circle.length; from += 1) {
    for (let to = 0; to < circle.length; to += 1) {
      if (from === to) continue;
      const [person] = circle.splice(from, 1);
      circle.splice(to, 0, person as number);
      if (circleValue(circle, gain) > before + 1e-9) return true;
      circle.splice(to, 1);
      circle.splice(from, 0, person as number);
    }
  }
  return false;
};

const describe = (id: string, circle: readonly number[], { people, times }: { readonly people: readonly Person[]; readonly times: Float64Array }): SeatedTable => {
  const pairs = circle.length < 2 ? [] : circle.map((one, at) => [one, circle[(at + 1) % circle.length] as number] as const).slice(0, circle.length === 2 ? 1 : undefined);
  const person = (place: number): Person => people[place] as Person;
  return {
    id,
    seats: circle.map((place) => person(place).id),
    neighbours: pairs.length,
    across: pairs.filter(([one, other]) => person(one).side !== person(other).side).length,
    withoutLanguage: pairs.filter(([one, other]) => !canTalk(person(one), person(other))).length,
    again: pairs.filter(([one, other]) => (times[one * people.length + other] as number) > 0).length,
  };
};

const checkSeating = ({ people, tables, notBeside = [] }: SeatingRequest): void => {
  const refusals: Refusal[] = [];
  const ids = new Set(people.map(({ id }) => id));
  const refuse = (path: readonly (string | number)[], person: string): number => refusals.push({ code: 'PERSON_UNKNOWN', message: `${person} is not in people; take them out or add them.`, path: path.map(String) });
  tables.forEach((table, index) => table.people.filter((id) => !ids.has(id)).forEach((id) => refuse(['tables', index, 'people'], id)));
  notBeside.forEach((pair, index) => pair.filter((id) => !ids.has(id)).forEach((id) => refuse(['notBeside', index], id)));
  throwIfRefused(refusals);
};
