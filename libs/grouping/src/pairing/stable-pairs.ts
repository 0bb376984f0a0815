/** Somebody who proposes, and whom they would take, best first; nobody else will do. */
export type Proposer = { readonly id: string; readonly prefers: readonly string[] };
/** Somebody who is proposed to and holds up to `capacity` of those they would take; 1 unless said. */
export type Receiver = Proposer & { readonly capacity?: number };

export type StableMatch = { readonly proposer: string; readonly receiver: string };

export type StableResult = {
  readonly matches: readonly StableMatch[];
  readonly unmatchedProposers: readonly string[];
  readonly unmatchedReceivers: readonly string[];
  readonly proposals: number;
};

/**
 * Stable matching by deferred acceptance: proposers ask in order of preference, receivers hold the best who asked so far.
 * No two people would both rather have each other, and every proposer has the best partner that any stable matching could give them;
 * receivers have their worst such. Gale & Shapley 1962; with capacities: Roth 1984.
 *
 * @throws RangeError naming somebody given or preferred twice, preferred but not there, or a capacity that is no whole number
 */
export const stablePairs = (proposers: readonly Proposer[], receivers: readonly Receiver[]): StableResult => {
  check('proposers', proposers, 'receivers', receivers);
  check('receivers', receivers, 'proposers', proposers);
  const ranks = new Map(receivers.map(({ id, prefers }) => [id, new Map(prefers.map((one, rank) => [one, rank]))]));
  const room = new Map(receivers.map(({ id, capacity = 1 }) => [id, capacity]));
  const held = new Map<string, string[]>(receivers.map(({ id }) => [id, []]));
  const next = new Map<string, number>(proposers.map(({ id }) => [id, 0]));
  const wishes = new Map(proposers.map(({ id, prefers }) => [id, prefers]));
  const free = proposers.map(({ id }) => id).reverse();
  let proposals = 0;
  for (let proposer = free.pop(); proposer !== undefined; proposer = free.pop()) {
    const receiver = wishes.get(proposer)?.[next.get(proposer) as number];
    if (receiver === undefined) continue;
    next.set(proposer, (next.get(proposer) as number) + 1);
    proposals += 1;
    const rejected = hold(held.get(receiver) as string[], proposer, ranks.get(receiver) as Map<string, number>, room.get(receiver) as number);
    if (rejected !== undefined) free.push(rejected);
  }
  const matches = proposers.flatMap(({ id }) => receivers.filter((receiver) => held.get(receiver.id)?.includes(id)).map((receiver) => ({ proposer: id, receiver: receiver.id })));
  return {
    matches,
    unmatchedProposers: proposers.filter(({ id }) => !matches.some(({ proposer }) => proposer === id)).map(({ id }) => id),
    unmatchedReceivers: receivers.filter(({ id }) => held.get(id)?.length === 0).map(({ id }) => id),
    proposals,
  };
};

/** Holds the proposer if there is room or somebody worse. @returns who has to ask elsewhere */
const hold = (holding: string[], proposer: string, rank: ReadonlyMap<string, number>, room: number): string | undefined => {
  if (!rank.has(proposer)) return proposer;
  holding.push(proposer);
  holding.sort((a, b) => (rank.get(a) as number) - (rank.get(b) as number));
  return holding.length > room ? holding.pop() : undefined;
};

/**
 * Pairs who would both rather have each other than what they have: empty means stable. A receiver with room rather has anybody they would take.
 */
export const blockingPairs = (proposers: readonly Proposer[], receivers: readonly Receiver[], matches: readonly StableMatch[]): readonly StableMatch[] => {
  const partnerOf = new Map(matches.map(({ proposer, receiver }) => [proposer, receiver]));
  return proposers.flatMap(({ id, prefers }) => {
    const partner = partnerOf.get(id);
    const better = partner === undefined ? prefers : prefers.slice(0, prefers.indexOf(partner));
    return receivers
      .filter((receiver) => better.includes(receiver.id) && wouldRather(receiver, id, matches))
      .map((receiver) => ({ proposer: id, receiver: receiver.id }));
  });
};

const wouldRather = ({ id, prefers, capacity = 1 }: Receiver, proposer: string, matches: readonly StableMatch[]): boolean => {
  const rank = prefers.indexOf(proposer);
  if (rank < 0 || capacity === 0) return false;
  const has = matches.filter(({ receiver }) => receiver === id);
  return has.length < capacity || has.some((match) => prefers.indexOf(match.proposer) > rank);
};

const check = (name: string, people: readonly Receiver[], otherName: string, others: readonly Proposer[]): void => {
  const known = new Set(others.map(({ id }) => id));
  const seen = new Set<string>();
  people.forEach(({ id, prefers, capacity = 1 }, at) => {
    if (seen.has(id)) throw new RangeError(`${name}[${at}]: ${id} is given twice`);
    seen.add(id);
    if (!Number.isSafeInteger(capacity) || capacity < 0) throw new RangeError(`${name}[${at}].capacity must be a whole number from 0, not ${capacity}`);
    if (new Set(prefers).size !== prefers.length) throw new RangeError(`${name}[${at}].prefers names somebody twice`);
    const stranger = prefers.find((one) => !known.has(one));
    if (stranger !== undefined) throw new RangeError(`${name}[${at}].prefers: ${stranger} is not among ${otherName}`);
  });
};
