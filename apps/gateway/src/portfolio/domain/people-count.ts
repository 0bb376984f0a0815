import { addTold, isSmallCount } from '@common-ground/statistics';

/** A number of people that may be told, or not. Zero is told: a side that is missing must be seen. */
export type PeopleCount = {
  readonly value: number | null;
  readonly withheld: boolean;
  /** What may be told of it: the numbers below it that are told, added up. */
  readonly atLeast: number;
};

export const DEFAULT_THRESHOLD = 5;

export const told = (value: number): PeopleCount => ({ value, withheld: false, atLeast: value });
export const withheld = (atLeast = 0): PeopleCount => ({ value: null, withheld: true, atLeast });

/** A number that stands in no sum. */
export const tellAlone = (people: number, threshold: number): PeopleCount => (isSmallCount(people, threshold) ? withheld() : told(people));

/**
 * A sum of numbers that were told or withheld before, each for itself. It adds up what is told and nothing else, so the
 * answers to all questions are sums of numbers that can be seen one by one, and subtracting answers tells nothing more.
 */
export const addPeople = (counts: readonly PeopleCount[]): PeopleCount => {
  const { value } = addTold(counts.map((one) => one.value ?? undefined));
  return value === undefined ? withheld(counts.reduce((sum, { atLeast }) => sum + atLeast, 0)) : told(value);
};
