import type { Random } from '../random.js';
import { Arrangement } from './arrangement.js';
import { LocalSearch } from './local-search.js';
import type { Problem } from './problem.js';

/** The best arrangement so far; `groupOf` and the figures change in place as the search goes on. */
export type Found = { readonly groupOf: Int32Array; value: number; penalty: number; steps: number };

/** Between two looks at budget, clock and signal: about this many candidates . */
const STRIDE = 5_000;
/** Swaps by chance before each descent. */
const WEAK = 3;
/** Descents without a better one before groups are shaken hard, by as many swaps as a group has units. */
const PATIENCE = 30;
/** Shakings between two sums of value and penalty anew. */
const RESUM = 16;

/**
 * Iterated local search with weak and strong perturbation (iterated maxima search: Lai and Hao 2016, EJOR 254) for the maximally
 * diverse grouping problem, under rules that come first. Gives way after every stride, each time with the best so far, and
 * never ends by itself unless there is nothing to choose: the same seed and number of steps give the same groups.
 */
export class IteratedSearch {
  readonly best: Found;
  private readonly at: Arrangement;
  private readonly local: LocalSearch;
  private until = STRIDE;

  /** @param scale about the size of a gain, to tell rounding from improvement */
  constructor(
    private readonly problem: Problem,
    private readonly random: Random,
    start: Int32Array,
    private readonly scale: number,
  ) {
    this.at = new Arrangement(problem);
    this.at.load(start);
    this.local = new LocalSearch(this.at, scale);
    this.best = { groupOf: start.slice(), value: this.at.value, penalty: this.at.penalty, steps: 0 };
  }

  /** Goes on counting from a search before this one. */
  startAt(steps: number): void {
    this.local.steps = steps;
    this.best.steps = steps;
    this.until = steps + STRIDE;
  }

  *run(): Generator<Found, Found> {
    const { problem } = this;
    yield* this.descend();
    if (problem.groups < 2 || problem.units < 2) return this.best;
    const strong = Math.max(WEAK + 1, Math.round(problem.units / problem.groups));
    for (let shaken = 1; ; shaken += 1) {
      yield* this.climb();
      this.shake(strong);
      yield* this.descend();
      if (shaken % RESUM === 0) this.at.settle();
    }
  }

  /** Shakes a little and descends, keeping what is no worse, until patience is at an end. */
  private *climb(): Generator<Found, void> {
    const { at, local } = this;
    for (let stale = 0; stale < PATIENCE; stale += 1) {
      local.forget();
      const { value, penalty } = at;
      this.shake(WEAK);
      yield* this.descend();
      if (at.penalty > penalty || (at.penalty === penalty && at.value < value)) {
        local.takeBack();
        at.value = value;
        at.penalty = penalty;
      } else if (at.penalty < penalty || at.value > value + this.scale * 1e-9) stale = -1;
    }
    local.forget();
  }

  private shake(times: number): void {
    const { units } = this.problem;
    for (let time = 0; time < times; time += 1) {
      const one = this.random.below(units);
      const other = this.random.below(units);
      if (this.at.groupOf[one] !== this.at.groupOf[other]) this.local.swap(one, other);
    }
    this.local.steps += times;
  }

  private *descend(): Generator<Found, void> {
    while (this.local.descend(this.until)) {
      this.keep();
      this.until = this.local.steps + STRIDE;
      yield this.best;
    }
    this.keep();
    if (this.local.steps < this.until) return;
    this.until = this.local.steps + STRIDE;
    yield this.best;
  }

  private keep(): void {
    const { at, best } = this;
    best.steps = this.local.steps;
    if (at.penalty > best.penalty || (at.penalty === best.penalty && at.value <= best.value + this.scale * 1e-9)) return;
    best.value = at.value;
    best.penalty = at.penalty;
    best.groupOf.set(at.groupOf);
  }
}
