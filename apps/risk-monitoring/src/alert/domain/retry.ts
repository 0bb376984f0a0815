/** Tries at most; the last failure is final. */
export const MOST_ATTEMPTS = 8;
const GROWTH = 4;
/** Waits vary by a fifth either way, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * How long to wait after a failed try, or nothing when it was the last.
 * @param attempt the try that failed, from 1
 * @param chance from 0 to 1
 */
export const waitAfter = (attempt: number, firstRetryMs: number, chance: number): number | undefined =>
  attempt >= MOST_ATTEMPTS ? undefined : Math.round(firstRetryMs * GROWTH ** (attempt - 1) * (1 - JITTER + 2 * JITTER * chance));
