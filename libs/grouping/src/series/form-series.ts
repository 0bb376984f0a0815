import { DomainError, throwIfRefused, type Refusal } from '@common-ground/kernel';
import { brokenRules, type FormedGroup } from '../forming/broken-rules.js';
import { checkRequest } from '../forming/check-request.js';
import { explainBent, type BentRule } from '../forming/explain.js';
import { groupsOf, notFormed, type NotFormed } from '../forming/form-groups.js';
import { judge, type Objective } from '../forming/objective.js';
import { seededRandom, seedOfPart } from '../random.js';
import { Budget, checkOptions, drive, type RunRecord, type SearchOptions, type Stop } from '../search/budget.js';
import { exactRounds } from './constructions.js';
import { CannotSit, SeriesSearch } from './series-search.js';
import { ACTIVITIES_AT_MOST, type SeriesRequest } from './series-request.js';
import { Sitting } from './sitting.js';
import { countEncounters, type SeriesEncounters } from './series-encounters.js';

export type ActivityGroups = {
  readonly id: string;
  /** `held`: as they were. `kept`: as planned before. `changed`: planned before, with the moves that were needed. `formed`: new. */
  readonly how: 'held' | 'kept' | 'changed' | 'formed';
  readonly groups: readonly FormedGroup[];
  /** People who were planned for another group. */
  readonly moved: readonly string[];
  readonly objective: Objective;
  readonly bent: readonly BentRule[];
};

export type SeriesFormed = {
  readonly outcome: 'formed';
  readonly activities: readonly ActivityGroups[];
  readonly encounters: SeriesEncounters;
  readonly run: RunRecord;
};

/** The first activity whose rules cannot hold. */
export type SeriesNotFormed = NotFormed & { readonly activity: string };

export type SeriesResult = SeriesFormed | SeriesNotFormed;

const usualSteps = (people: number, activities: number): number => activities * (1_000_000 + 20 * people * people);

/**
 * Groups over many activities, so that people meet as many new people as possible, across sides first.
 *
 * @throws DomainError of kind `invalid` that names what is wrong with the request or the options
 */
export const formSeries = async (request: SeriesRequest, options: SearchOptions): Promise<SeriesResult> => {
  checkOptions(options);
  checkSeries(request);
  const places = new Map(request.people.map(({ id }, place) => [id, place]));
  const sittings = request.activities.map((activity) => new Sitting(request, activity, places));
  const budget = new Budget(options, usualSteps(request.people.length, sittings.length));
  const open = sittings.filter(({ activity }) => !activity.held && !activity.planned);
  const search = new SeriesSearch(request, open, seededRandom(options.seed));
  try {
    seatHeld(sittings, search);
    keepPlanned(sittings, search, options.seed);
    for (const sitting of open) {
      search.form(sitting);
      await budget.breathe();
    }
    await drive(search.run((all) => seatExactly(request, sittings, all, search)), budget);
    search.finish();
  } catch (error) {
    if (!(error instanceof CannotSit)) throw error;
    const { request: own, rules, activity } = error.sitting;
    return { ...notFormed(own, rules, budget.record(search.found.steps), { stop: budget.stop }), activity: activity.id };
  }
  return {
    outcome: 'formed',
    activities: sittings.map((sitting) => described(sitting, budget.stop)),
    encounters: countEncounters(request, sittings),
    run: budget.record(search.found.steps),
  };
};

const checkSeries = (request: SeriesRequest): void => {
  const { activities, people } = request;
  if (activities.length === 0 || activities.length > ACTIVITIES_AT_MOST) {
    throw new DomainError('invalid', 'ACTIVITIES_COUNT', `activities has ${activities.length} entries; give 1 to ${ACTIVITIES_AT_MOST}.`, { path: ['activities'] });
  }
  const ids = new Set(people.map(({ id }) => id));
  const refusals: Refusal[] = [];
  const refuse = (path: readonly (string | number)[], code: string, message: string): number => refusals.push({ code, message, path: path.map(String) });
  activities.forEach(({ id, groups, expected, held, planned }, index) => {
    if (activities.findIndex((other) => other.id === id) !== index) refuse(['activities', index, 'id'], 'ACTIVITY_TWICE', `activities names ${id} twice; each once.`);
    if (expected && expected.length === 0) refuse(['activities', index, 'expected'], 'PEOPLE_MISSING', 'expected is empty; leave the activity out if nobody comes.');
    for (const person of [...(expected ?? []), ...(held ?? []).flatMap((group) => group.people)]) {
      if (!ids.has(person)) refuse(['activities', index], 'PERSON_UNKNOWN', `${person} is in activity ${id} but not in people; take them out or add them.`);
    }
    for (const group of [...(held ?? []), ...(planned ?? [])]) {
      if (!groups.some((spec) => spec.id === group.id)) refuse(['activities', index, 'groups'], 'GROUP_UNKNOWN', `group ${group.id} of activity ${id} is not among its groups; add it.`);
    }
    checkRequest({ ...request, groups });
  });
  throwIfRefused(refusals);
};

const groupIndexes = (sitting: Sitting, groups: readonly FormedGroup[]): Int32Array => {
  const indexOf = new Map(sitting.request.groups.map(({ id }, index) => [id, index]));
  const groupOf = new Map(groups.flatMap(({ id, people }) => people.map((person) => [person, indexOf.get(id) as number] as const)));
  return Int32Array.from(sitting.request.people, ({ id }) => groupOf.get(id) ?? -1);
};

const seatHeld = (sittings: readonly Sitting[], search: SeriesSearch): void => {
  for (const sitting of sittings) {
    if (!sitting.activity.held) continue;
    sitting.groupOf = groupIndexes(sitting, sitting.activity.held);
    search.count(sitting, 1);
  }
};

const keepPlanned = (sittings: readonly Sitting[], search: SeriesSearch, seed: number): void => {
  sittings.forEach((sitting, index) => {
    const { held, planned } = sitting.activity;
    if (!held && planned) search.keep(sitting, groupIndexes(sitting, planned), seedOfPart(seed, index));
  });
};

/** A construction fits when all activities are open, everybody is expected at each, and groups are of one size. */
const seatExactly = ({ people }: SeriesRequest, sittings: readonly Sitting[], open: readonly Sitting[], search: SeriesSearch): boolean => {
  const [first] = sittings;
  if (!first || open.length !== sittings.length) return false;
  const [size] = first.sizes;
  const uniform = open.every(({ sizes, placeOf }) => placeOf.length === people.length && sizes.length === first.sizes.length && sizes.every((other) => other === size));
  if (!uniform || size === undefined || first.compiled.units.members.length !== people.length) return false;
  const rounds = exactRounds(first.sizes.length, size);
  if (!rounds || rounds.length < open.length) return false;
  // Columns are filled side by side, so that each group has of each side what whole columns give it.
  const bySide = people.map((_, place) => place).sort((a, b) => compare(people[a]?.side ?? '', people[b]?.side ?? '') || a - b);
  open.forEach((sitting, index) => {
    search.count(sitting, -1);
    rounds[index]?.forEach((members, group) => members.forEach((point) => (sitting.groupOf[bySide[point] as number] = group)));
    search.count(sitting, 1);
  });
  return true;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const described = (sitting: Sitting, stop: Stop): ActivityGroups => {
  const { request, rules, activity, model, members } = sitting;
  const groups = groupsOf(request, members);
  const before = new Map((activity.planned ?? []).flatMap(({ id, people }) => people.map((person) => [person, id] as const)));
  const moved = groups.flatMap(({ id, people }) => people.filter((person) => before.has(person) && before.get(person) !== id));
  const how = activity.held ? 'held' : !activity.planned ? 'formed' : moved.length > 0 ? 'changed' : 'kept';
  return {
    id: activity.id,
    how,
    groups,
    moved,
    objective: judge(model, members),
    bent: how === 'held' ? [] : explainBent(request, rules, brokenRules(request, rules, groups), stop),
  };
};
