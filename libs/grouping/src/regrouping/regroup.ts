import { brokenRules, type FormedGroup } from '../forming/broken-rules.js';
import { checkRequest } from '../forming/check-request.js';
import { compile, type Compiled } from '../forming/compile.js';
import { explainBent, explainNotes, type BentRule } from '../forming/explain.js';
import { decide, settle } from '../forming/feasibility.js';
import { groupsOf, notFormed, peopleOf, type NotFormed } from '../forming/form-groups.js';
import type { Message } from '../forming/messages.js';
import { gainsOf, judge, modelObjective, type Objective } from '../forming/objective.js';
import type { FormRequest } from '../forming/request.js';
import { listRules, type Rule } from '../forming/rule-list.js';
import { seededRandom } from '../random.js';
import { checkOptions } from '../search/budget.js';
import { IteratedSearch } from '../search/iterated-search.js';
import { MUST, type Problem } from '../search/problem.js';
import { evenSizes, randomStart } from '../search/start.js';

export type RegroupRequest = FormRequest & {
  /** The groups as they stood; `people` are those who are here now. Who is in one and not the other is missing or new. */
  readonly current: readonly FormedGroup[];
};

export type RegroupOptions = { readonly seed: number; /** Candidates to try; 200,000 unless given. */ readonly steps?: number };

/** Somebody who was in a group and is in another now. */
export type Move = { readonly person: string; readonly from: string; readonly to: string };

export type Regrouped = {
  readonly outcome: 'regrouped';
  readonly groups: readonly FormedGroup[];
  readonly moves: readonly Move[];
  /** Whether it is proven that no groups with fewer moves keep the rules. */
  readonly fewestProven: boolean;
  readonly arrived: readonly string[];
  readonly missing: readonly string[];
  readonly objective: Objective;
  readonly bent: readonly BentRule[];
  readonly notes: readonly Message[];
  readonly run: { readonly seed: number; readonly steps: number };
};

export type RegroupResult = Regrouped | NotFormed;

/** Below rules that must hold and above those that should: people are not moved for comfort. Fits a thousand people. */
const CHANGE = 1_000;
const USUAL_STEPS = 200_000;
const NODES_TO_PROVE = 3_000;

/**
 * New groups on the spot, with the fewest moves: whoever can stay stays, newcomers are put where rules and balance want them.
 * To move somebody by hand, name them in `rules.placed`.
 *
 * @throws DomainError of kind `invalid` that names what is wrong
 */
export const regroup = (request: RegroupRequest, options: RegroupOptions): RegroupResult => {
  checkRequest(request);
  checkOptions(options);
  const rules = listRules(request);
  const sizes = evenSizes(request.groups.map(({ min }) => min), request.groups.map(({ max }) => max), request.people.length);
  const model = modelObjective(request, sizes);
  const compiled = compile(request, rules, gainsOf(model, sizes));
  const homes = homesOf(request);
  const kept = keepMost(compiled, homes, options);
  if (!kept) return notFormed(request, rules, { seed: options.seed, steps: 0, milliseconds: null, endedBy: 'nothing-left' });
  const places = peopleOf(compiled, kept.groupOf, request.groups.length);
  const groups = groupsOf(request, places);
  return {
    outcome: 'regrouped',
    groups,
    fewestProven: kept.proven,
    ...differencesBetween(request, groups),
    objective: judge(model, places),
    ...explained(request, rules, groups),
    run: { seed: options.seed, steps: kept.steps },
  };
};

const explained = (request: FormRequest, rules: readonly Rule[], groups: readonly FormedGroup[]): { bent: BentRule[]; notes: Message[] } => ({
  bent: explainBent(request, rules, brokenRules(request, rules, groups)),
  notes: explainNotes(request, groups),
});

const differencesBetween = ({ people, current }: RegroupRequest, groups: readonly FormedGroup[]): Pick<Regrouped, 'moves' | 'arrived' | 'missing'> => {
  const before = new Map(current.flatMap(({ id, people: members }) => members.map((person) => [person, id] as const)));
  const here = new Set(people.map(({ id }) => id));
  const now = groups.flatMap(({ id, people: members }) => members.map((person) => ({ person, from: before.get(person), to: id })));
  return {
    moves: now.flatMap(({ person, from, to }) => (from !== undefined && from !== to ? [{ person, from, to }] : [])),
    arrived: now.filter(({ from }) => from === undefined).map(({ person }) => person),
    missing: [...before.keys()].filter((person) => !here.has(person)),
  };
};

/** By place in `people`: the group that each was in, or -1. A group that is no more is nobody's home. */
const homesOf = ({ people, groups, current }: RegroupRequest): Int32Array => {
  const indexOf = new Map(groups.map(({ id }, index) => [id, index]));
  const homes = new Map(current.flatMap(({ id, people: members }) => members.map((person) => [person, indexOf.get(id) ?? -1] as const)));
  return Int32Array.from(people, ({ id }) => homes.get(id) ?? -1);
};

export type Kept = { readonly groupOf: ArrayLike<number>; readonly proven: boolean; readonly steps: number };

/** The arrangement that keeps the rules with the fewest people away from home, and among those the best found; none when the rules cannot hold. */
export const keepMost = ({ problem, units }: Compiled, homes: Int32Array, { seed, steps = USUAL_STEPS }: RegroupOptions): Kept | undefined => {
  const homebound = withHomes(problem, units.members, homes);
  const random = seededRandom(seed);
  const start = randomStart(homebound, random);
  units.members.forEach((members, unit) => {
    const home = members.map((place) => homes[place] as number).find((group) => group >= 0);
    if (home !== undefined) start[unit] = home;
  });
  let found = improve(homebound, start, { seed, steps });
  if (found.penalty >= MUST) {
    const decision = settle(homebound);
    if (!decision.feasible) return undefined;
    found = improve(homebound, Int32Array.from(decision.groupOf), { seed, steps });
  }
  return proveFewest(homebound, found, { seed, steps });
};

type Improved = { readonly groupOf: Int32Array; readonly penalty: number; readonly steps: number };

const improve = (problem: Problem, start: Int32Array, { seed, steps }: Required<RegroupOptions>): Improved => {
  const scale = problem.together.reduce((sum, gain) => sum + Math.abs(gain), 0) / Math.max(1, problem.units ** 2);
  let best: Improved = { groupOf: start, penalty: Infinity, steps: 0 };
  for (const found of new IteratedSearch(problem, seededRandom(seed), start, scale || 1).run()) {
    best = found;
    if (found.steps >= steps) break;
  }
  return best;
};

const withHomes = (problem: Problem, members: readonly (readonly number[])[], homes: Int32Array): Problem => {
  const barred = problem.rules.barred?.slice() ?? new Float64Array(problem.units * problem.groups);
  members.forEach((places, unit) => {
    for (const place of places) {
      const home = homes[place] as number;
      for (let group = 0; home >= 0 && group < problem.groups; group += 1) {
        const at = unit * problem.groups + group;
        if (group !== home) barred[at] = (barred[at] as number) + CHANGE;
      }
    }
  });
  return { ...problem, rules: { ...problem.rules, barred } };
};

/** Asks for fewer moves, one at a time from none, until some are found or none can be. */
const proveFewest = (problem: Problem, found: Improved, options: Required<RegroupOptions>): Kept => {
  const changesIn = (groupOf: ArrayLike<number>): number => {
    let sum = 0;
    for (let unit = 0; unit < problem.units; unit += 1) {
      const barred = problem.rules.barred?.[unit * problem.groups + (groupOf[unit] as number)] as number;
      sum += Math.floor((barred % MUST) / CHANGE);
    }
    return sum;
  };
  const most = changesIn(found.groupOf);
  for (let fewer = 0; fewer < most; fewer += 1) {
    const decision = decide(problem, NODES_TO_PROVE, { changes: { costs: (unit, group) => Math.floor(((problem.rules.barred?.[unit * problem.groups + group] as number) % MUST) / CHANGE), most: fewer } });
    if (decision.feasible === undefined) return { groupOf: found.groupOf, proven: false, steps: found.steps };
    if (decision.feasible) return { groupOf: improve(problem, Int32Array.from(decision.groupOf), options).groupOf, proven: true, steps: found.steps };
  }
  return { groupOf: found.groupOf, proven: true, steps: found.steps };
};
