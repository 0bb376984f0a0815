import { formGroups, type Met, seedOfPart } from '@common-ground/grouping';

/** Somebody present at an activity, by code. */
export type Present = { readonly participant: string; readonly side: string };
export type Gathering = { readonly activity: string; readonly present: readonly Present[] };

/** Little is enough to be shown; a first start is not to wait for the last grain of mixing. */
const STEPS = 20_000;

/**
 * Mixed groups for one gathering after the other, so that people meet new people over the season.
 * @returns the group's name by activity and person
 */
export const rotatingGroups = async (gatherings: readonly Gathering[], count: number, seed: number): Promise<ReadonlyMap<string, string>> => {
  const groupOf = new Map<string, string>();
  const met = new Map<string, Met>();
  for (const [index, { activity, present }] of gatherings.entries()) {
    const groups = Math.max(1, Math.min(count, Math.floor(present.length / 4)));
    const formed = await formGroups(
      {
        people: present.map(({ participant, side }) => ({ id: participant, side })),
        groups: Array.from({ length: groups }, (_, group) => ({ id: `group ${group + 1}`, min: Math.floor(present.length / groups), max: Math.ceil(present.length / groups) })),
        rules: { lone: { policy: 'at-least-two', strength: 'should' } },
        met: [...met.values()],
      },
      { seed: seedOfPart(seed, index), steps: STEPS },
    );
    if (formed.outcome !== 'formed') throw new Error(`${activity}: ${formed.message.sentence}`);
    for (const { id, people } of formed.groups) {
      for (const person of people) groupOf.set(`${activity} ${person}`, id);
      remember(met, people);
    }
  }
  return groupOf;
};

const remember = (met: Map<string, Met>, people: readonly string[]): void => {
  const sorted = [...people].sort();
  sorted.forEach((one, at) => {
    for (const other of sorted.slice(at + 1)) met.set(`${one} ${other}`, { one, other, times: (met.get(`${one} ${other}`)?.times ?? 0) + 1 });
  });
};
