const DAY_MS = 86_400_000;

export type Regularity = {
  /** Held activities a week, between the first and the last. */
  readonly heldPerWeek: number | null;
  readonly meanDaysBetween: number | null;
  /** Held among those whose time has come: held, did not happen or unrecorded. 0 to 1. */
  readonly keptShare: number | null;
};

export const regularityOf = (counts: { readonly held: number; readonly didNotHappen: number; readonly unrecorded: number; readonly firstHeldAt: Date | null; readonly lastHeldAt: Date | null }): Regularity => {
  const { held, didNotHappen, unrecorded, firstHeldAt, lastHeldAt } = counts;
  const due = held + didNotHappen + unrecorded;
  const keptShare = due === 0 ? null : held / due;
  if (held < 2 || !firstHeldAt || !lastHeldAt) return { heldPerWeek: null, meanDaysBetween: null, keptShare };
  const days = (lastHeldAt.getTime() - firstHeldAt.getTime()) / DAY_MS;
  return { heldPerWeek: days < 7 ? held : held / (days / 7), meanDaysBetween: days / (held - 1), keptShare };
};
