import { formSeries, seededRandom, type Person, type SeriesRequest } from '@common-ground/grouping';
import { insist, timed, type Measured } from './row.js';
import { randomGroups, swapDescent, type Gains } from './swap-descent.js';

/** Which pairs count when they meet for the first time. */
type Counts = (one: Person, other: Person) => boolean;

type Schedule = { readonly groups: number; readonly size: number; readonly weeks: number };

const everybody: Counts = () => true;
const acrossSides: Counts = (one, other) => one.side !== other.side;

const requestOf = ({ groups, size, weeks }: Schedule, sides: readonly string[]): SeriesRequest => ({
  people: Array.from({ length: groups * size }, (_, index) => ({ id: `p${index}`, side: sides[index % sides.length] ?? '' })),
  activities: Array.from({ length: weeks }, (_, week) => ({ id: `week ${week + 1}`, groups: Array.from({ length: groups }, (__, group) => ({ id: `group ${group + 1}`, min: size, max: size })) })),
});

/** Counted pairs that share a group at least once. `groupOf` is by week and person. */
const pairsMet = (people: readonly Person[], weeks: readonly ArrayLike<number>[], counts: Counts): number => {
  let pairs = 0;
  people.forEach((one, at) => {
    for (let next = at + 1; next < people.length; next += 1) {
      if (counts(one, people[next] as Person) && weeks.some((groupOf) => groupOf[at] === groupOf[next])) pairs += 1;
    }
  });
  return pairs;
};

/** A little less than nothing for each time met before, so that of two repeats the rarer is taken. */
const REPEAT = -0.1;

/** Week by week one descent from groups by chance, with the pairs met before it. */
const plainWeeks = ({ people }: SeriesRequest, { groups, size, weeks }: Schedule, counts: Counts, descend: boolean): Int32Array[] => {
  const random = seededRandom(1);
  const limits = Array.from({ length: groups }, () => ({ min: size, max: size }));
  const gains: Gains = { count: people.length, of: new Float64Array(people.length ** 2) };
  people.forEach((one, at) => people.forEach((other, next) => (gains.of[at * people.length + next] = at !== next && counts(one, other) ? 1 : 0)));
  return Array.from({ length: weeks }, () => {
    const groupOf = randomGroups(people.length, limits, random);
    if (descend) swapDescent(gains, groupOf, groups);
    for (let one = 0; one < people.length; one += 1) {
      for (let other = 0; other < people.length; other += 1) {
        const at = one * people.length + other;
        if (one !== other && groupOf[one] === groupOf[other]) gains.of[at] = Math.min(0, gains.of[at] as number) + REPEAT;
      }
    }
    return groupOf;
  });
};

type Asked = Schedule & { readonly name: string; readonly title: string; readonly request: SeriesRequest; readonly counts: Counts; readonly budget: { readonly steps: number } | { readonly milliseconds: number; readonly now: () => number }; readonly atLeast: number; readonly note?: string };

const measure = async ({ name, title, request, counts, budget, atLeast, note, ...schedule }: Asked): Promise<Measured> => {
  const { people } = request;
  const { answer, seconds } = await timed(() => formSeries(request, { seed: 1, ...budget }));
  if (answer.outcome !== 'formed') throw new Error(`${name}: ${answer.message.sentence}`);
  const weeks = answer.activities.map(({ groups }) => {
    const groupOf = new Map(groups.flatMap((group, index) => group.people.map((id) => [id, index] as const)));
    insist(groupOf.size === people.length && groups.every((group) => group.people.length === schedule.size), `${name}: a week does not hold everybody in groups of ${schedule.size}`);
    return people.map(({ id }) => groupOf.get(id) ?? -1);
  });
  const { distinct, distinctAcross, upperBound, possibleAcross } = answer.encounters;
  const across = counts === acrossSides;
  const value = pairsMet(people, weeks, counts);
  insist(value === (across ? distinctAcross : distinct), `${name}: ${value} pairs met, not ${across ? distinctAcross : distinct}`);
  const reference = across ? possibleAcross : upperBound;
  return {
    row: {
      instance: name,
      n: people.length,
      groups: schedule.groups,
      seconds,
      value,
      reference,
      share: value / reference,
      random: pairsMet(people, plainWeeks(request, schedule, counts, false), counts),
      localSearch: pairsMet(people, plainWeeks(request, schedule, counts, true), counts),
    },
    title,
    unit: across ? 'pairs across sides met' : 'pairs met',
    atLeast,
    also: { steps: answer.run.steps },
    ...(note === undefined ? {} : { note }),
  };
};

/** Groups, size, weeks, and the share of the bound that is asked: all where an exact schedule is known, 97 % where it is loose, 95 % where tight. */
const GOLFERS = [
  [4, 4, 5, 1],
  [5, 3, 7, 1],
  [5, 4, 5, 1],
  [6, 4, 6, 0.95],
  [8, 4, 8, 1],
  [10, 4, 8, 0.97],
  [6, 5, 6, 0.95],
  [8, 5, 8, 1],
] as const;

const golfers = (quick: boolean): Asked[] =>
  GOLFERS.map(([groups, size, weeks, atLeast]) => ({
    groups,
    size,
    weeks,
    name: `golfers ${groups * size}x${size}x${weeks}`,
    title: `social golfers, ${groups} groups of ${size} over ${weeks} weeks`,
    request: { ...requestOf({ groups, size, weeks }, ['all']), rules: { lone: { strength: 'off' } }, weights: { variety: 0 } },
    counts: everybody,
    budget: { steps: atLeast === 1 || quick ? 100_000 : 12_000_000 },
    atLeast,
    note: 'reference: the upper bound',
  }));

const season = (quick: boolean): Asked => ({
  groups: 6,
  size: 4,
  weeks: 10,
  name: 'season 24x4x10',
  title: '24 people of two sides in 6 groups over 10 activities',
  request: requestOf({ groups: 6, size: 4, weeks: 10 }, ['host', 'migrant']),
  counts: acrossSides,
  budget: { milliseconds: quick ? 50 : 900, now: () => performance.now() },
  atLeast: 0.97,
  note: 'reference: all pairs across sides',
});

export const schedules = async (quick: boolean, say: (line: string) => void): Promise<Measured[]> => {
  const measured: Measured[] = [];
  for (const asked of [...golfers(quick), season(quick)]) {
    say(`• ${asked.title}`);
    measured.push(await measure(asked));
  }
  return measured;
};
