import { DomainError } from '@common-ground/kernel';
import { formSeries, rotateRoles, type Attribute, type Person, type Progress, type Rota, type SeriesFormed } from '@common-ground/grouping';

export type SeasonPlan = {
  readonly people: readonly Person[];
  readonly attributes: readonly Attribute[];
  readonly activities: number;
  readonly groupSize: number;
  readonly seed: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly breathe?: () => Promise<void>;
};

export type Season = {
  /** Ordered by side, and within it as in the file. */
  readonly people: readonly Person[];
  readonly sides: readonly string[];
  readonly series: SeriesFormed;
  readonly rota: Rota;
  readonly groupSize: number;
  /** How often each pair shared a group, by place in `people`. */
  readonly met: readonly (readonly number[])[];
};

export const LEADER = 'leader';
/** A second or two for a few dozen people; more brings next to nothing. */
const STEPS_AN_ACTIVITY = 400_000;

/** Groups and leaders of a whole season. @throws DomainError when the rules cannot hold, with what stands against it */
export const planSeason = async ({ people, attributes, activities, groupSize, seed, onProgress, breathe }: SeasonPlan): Promise<Season> => {
  const groups = groupsFor(people.length, groupSize);
  const series = await formSeries(
    {
      people,
      attributes,
      rules: mayBeAlone(groups) ? { lone: { strength: 'off' } } : {},
      activities: Array.from({ length: activities }, (_, index) => ({ id: `activity ${index + 1}`, groups })),
    },
    { seed, steps: activities * STEPS_AN_ACTIVITY, ...(onProgress ? { onProgress } : {}), ...(breathe ? { breathe } : {}) },
  );
  if (series.outcome !== 'formed') {
    throw new DomainError('conflict', series.message.code, `${series.message.sentence} Change sides or languages in the file, or give another --group-size.`, { rules: series.rules.map(({ sentence }) => sentence) });
  }
  const rota = rotateRoles({ people, roles: [LEADER], activities: series.activities, seed });
  const sides = [...new Set(people.map(({ side }) => side))].sort((one, other) => one.localeCompare(other, 'en'));
  const ordered = sides.flatMap((side) => people.filter((person) => person.side === side));
  return { people: ordered, sides, series, rota, groupSize, met: timesMet(ordered, series) };
};

/** As many groups as bring their size nearest to the one asked for; sizes differ by one at most. */
const groupsFor = (people: number, size: number): { id: string; min: number; max: number }[] => {
  const count = Math.max(1, Math.round(people / size));
  return Array.from({ length: count }, (_, index) => ({ id: String(index + 1), min: Math.floor(people / count), max: Math.ceil(people / count) }));
};

/** In a group of two or three sides meet only where somebody is the only one of theirs: the rule against that would keep sides apart. */
const mayBeAlone = (groups: readonly { readonly min: number }[]): boolean => groups.some(({ min }) => min < 4);

const timesMet = (people: readonly Person[], { activities }: SeriesFormed): number[][] => {
  const placeOf = new Map(people.map(({ id }, place) => [id, place]));
  const met = people.map(() => new Array<number>(people.length).fill(0));
  for (const group of activities.flatMap(({ groups }) => groups)) {
    const places = group.people.map((id) => placeOf.get(id) as number);
    for (const one of places) {
      const row = met[one] as number[];
      for (const other of places) if (other !== one) row[other] = (row[other] as number) + 1;
    }
  }
  return met;
};
