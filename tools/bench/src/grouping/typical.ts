import { brokenRules, formGroups, formSeries, listRules, regroup, seededRandom, USUAL_WEIGHTS, type FormedGroup, type FormRequest, type Objective, type Person } from '@common-ground/grouping';
import { insist, timed, type Measured } from './row.js';
import { randomGroups, swapDescent, type Gains } from './swap-descent.js';

/** People made up, the same each time. */
const peopleOf = (count: number): Person[] => {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, index) => ({
    id: `p${index}`,
    side: index % 2 === 0 ? 'host' : 'migrant',
    attributes: { age: 16 + random.below(50), gender: random.below(2) === 0 ? 'f' : 'm', education: ['primary', 'secondary', 'higher'][random.below(3)] },
  }));
};

const requestOf = (people: number, groups: number): FormRequest => ({
  people: peopleOf(people),
  groups: Array.from({ length: groups }, (_, group) => ({ id: `group ${group + 1}`, min: people / groups, max: people / groups })),
  attributes: [
    { name: 'age', kind: 'numeric' },
    { name: 'gender', kind: 'categorical' },
    { name: 'education', kind: 'categorical' },
  ],
});

/** What any groups are worth: as those of an activity that was held, rules set aside. */
const judged = async ({ people, groups, attributes }: FormRequest, held: readonly FormedGroup[]): Promise<Objective> => {
  const answer = await formSeries({ people, activities: [{ id: 'held', groups, held }], ...(attributes ? { attributes } : {}), weights: USUAL_WEIGHTS }, { seed: 1, steps: 0 });
  if (answer.outcome !== 'formed' || !answer.activities[0]) throw new Error('groups as they were cannot be judged');
  return answer.activities[0].objective;
};

/** Squared distances of sides and levels, and of ages in standard deviations: within groups of one size their sum is largest where groups are alike. */
const distances = (people: readonly Person[]): Gains => {
  const ages = people.map(({ attributes }) => Number(attributes?.['age']));
  const mean = ages.reduce((sum, age) => sum + age, 0) / ages.length;
  const variance = ages.reduce((sum, age) => sum + (age - mean) ** 2, 0) / ages.length;
  const unlike = (one: unknown, other: unknown): number => (one === other ? 0 : 1);
  const of = new Float64Array(people.length ** 2);
  people.forEach((one, at) =>
    people.forEach((other, next) => {
      const levels = unlike(one.attributes?.['gender'], other.attributes?.['gender']) + unlike(one.attributes?.['education'], other.attributes?.['education']);
      of[at * people.length + next] = USUAL_WEIGHTS.sides * unlike(one.side, other.side) + levels + ((ages[at] ?? 0) - (ages[next] ?? 0)) ** 2 / variance;
    }),
  );
  return { count: people.length, of };
};

const asGroups = ({ people, groups }: FormRequest, groupOf: ArrayLike<number>): FormedGroup[] => groups.map(({ id }, group) => ({ id, people: people.flatMap((person, at) => (groupOf[at] === group ? [person.id] : [])) }));

const checkGroups = (name: string, request: FormRequest, groups: readonly FormedGroup[]): void => {
  const seated = groups.flatMap(({ people }) => people);
  insist(seated.length === request.people.length && new Set(seated).size === seated.length, `${name}: not everybody is in one group`);
  const must = listRules(request).filter(({ strength }) => strength === 'must');
  insist(brokenRules(request, must, groups).length === 0, `${name}: a rule that must hold is broken`);
};

const oneActivity = async (people: number, groups: number, milliseconds: number): Promise<Measured> => {
  const name = `activity ${people} in ${groups}`;
  const request = requestOf(people, groups);
  const { answer, seconds } = await timed(() => formGroups(request, { seed: 1, milliseconds, now: () => performance.now() }));
  if (answer.outcome !== 'formed') throw new Error(`${name}: ${answer.message.sentence}`);
  checkGroups(name, request, answer.groups);
  const { value, upperBound, randomMean } = answer.objective;
  const again = (await judged(request, answer.groups)).value;
  insist(Math.abs(again - value) <= 1e-6 * Math.max(1, Math.abs(value)), `${name}: the groups are worth ${again}, not ${value}`);
  const gains = distances(request.people);
  const start = randomGroups(people, request.groups, seededRandom(1));
  const random = await judged(request, asGroups(request, start));
  const local = await judged(request, asGroups(request, swapDescent(gains, start.slice(), groups)));
  return {
    row: { instance: name, n: people, groups, seconds, value, reference: upperBound, share: (value - randomMean) / (upperBound - randomMean), random: random.value, localSearch: local.value },
    title: `${people} people in ${groups} groups, ${milliseconds} ms`,
    unit: 'objective',
    budgetMs: milliseconds,
    also: { steps: answer.run.steps },
    note: 'reference: an upper bound, which none may reach; share of the way from chance to it; random and local search keep no rules',
  };
};

/** Two of 24 are missing and one came unannounced: how many stay in their group. */
const onTheSpot = async (): Promise<Measured> => {
  const request = requestOf(24, 6);
  const groups = request.groups.map(({ id }) => ({ id, min: 2, max: 5 }));
  const before = await formGroups(request, { seed: 1, steps: 100_000 });
  if (before.outcome !== 'formed') throw new Error(`regroup: ${before.message.sentence}`);
  const missing = [before.groups[0]?.people[0], before.groups[1]?.people[0]];
  const people = [...request.people.filter(({ id }) => !missing.includes(id)), { id: 'unannounced', side: 'migrant', attributes: {} }];
  const now = { ...request, people, groups, current: before.groups };
  const { answer, seconds } = await timed(() => regroup(now, { seed: 1 }));
  if (answer.outcome !== 'regrouped') throw new Error(`regroup: ${answer.message.sentence}`);
  checkGroups('regroup', now, answer.groups);
  const home = new Map(before.groups.flatMap(({ id, people: members }) => members.map((person) => [person, id] as const)));
  const stayed = answer.groups.flatMap(({ id, people: members }) => members.filter((person) => home.get(person) === id)).length;
  const here = people.length - 1;
  insist(stayed === here - answer.moves.length, `regroup: ${here - stayed} moved, not ${answer.moves.length}`);
  const most = answer.fewestProven ? stayed : null;
  return {
    row: { instance: 'regroup 24', n: people.length, groups: groups.length, seconds, value: stayed, reference: most, share: most === null ? null : stayed / most, random: here / groups.length, localSearch: null },
    title: 'regroup 24 on the spot: two missing, one unannounced',
    unit: 'people who stay',
    also: { moves: answer.moves.length },
    note: 'reference: proven, no groups that keep the rules move fewer',
  };
};

export const typical = async (quick: boolean, say: (line: string) => void): Promise<Measured[]> => {
  say('• one activity: 120 people, 2,000 people; regroup of 24');
  return [await oneActivity(120, 20, quick ? 50 : 250), ...(quick ? [] : [await oneActivity(2_000, 200, 5_000)]), await onTheSpot()];
};
