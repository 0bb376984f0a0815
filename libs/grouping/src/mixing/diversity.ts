import { sum } from './side-counts.js';

/** -sum p ln p, in nats; 0 ln 0 is 0. Shannon 1948. */
export const entropyOf = (counts: readonly number[]): number => {
  const total = sum(counts);
  return -sum(counts.map((count) => (count > 0 ? (count / total) * Math.log(count / total) : 0)));
};

/** 1 - sum p^2: the chance that two people drawn with replacement differ in side. Blau 1977. */
export const blauOf = (counts: readonly number[]): number => {
  const total = sum(counts);
  return 1 - sum(counts.map((count) => (count / total) ** 2));
};

/** How diverse the people of one group are; 0 when all are of one side. */
export type Diversity = {
  readonly blau: number;
  /** 1 - sum n(n-1)/(N(N-1)): without replacement; absent for a single person. */
  readonly blauUnbiased?: number;
  /** Blau over its largest value for the K sides given, 1 - 1/K; absent where one side is given. */
  readonly qualitativeVariation?: number;
  /** In nats. */
  readonly entropy: number;
  /** Entropy over ln K, K the sides that are there; absent where that is one. Pielou 1966. */
  readonly evenness?: number;
};

/**
 * Diversity of one group.
 * @param counts - people of each side, whole numbers; sides without people may be given as 0
 * @throws RangeError when a count is not a whole number of people, or nobody is there
 */
export const diversity = (counts: readonly number[]): Diversity => {
  counts.forEach((count, index) => {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`counts[${index}] must be a whole number of people, not ${count}`);
  });
  const people = sum(counts);
  if (people === 0) throw new RangeError('counts must hold at least one person');
  const present = counts.filter((count) => count > 0).length;
  return {
    blau: blauOf(counts),
    ...(people > 1 ? { blauUnbiased: 1 - sum(counts.map((count) => count * (count - 1))) / (people * (people - 1)) } : {}),
    ...(counts.length > 1 ? { qualitativeVariation: blauOf(counts) / (1 - 1 / counts.length) } : {}),
    entropy: entropyOf(counts),
    ...(present > 1 ? { evenness: entropyOf(counts) / Math.log(present) } : {}),
  };
};
