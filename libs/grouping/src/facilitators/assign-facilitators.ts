import { bestAssignment } from '../pairing/assignment.js';

export type FacilitatedPerson = { readonly id: string; readonly side: string; /** BCP 47. */ readonly languages?: readonly string[] };
export type FacilitatedGroup = { readonly id: string; readonly people: readonly FacilitatedPerson[] };
export type Facilitator = {
  readonly code: string;
  readonly languages: readonly string[];
  /** The side they share a background with; none when left out. */
  readonly background?: string;
};

export type FacilitatorAssignment = {
  readonly group: string;
  readonly facilitator: string;
  /** Share of the group's people who share a language with them, 0 to 1; those whose languages are not known are taken to follow. */
  readonly understoodBy: number;
  /** Whether they share a background with the side that has fewest people in the group. */
  readonly withFewest: boolean;
};
/** `too-few`: there are more groups than facilitators; `no-shared-language`: nobody who is left speaks with anybody in it. */
export type FacilitatorMissing = { readonly group: string; readonly because: 'too-few' | 'no-shared-language' };
export type FacilitatorsResult = { readonly assignments: readonly FacilitatorAssignment[]; readonly missing: readonly FacilitatorMissing[] };

/** Being understood by all weighs more than any background. */
const WEIGHTS = { language: 4, background: 1 } as const;

const spoken = (languages: readonly string[] = []): readonly string[] => languages.map((tag) => tag.toLowerCase().split('-')[0] as string);

const understoodBy = ({ people }: FacilitatedGroup, { languages }: Facilitator): number => {
  const speaks = new Set(spoken(languages));
  const follow = people.filter((person) => (person.languages ?? []).length === 0 || spoken(person.languages).some((language) => speaks.has(language)));
  return people.length === 0 ? 1 : follow.length / people.length;
};

/** The side with fewest people there; where sides are equal, either. */
const isOfFewest = ({ people }: FacilitatedGroup, { background }: Facilitator): boolean => {
  const counts = new Map<string, number>();
  for (const { side } of people) counts.set(side, (counts.get(side) ?? 0) + 1);
  return background !== undefined && counts.has(background) && counts.get(background) === Math.min(...counts.values());
};

/**
 * One facilitator a group: as many groups as can have one whom somebody understands and, among these, the most people who understand theirs;
 * then facilitators with whom those who are fewest in the group share a background.
 *
 * @throws RangeError naming a facilitator given twice
 */
export const assignFacilitators = (groups: readonly FacilitatedGroup[], facilitators: readonly Facilitator[]): FacilitatorsResult => {
  facilitators.forEach(({ code }, index) => {
    if (facilitators.findIndex((one) => one.code === code) < index) throw new RangeError(`facilitators[${index}]: ${code} is given twice`);
  });
  const scores = groups.map((group) =>
    facilitators.map((facilitator) => {
      const understood = understoodBy(group, facilitator);
      return understood === 0 ? undefined : WEIGHTS.language * understood + (isOfFewest(group, facilitator) ? WEIGHTS.background : 0);
    }),
  );
  const assigned = new Map(bestAssignment(scores).map(({ row, column }) => [row, facilitators[column] as Facilitator]));
  return {
    assignments: groups.flatMap((group, row) => {
      const facilitator = assigned.get(row);
      return facilitator ? [{ group: group.id, facilitator: facilitator.code, understoodBy: understoodBy(group, facilitator), withFewest: isOfFewest(group, facilitator) }] : [];
    }),
    missing: groups.flatMap(({ id }, row) => (assigned.has(row) ? [] : [{ group: id, because: whyMissing(scores[row] ?? []) }])),
  };
};

const whyMissing = (scores: readonly (number | undefined)[]): FacilitatorMissing['because'] => (scores.length === 0 || scores.some((score) => score !== undefined) ? 'too-few' : 'no-shared-language');
