import { seededRandom, seedOfPart } from '../random.js';
import { Budget, checkOptions, drive, type RunRecord, type SearchOptions, type Stop } from '../search/budget.js';
import { IteratedSearch, type Found } from '../search/iterated-search.js';
import { MUST } from '../search/problem.js';
import { evenSizes, randomStart } from '../search/start.js';
import { brokenRules, type FormedGroup } from './broken-rules.js';
import { checkRequest } from './check-request.js';
import { compile, type Compiled } from './compile.js';
import { findConflict } from './conflict.js';
import { explainBent, explainNotes, type BentRule } from './explain.js';
import { decide, USUAL_NODES } from './feasibility.js';
import { describeRule, listed, sayRule, type Message } from './messages.js';
import { gainsOf, judge, modelObjective, type Objective } from './objective.js';
import type { FormRequest } from './request.js';
import { listRules, type Rule } from './rule-list.js';

export type Formed = {
  readonly outcome: 'formed';
  readonly groups: readonly FormedGroup[];
  readonly objective: Objective;
  /** Rules that should hold and do not, each with the reason. */
  readonly bent: readonly BentRule[];
  /** What else a person should know of these groups. */
  readonly notes: readonly Message[];
  readonly run: RunRecord;
};

export type NotFormed = {
  readonly outcome: 'infeasible';
  /** A smallest set of rules that cannot hold together. */
  readonly conflict: readonly Rule[];
  /** False where the question was too large to settle: then the set is the best guess. */
  readonly proven: boolean;
  readonly message: Message;
  readonly rules: readonly Message[];
  readonly run: RunRecord;
};

export type FormResult = Formed | NotFormed;

/** Candidates looked at for rules alone before, and after, it is asked whether they can hold at all; a budget smaller than this does not cut it. */
const STEPS_FOR_RULES = [20_000, 1_000_000] as const;
const NODES_AT_FIRST = 2_000;

/** Enough for what people see: two million, and ten looks at every pair. */
const usualSteps = (people: number): number => 2_000_000 + 10 * people * people;

/**
 * Forms groups for one activity: rules that must hold always hold, rules that should hold as far as they can, and then balance,
 * variety and new encounters are as good as the budget allows. Rules that cannot hold are named instead.
 *
 * @throws DomainError of kind `invalid` that names what is wrong with the request or the options
 */
export const formGroups = async (request: FormRequest, options: SearchOptions): Promise<FormResult> => {
  checkRequest(request);
  checkOptions(options);
  const budget = new Budget(options, usualSteps(request.people.length));
  const rules = listRules(request);
  const sizes = evenSizes(
    request.groups.map(({ min }) => min),
    request.groups.map(({ max }) => max),
    request.people.length,
  );
  const model = modelObjective(request, sizes);
  const compiled = compile(request, rules, gainsOf(model, sizes));
  const found = await search(compiled, options.seed, budget);
  const places = peopleOf(compiled, found.groupOf, request.groups.length);
  const groups = groupsOf(request, places);
  if (found.penalty >= MUST) return notFormed(request, rules, budget.record(found.steps), { stop: budget.stop, nearest: groups });
  const objective = judge(model, places);
  const broken = brokenRules(request, rules, groups);
  return { outcome: 'formed', groups, objective, bent: explainBent(request, rules, broken, budget.stop), notes: explainNotes(request, groups), run: budget.record(found.steps) };
};

/** First whatever keeps the rules, by search or else by proof; then the best of it. */
const search = async ({ problem }: Compiled, seed: number, budget: Budget): Promise<Found> => {
  const random = seededRandom(seed);
  const scale = problem.together.reduce((sum, gain) => sum + Math.abs(gain), 0) / Math.max(1, problem.units ** 2);
  const running = new IteratedSearch(problem, random, randomStart(problem, random), scale).run();
  let found: Found | undefined;
  for (const [attempt, steps] of STEPS_FOR_RULES.entries()) {
    found = await drive(running, budget, { enough: (best) => best.penalty < MUST || best.steps >= steps, atLeast: steps });
    if (found.penalty < MUST) return budget.isOver(found) ? found : drive(running, budget);
    const decision = decide(problem, attempt === 0 ? NODES_AT_FIRST : USUAL_NODES, { stop: budget.stop });
    if (decision.feasible === false) return found;
    if (decision.feasible) return improveFrom(decision.groupOf, found.steps);
  }
  return found as Found;

  async function improveFrom(start: Int32Array, steps: number): Promise<Found> {
    const second = new IteratedSearch(problem, seededRandom(seedOfPart(seed, 1)), start, scale);
    second.startAt(steps);
    return budget.isOver(second.best) ? second.best : drive(second.run(), budget);
  }
};

export const peopleOf = ({ units }: Compiled, groupOf: ArrayLike<number>, groups: number): number[][] => {
  const places: number[][] = Array.from({ length: groups }, () => []);
  units.unitOf.forEach((unit, place) => places[groupOf[unit] as number]?.push(place));
  return places;
};

export const groupsOf = ({ people, groups }: FormRequest, places: readonly (readonly number[])[]): FormedGroup[] =>
  places.map((members, group) => ({ id: groups[group]?.id ?? '', people: members.map((place) => people[place]?.id ?? '') }));

type Ended = { readonly stop?: Stop; /** The groups that came nearest to the rules. */ readonly nearest?: readonly FormedGroup[] };

export const notFormed = (request: FormRequest, rules: readonly Rule[], run: RunRecord, { stop = () => false, nearest }: Ended = {}): NotFormed => {
  const musts = rules.filter(({ strength }) => strength === 'must');
  const asked = findConflict(request, musts, stop);
  // Where there was no time to find out, what is known is which rules the nearest groups break.
  const conflict = !asked.proven && nearest && stop() ? { rules: brokenRules(request, musts, nearest).map(({ rule }) => rule), proven: false } : asked;
  const said = conflict.rules.map(sayRule);
  const sentence = !conflict.proven
    ? `No groups were found that keep these rules for these people: ${listed(said)}. Whether there are any is not known.`
    : said.length === 1
      ? `This cannot hold for these people and groups: ${listed(said)}.`
      : `These cannot all hold for these people and groups: ${listed(said)}.`;
  return {
    outcome: 'infeasible',
    conflict: conflict.rules,
    proven: conflict.proven,
    message: { code: conflict.proven ? 'RULES_CONFLICT' : 'RULES_CONFLICT_LIKELY', parameters: { people: request.people.length, groups: request.groups.length }, sentence },
    rules: conflict.rules.map(describeRule),
    run,
  };
};
