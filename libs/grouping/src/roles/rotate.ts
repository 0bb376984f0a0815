export type Candidate = { readonly person: string; readonly wished: boolean };
/** One role in one group of one activity, with those who may hold it, the best first. */
export type Slot = { readonly activity: string; readonly group: string; readonly candidates: readonly Candidate[] };

/**
 * Who holds each slot, slots being in order of time. In the first round as many slots as possible go to people who have never
 * held the role: an augmenting path (Kuhn 1955) moves the round's earlier turns to make room. The sets of slots that a round can
 * serve are a matroid, so taking them in order of time is optimal for the round: whoever must have a second turn has it as late
 * as possible. Second turns are a round of their own over what is left, and so on.
 *
 * @param before times that each person has held the role already
 */
export const rotate = (slots: readonly Slot[], before: ReadonlyMap<string, number>): (string | undefined)[] => {
  const holder: (string | undefined)[] = slots.map(() => undefined);
  const rounds = slots.length + Math.max(0, ...before.values());
  const turns = new Map(before);
  for (let round = 1; round <= rounds; round += 1) {
    const slotOf = new Map<string, number>();
    slots.forEach((_, index) => {
      if (holder[index] === undefined) augment(index, { slots, slotOf, turns, round }, new Set());
    });
    for (const [person, index] of slotOf) {
      holder[index] = person;
      turns.set(person, (turns.get(person) ?? 0) + 1);
    }
    if (slots.every(({ candidates }, index) => candidates.length === 0 || holder[index] !== undefined)) break;
  }
  return holder;
};

type Round = {
  readonly slots: readonly Slot[];
  /** The slot that each person holds in this round. */
  readonly slotOf: Map<string, number>;
  readonly turns: ReadonlyMap<string, number>;
  /** Only people with fewer turns than this take part. */
  readonly round: number;
};

const augment = (index: number, round: Round, seen: Set<string>): boolean => {
  const candidates = (round.slots[index]?.candidates ?? []).filter(({ person }) => (round.turns.get(person) ?? 0) < round.round);
  const free = candidates.find(({ person }) => !round.slotOf.has(person));
  if (free) {
    round.slotOf.set(free.person, index);
    return true;
  }
  for (const { person } of candidates) {
    if (seen.has(person)) continue;
    seen.add(person);
    if (!augment(round.slotOf.get(person) as number, round, seen)) continue;
    round.slotOf.set(person, index);
    return true;
  }
  return false;
};
