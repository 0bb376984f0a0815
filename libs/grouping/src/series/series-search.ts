import { encounterGain, pairWeights, timesMet } from '../forming/encounters.js';
import { pairsWithin } from '../forming/bounds.js';
import { settle } from '../forming/feasibility.js';
import { keepMost } from '../regrouping/regroup.js';
import type { Random } from '../random.js';
import { IteratedSearch } from '../search/iterated-search.js';
import { MUST, type Problem } from '../search/problem.js';
import { randomStart } from '../search/start.js';
import { SERIES_WEIGHTS, type SeriesRequest } from './series-request.js';
import type { Sitting, Worth } from './sitting.js';

/** What a squared excess of exposure to large groups costs, beside an encounter that costs 1. */
const EXPOSURE = 0.5;
/** Rounds without a better plan before the search goes back to the best. */
const PATIENCE = 40;

export type SeriesFound = { steps: number; value: number };

/** Whose rules cannot hold. */
export class CannotSit extends Error {
  constructor(readonly sitting: Sitting) {
    super(`no groups for ${sitting.activity.id}`);
  }
}

/**
 * Groups of all activities together: first one after the other, each with the encounters before it; then again and again one
 * activity is shaken and formed anew with all the others as they stand (SCIENCE 3.2, 3: joint improvement across sessions).
 */
export class SeriesSearch {
  readonly met: Float64Array;
  readonly found: SeriesFound = { steps: 0, value: 0 };
  private readonly weights: Float64Array;
  private readonly exposure: Float64Array;
  private readonly factor: number;
  private readonly people: number;
  private value = 0;

  constructor(
    series: SeriesRequest,
    private readonly open: readonly Sitting[],
    private readonly random: Random,
  ) {
    this.people = series.people.length;
    this.met = timesMet(series.people, series.met);
    this.weights = pairWeights(series.people, series.acrossSides);
    this.exposure = new Float64Array(this.people);
    const pairs = open.reduce((sum, { sizes }) => sum + pairsWithin(sizes), 0) / Math.max(1, open.length);
    const mean = this.weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, this.people * (this.people - 1));
    this.factor = (series.weights?.encounters ?? SERIES_WEIGHTS.encounters) / Math.max(1e-9, pairs * mean);
  }

  /** Counts the encounters of a sitting in (1) or out (-1). */
  count(sitting: Sitting, sign: 1 | -1): void {
    for (const members of sitting.members) {
      members.forEach((one, index) => {
        for (let at = index + 1; at < members.length; at += 1) this.add(sitting.placeOf[one] as number, sitting.placeOf[members[at] as number] as number, sign);
      });
    }
    sitting.groupOf.forEach((group, place) => {
      const person = sitting.placeOf[place] as number;
      this.exposure[person] = (this.exposure[person] as number) + sign * (sitting.excess[group] as number);
    });
  }

  private add(one: number, other: number, sign: number): void {
    this.met[one * this.people + other] = (this.met[one * this.people + other] as number) + sign;
    this.met[other * this.people + one] = (this.met[other * this.people + one] as number) + sign;
  }

  private readonly worth: Worth = {
    encounter: (one, other) => this.factor * (this.weights[one * this.people + other] as number) * encounterGain(this.met[one * this.people + other] as number),
    exposure: (person, excess) => -this.factor * EXPOSURE * excess * (2 * (this.exposure[person] as number) + excess),
  };

  /** Keeps the groups of an earlier plan with the fewest moves, and of those the best. */
  keep(sitting: Sitting, homes: Int32Array, seed: number): void {
    const problem = sitting.problemNow(this.worth);
    const kept = keepMost({ ...sitting.compiled, problem }, homes, { seed });
    if (!kept) throw new CannotSit(sitting);
    sitting.seat(kept.groupOf);
    this.count(sitting, 1);
    this.found.steps += kept.steps;
  }

  /** Joint improvement, once everybody has a group: never ends by itself unless there is nothing to choose. */
  *run(exact?: (open: readonly Sitting[]) => boolean): Generator<SeriesFound, SeriesFound> {
    let best = this.remember();
    if (exact?.(this.open)) best = this.takeBetter(best);
    this.bestSoFar = best;
    yield this.found;
    // With one group, or one unit, no candidate is ever tried: steps would stand still and the search would not end.
    const choices = this.open.filter(({ compiled }) => compiled.problem.groups > 1 && compiled.problem.units > 1);
    for (let stale = 0; choices.length > 0; stale += 1) {
      const sitting = choices[this.random.below(choices.length)] as Sitting;
      this.reform(sitting);
      if (this.value > this.found.value + 1e-9) {
        this.found.value = this.value;
        best = this.remember();
        stale = 0;
      } else if (stale >= PATIENCE * this.open.length) {
        this.recall(best);
        this.value = this.found.value;
        stale = 0;
      }
      yield this.settleOn(best);
    }
    return this.found;
  }

  private bestSoFar: Int32Array[] = [];

  private settleOn(best: Int32Array[]): SeriesFound {
    this.bestSoFar = best;
    return this.found;
  }

  /** Puts the best plan in place; to be called when the search has ended. */
  finish(): void {
    if (this.bestSoFar.length > 0) this.recall(this.bestSoFar);
  }

  private remember(): Int32Array[] {
    return this.open.map(({ groupOf }) => groupOf.slice());
  }

  private recall(plan: readonly Int32Array[]): void {
    this.open.forEach((sitting, index) => {
      this.count(sitting, -1);
      sitting.groupOf = (plan[index] as Int32Array).slice();
      this.count(sitting, 1);
    });
  }

  /** After a construction has seated everybody anew: whichever plan is worth more is put in place. */
  private takeBetter(formed: Int32Array[]): Int32Array[] {
    const exact = this.remember();
    const worth = this.worthOf();
    this.recall(formed);
    if (this.worthOf() > worth) return formed;
    this.recall(exact);
    return exact;
  }

  /** What the whole plan is worth: likeness of groups, encounters (2m - m^2 a pair) and exposure to large groups; rules first. */
  private worthOf(): number {
    let sum = 0;
    for (const sitting of this.open) {
      const problem = sitting.problemNow({ encounter: () => 0, exposure: () => 0 });
      const { value, penalty } = new IteratedSearch(problem, this.random, sitting.unitGroups, 1).best;
      sum += value - penalty;
    }
    this.met.forEach((times, at) => (sum += (this.factor / 2) * (this.weights[at] as number) * times * (2 - times)));
    return this.exposure.reduce((left, excess) => left - this.factor * EXPOSURE * excess * excess, sum);
  }

  /** First groups of a sitting, with the encounters counted so far. */
  form(sitting: Sitting): void {
    const problem = sitting.problemNow(this.worth);
    let formed = this.search(problem, randomStart(problem, this.random), 2);
    if (formed.penalty >= MUST) {
      const decision = settle(problem);
      if (!decision.feasible) throw new CannotSit(sitting);
      formed = this.search(problem, Int32Array.from(decision.groupOf), 2);
    }
    sitting.seat(formed.groupOf);
    this.count(sitting, 1);
  }

  private reform(sitting: Sitting): void {
    this.count(sitting, -1);
    const problem = sitting.problemNow(this.worth);
    const before = sitting.unitGroups;
    const { value, penalty } = new IteratedSearch(problem, this.random, before, 1).best;
    const start = before.slice();
    const swaps = 1 + this.random.below(Math.max(1, problem.units >> 1));
    for (let swap = 0; swap < swaps; swap += 1) {
      const one = this.random.below(problem.units);
      const other = this.random.below(problem.units);
      [start[one], start[other]] = [start[other] as number, start[one] as number];
    }
    const after = this.search(problem, start, 1);
    const slack = this.random.below(8) === 0 ? 2 * this.factor : 1e-9;
    if (after.penalty < penalty || (after.penalty === penalty && after.value >= value - slack)) {
      sitting.seat(after.groupOf);
      this.value += after.value - value;
    }
    this.count(sitting, 1);
  }

  private search(problem: Problem, start: Int32Array, effort: number): { groupOf: Int32Array; value: number; penalty: number } {
    const scale = this.factor || 1;
    const search = new IteratedSearch(problem, this.random, start, scale);
    const most = effort * Math.max(5_000, 4 * problem.units * problem.units);
    for (const best of search.run()) if (best.steps >= most) break;
    this.found.steps += search.best.steps;
    return search.best;
  }
}
