import { isSmallCount } from './suppress.js';
import { requireThreshold } from './table.js';

/** A figure about people that may be told, or the reason why not. */
export type Told<T> = { readonly told: true; readonly value: T } | { readonly told: false; readonly because: 'too-few-people' | 'gives-others-away' | 'all-alike' };

export type FigureOptions = {
  readonly threshold: number;
  /**
   * A share of 0 or 100 % tells something of everybody. It is told unless this is set, because a side that is missing must
   * be seen; set it where the share is of an opinion or a trait.
   */
  readonly withholdUnanimous?: boolean;
};

/**
 * A mean (or a standard deviation, or any statistic) of n people. It goes with its count: where the count is withheld the
 * statistic is, because mean times count adds up like counts do.
 *
 * @param count - people, and whether their number was withheld in the table they stand in
 * @throws RangeError when n is no whole number of at least 0
 */
export const tellMean = (mean: number, count: { readonly n: number; readonly withheld: boolean }, { threshold }: FigureOptions): Told<number> => {
  requireThreshold(threshold);
  requirePeople('n', count.n);
  if (count.n < threshold) return { told: false, because: 'too-few-people' };
  return count.withheld ? { told: false, because: 'gives-others-away' } : { told: true, value: mean };
};

/**
 * A percentage, 0 to 100, of `of` people. It tells both those who are and those who are not, so neither may be small; and it
 * goes with its counts: pass whether either was withheld.
 *
 * @throws RangeError when the counts are no whole numbers or more are than there are
 */
export const tellPercentage = (are: number, of: number, options: FigureOptions, withheld = false): Told<number> => {
  requireThreshold(options.threshold);
  requirePeople('are', are);
  requirePeople('of', of);
  if (are > of) throw new RangeError(`are must be at most of, not ${are} of ${of}`);
  if (of < options.threshold || isSmallCount(are, options.threshold) || isSmallCount(of - are, options.threshold)) return { told: false, because: 'too-few-people' };
  if (withheld) return { told: false, because: 'gives-others-away' };
  if (options.withholdUnanimous && (are === 0 || are === of)) return { told: false, because: 'all-alike' };
  return { told: true, value: (100 * are) / of };
};

const requirePeople = (name: string, value: number): void => {
  if (!(Number.isSafeInteger(value) && value >= 0)) throw new RangeError(`${name} must be a whole number of at least 0, not ${value}`);
};

/** A number of people added up from numbers that are each told or not. */
export type PeopleSum = {
  /** Told only where every number below it is. */
  readonly value: number | undefined;
  /** What the told ones add up to: the sum is this at least. */
  readonly atLeast: number;
};

/**
 * Adds up what is told, and only that. Whatever numbers a reader asks to have added, the answers are sums of numbers that the
 * reader can see one by one, so no difference of two answers tells anything that is withheld. What is told of each number must be
 * decided before, for itself, whatever is asked.
 */
export const addTold = (numbers: readonly (number | undefined)[]): PeopleSum => {
  const told = numbers.filter((value) => value !== undefined);
  const atLeast = told.reduce((sum, value) => sum + value, 0);
  return { value: told.length === numbers.length ? atLeast : undefined, atLeast };
};
