import type { Slot } from './rotate.js';

type Sided = { readonly side: string; readonly id: string };

/**
 * Exchanges turns so that in every activity each side holds the role in its share of groups, and wishes are met, without
 * changing how often, or which slots are first turns: two people who are candidates for one another's slots change turns. Descends until no
 * exchange helps. Changes `turns` in place.
 */
export const balanceSides = (slots: readonly Slot[], turns: (string | undefined)[], people: ReadonlyMap<string, Sided>): void => {
  const wanted = wantedShares(slots, people);
  const cost = (activities: ReadonlySet<string>): number => imbalance(slots, turns, { people, wanted, activities });
  for (let improved = true; improved; ) {
    improved = false;
    for (let one = 0; one < slots.length; one += 1) {
      for (let other = one + 1; other < slots.length; other += 1) if (tryExchange(one, other, { slots, turns, cost })) improved = true;
    }
  }
};

type Exchange = { readonly slots: readonly Slot[]; readonly turns: (string | undefined)[]; readonly cost: (activities: ReadonlySet<string>) => number };

const tryExchange = (one: number, other: number, { slots, turns, cost }: Exchange): boolean => {
  const [first, second] = [turns[one], turns[other]];
  if (first === undefined || second === undefined || first === second) return false;
  const [here, there] = [slots[one] as Slot, slots[other] as Slot];
  if (here.activity === there.activity || !isCandidate(here, second) || !isCandidate(there, first)) return false;
  const activities = new Set([here.activity, there.activity]);
  const before = cost(activities);
  const orderBefore = turnNumbers(turns, [first, second]);
  [turns[one], turns[other]] = [second, first];
  if (turnNumbers(turns, [first, second]) === orderBefore && holdsOnce(slots, turns, activities, [first, second]) && cost(activities) < before - 1e-9) return true;
  [turns[one], turns[other]] = [first, second];
  return false;
};

/** Slot by slot: whether it is the first, second ... turn of its holder. An exchange that keeps these keeps firsts before seconds. */
const turnNumbers = (turns: readonly (string | undefined)[], people: readonly [string, string]): string => {
  const numbers = [0, 0];
  return turns
    .map((person) => {
      const at = person === undefined ? -1 : people.indexOf(person);
      if (at < 0) return '';
      numbers[at] = (numbers[at] as number) + 1;
      return numbers[at];
    })
    .join(',');
};

const isCandidate = ({ candidates }: Slot, person: string): boolean => candidates.some((candidate) => candidate.person === person);

const holdsOnce = (slots: readonly Slot[], turns: readonly (string | undefined)[], activities: ReadonlySet<string>, people: readonly string[]): boolean =>
  [...activities].every((activity) => people.every((person) => slots.filter((slot, index) => slot.activity === activity && turns[index] === person).length <= 1));

/** By activity and side: in how many groups the side would hold the role by its share of those who may. */
const wantedShares = (slots: readonly Slot[], people: ReadonlyMap<string, Sided>): Map<string, Map<string, number>> => {
  const wanted = new Map<string, Map<string, number>>();
  for (const activity of new Set(slots.map((slot) => slot.activity))) {
    const own = slots.filter((slot) => slot.activity === activity);
    const candidates = own.flatMap((slot) => slot.candidates.map(({ person }) => people.get(person)?.side ?? ''));
    const shares = new Map<string, number>();
    for (const side of candidates) shares.set(side, (shares.get(side) ?? 0) + own.length / candidates.length);
    wanted.set(activity, shares);
  }
  return wanted;
};

type Judged = { readonly people: ReadonlyMap<string, Sided>; readonly wanted: ReadonlyMap<string, ReadonlyMap<string, number>>; readonly activities: ReadonlySet<string> };

/** Squared deviations from the shares; a wish met is worth less than any of them. */
const imbalance = (slots: readonly Slot[], turns: readonly (string | undefined)[], { people, wanted, activities }: Judged): number => {
  let sum = 0;
  for (const activity of activities) {
    const held = new Map<string, number>();
    slots.forEach((slot, index) => {
      const person = turns[index];
      if (slot.activity !== activity || person === undefined) return;
      const side = people.get(person)?.side ?? '';
      held.set(side, (held.get(side) ?? 0) + 1);
      if (slot.candidates.some((candidate) => candidate.person === person && candidate.wished)) sum -= 1e-3;
    });
    for (const [side, share] of wanted.get(activity) ?? []) sum += ((held.get(side) ?? 0) - share) ** 2;
  }
  return sum;
};
