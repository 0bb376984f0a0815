/**
 * Highest differential attrition (percentage points) that keeps a randomised comparison's bias low, for overall attrition of
 * 0, 1, 2 ... per cent: What Works Clearinghouse, Standards Handbook 4.0 (2017), Table II.1. Beyond the table it is high.
 * `cautious`: leaving may well be linked to the programme. `optimistic`: it hardly can be.
 */
const HIGHEST_DIFFERENTIAL = {
  cautious: [
    5.7, 5.8, 5.9, 5.9, 6, 6.1, 6.2, 6.3, 6.3, 6.3, 6.3, 6.2, 6.2, 6.1, 6, 5.9, 5.9, 5.8, 5.7, 5.5, 5.4, 5.3, 5.2, 5.1,
    4.9, 4.8, 4.7, 4.5, 4.4, 4.3, 4.1, 4, 3.8, 3.6, 3.5, 3.3, 3.2, 3.1, 2.9, 2.8, 2.6, 2.5, 2.3, 2.1, 2, 1.8, 1.6, 1.5,
    1.3, 1.2, 1, 0.9, 0.7, 0.6, 0.4, 0.3, 0.2, 0,
  ],
  optimistic: [
    10, 10.1, 10.2, 10.3, 10.4, 10.5, 10.7, 10.8, 10.9, 10.9, 10.9, 10.9, 10.9, 10.9, 10.8, 10.8, 10.7, 10.6, 10.5, 10.3,
    10.2, 10, 9.9, 9.7, 9.5, 9.4, 9.2, 9, 8.8, 8.6, 8.4, 8.2, 8, 7.8, 7.6, 7.4, 7.2, 7, 6.7, 6.5, 6.3, 6, 5.8, 5.6, 5.3,
    5.1, 4.9, 4.6, 4.4, 4.2, 3.9, 3.7, 3.5, 3.2, 3, 2.8, 2.6, 2.3,
  ],
} as const;

/** Percentage points. */
const ROUNDING = 1e-9;

export type AttritionVerdict = {
  /** Low: tolerable even if leaving is linked to the programme. Depends: only if it hardly is. High: neither way. */
  readonly verdict: 'low' | 'depends' | 'high';
  /** Percentage points; left out beyond the table. */
  readonly cautiousBoundary?: number;
  readonly optimisticBoundary?: number;
};

/**
 * Whether a randomised comparison lost few enough, and evenly enough. Between two rows of the table the stricter one holds.
 *
 * @param overall - share lost of all invited, 0 to 1
 * @param differential - difference between the arms' shares, -1 to 1
 */
export const attritionBoundary = (overall: number, differential: number): AttritionVerdict => {
  if (!(overall >= 0 && overall <= 1)) throw new RangeError(`overall must be from 0 to 1, not ${overall}`);
  if (!(Math.abs(differential) <= 1)) throw new RangeError(`differential must be from -1 to 1, not ${differential}`);
  const percent = 100 * overall;
  /** Shares of whole people carry rounding: 6 of 60 is 10 per cent, not 10.000000001. */
  const rows = [Math.floor(percent + ROUNDING), Math.ceil(percent - ROUNDING)];
  const boundary = (kind: keyof typeof HIGHEST_DIFFERENTIAL) =>
    Math.min(...rows.map((row) => HIGHEST_DIFFERENTIAL[kind][row] ?? Number.NEGATIVE_INFINITY));
  const [cautious, optimistic] = [boundary('cautious'), boundary('optimistic')];
  if (optimistic < 0) return { verdict: 'high' };
  const points = Math.abs(100 * differential) - ROUNDING;
  const verdict = points <= cautious ? 'low' : points <= optimistic ? 'depends' : 'high';
  return { verdict, cautiousBoundary: cautious, optimisticBoundary: optimistic };
};
