import { bestAssignment, type Scores } from './assignment.js';
import { type Exclusion, obstaclesBetween, PAIRING_WEIGHTS, type PairingObstacle, type PairingParts, type PairingProfile, type PairingWeights, partsOf, scoreOf, type Supporter } from './profiles.js';

export type PairingRequest = {
  readonly supporters: readonly Supporter[];
  readonly supported: readonly PairingProfile[];
  readonly exclusions?: readonly Exclusion[];
  /** Pairs that stand and stay: they take up capacity, and their people are not paired anew. */
  readonly standing?: readonly Pair[];
  readonly weights?: PairingWeights;
  /** Times that both must have in common, 1 unless said. */
  readonly sharedTimes?: number;
};

export type Pair = { readonly supporter: string; readonly supported: string };
export type ScoredPair = Pair & { readonly score: number; readonly parts: PairingParts };

/** `nobody-free`: somebody would fit, but everyone who does is taken by pairs that fit better or count more. */
export type Unpaired = { readonly id: string; readonly because: readonly (PairingObstacle | 'nobody-free' | 'nobody-there')[] };

export type PairingResult = {
  readonly pairs: readonly ScoredPair[];
  /** Of the supported; with all that stood between them and every supporter. */
  readonly unpaired: readonly Unpaired[];
  /** Sum of scores, the highest that this many pairs allow. */
  readonly totalScore: number;
};

/**
 * Pairs each supported person with a supporter: as many pairs as hard filters allow and, among those, the best total score.
 * Hard: nobody who is kept apart or in a cooling-off, safeguarding of minors, a shared language, shared times, capacity.
 *
 * @throws RangeError naming what is given twice, unknown, or out of range
 */
export const pairPeople = (request: PairingRequest): PairingResult => {
  const { supporters, supported, exclusions = [], standing = [], weights = PAIRING_WEIGHTS, sharedTimes = 1 } = request;
  check(request, weights, sharedTimes);
  const waiting = supported.filter(({ id }) => !standing.some((pair) => pair.supported === id));
  const places = supporters.flatMap((supporter) => {
    const taken = standing.filter((pair) => pair.supporter === supporter.id).length;
    return Array.from({ length: Math.max(0, Math.min(waiting.length, (supporter.capacity ?? 1) - taken)) }, () => supporter);
  });
  const obstacles = new Map(waiting.map((person) => [person.id, supporters.map((supporter) => obstaclesBetween(supporter, person, exclusions, sharedTimes))]));
  const scores: Scores = waiting.map((person) =>
    places.map((supporter) => ((obstacles.get(person.id)?.[supporters.indexOf(supporter)] as readonly PairingObstacle[]).length > 0 ? undefined : scoreOf(partsOf(supporter, person), weights))),
  );
  const assigned = bestAssignment(scores);
  const pairs = assigned.map(({ row, column, score }): ScoredPair => {
    const [person, supporter] = [waiting[row] as PairingProfile, places[column] as Supporter];
    return { supporter: supporter.id, supported: person.id, score, parts: partsOf(supporter, person) };
  });
  const paired = new Set(pairs.map((pair) => pair.supported));
  const unpaired = waiting.filter(({ id }) => !paired.has(id)).map(({ id }): Unpaired => ({ id, because: reasons(obstacles.get(id) ?? []) }));
  return { pairs, unpaired, totalScore: pairs.reduce((total, { score }) => total + score, 0) };
};

/**
 * Pairs anew after pairs have ended: standing pairs stay as they are, and people whose pair ended do not get the same person again.
 * Why a pair ended is not asked: nobody is marked for it.
 */
export const pairAgain = (request: PairingRequest & { readonly ended: readonly Pair[] }): PairingResult => {
  const { ended, exclusions = [], standing = [], ...rest } = request;
  const over = (pair: Pair): boolean => ended.some((one) => one.supporter === pair.supporter && one.supported === pair.supported);
  return pairPeople({ ...rest, standing: standing.filter((pair) => !over(pair)), exclusions: [...exclusions, ...ended.map((pair): Exclusion => ({ ...pair, because: 'cooling-off' }))] });
};

const reasons = (obstacles: readonly (readonly PairingObstacle[])[]): Unpaired['because'] => {
  if (obstacles.length === 0) return ['nobody-there'];
  if (obstacles.some((one) => one.length === 0)) return ['nobody-free'];
  return [...new Set(obstacles.flat())];
};

const requireUnique = (name: string, people: readonly { readonly id: string }[]): Set<string> => {
  const ids = new Set<string>();
  people.forEach(({ id }, at) => {
    if (ids.has(id)) throw new RangeError(`${name}[${at}]: ${id} is given twice`);
    ids.add(id);
  });
  return ids;
};

const check = ({ supporters, supported, standing = [] }: PairingRequest, weights: PairingWeights, sharedTimes: number): void => {
  const [givers, takers] = [requireUnique('supporters', supporters), requireUnique('supported', supported)];
  supporters.forEach(({ capacity = 1, id }, at) => {
    if (!Number.isSafeInteger(capacity) || capacity < 0) throw new RangeError(`supporters[${at}].capacity must be a whole number from 0, not ${capacity}`);
    if (takers.has(id)) throw new RangeError(`supporters[${at}]: ${id} is among supported too`);
  });
  standing.forEach(({ supporter, supported: person }, at) => {
    if (!givers.has(supporter) || !takers.has(person)) throw new RangeError(`standing[${at}] names somebody who is not given: ${supporter}, ${person}`);
  });
  for (const [name, weight] of Object.entries(weights)) if (!(Number.isFinite(weight) && weight >= 0)) throw new RangeError(`weights.${name} must be 0 or more, not ${weight}`);
  if (!Object.values(weights).some((weight) => weight > 0)) throw new RangeError('weights must hold one above 0');
  if (!Number.isSafeInteger(sharedTimes) || sharedTimes < 0) throw new RangeError(`sharedTimes must be a whole number from 0, not ${sharedTimes}`);
};
