import type { GroupRole } from './group-plan.js';

/** A held activity: groups as they were, and the roles that had been planned for it. */
export type Happened = {
  readonly activityId: string;
  readonly startsAt: Date;
  readonly groups: readonly { readonly participantIds: readonly string[] }[];
  readonly roles: readonly GroupRole[];
};

export type Met = { readonly one: string; readonly other: string; readonly times: number };

/** How often each two of these people were in one group. */
export const timesMet = (happened: readonly Happened[], among: ReadonlySet<string>): readonly Met[] => {
  const met = new Map<string, Met>();
  for (const { groups } of happened)
    for (const { participantIds } of groups) {
      const present = participantIds.filter((id) => among.has(id)).sort();
      present.forEach((one, at) => {
        for (const other of present.slice(at + 1)) met.set(`${one} ${other}`, { one, other, times: (met.get(`${one} ${other}`)?.times ?? 0) + 1 });
      });
    }
  return [...met.values()];
};
