/** Time is passed in, so that decisions are pure and tests own the clock. */
export type Clock = { readonly now: () => Date };

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved. */
export const fixedClock = (start: Date): Clock & { moveTo(time: Date): void } => {
  let current = start;
  return {
    now: () => current,
    moveTo: (time) => {
      current = time;
    },
  };
};
