import { compile, gather, type Compiled } from '../forming/compile.js';
import { gainsOf, modelObjective, type ObjectiveModel } from '../forming/objective.js';
import type { FormRequest } from '../forming/request.js';
import { listRules, type Rule } from '../forming/rule-list.js';
import type { Problem } from '../search/problem.js';
import { evenSizes } from '../search/start.js';
import { requestOf, type SeriesActivity, type SeriesRequest } from './series-request.js';

/** One activity of a series, made ready: its own problem, and where its people stand in the whole. */
export class Sitting {
  readonly request: FormRequest;
  readonly rules: readonly Rule[];
  readonly sizes: readonly number[];
  readonly model: ObjectiveModel;
  readonly compiled: Compiled;
  /** Place in the series by place here. */
  readonly placeOf: Int32Array;
  /** How far each group's size is from the mean: what being in it adds to a person's exposure to large groups. */
  readonly excess: Float64Array;
  /** Group by place here; empty until there are groups. */
  groupOf: Int32Array;
  private readonly alike: Float64Array;

  constructor(
    readonly series: SeriesRequest,
    readonly activity: SeriesActivity,
    places: ReadonlyMap<string, number>,
  ) {
    this.request = requestOf(series, activity);
    this.rules = listRules(this.request);
    const { people, groups } = this.request;
    this.sizes = evenSizes(groups.map(({ min }) => min), groups.map(({ max }) => max), people.length);
    this.model = modelObjective(this.request, this.sizes);
    this.alike = gainsOf(this.model, this.sizes);
    this.compiled = compile(this.request, this.rules, this.alike);
    this.placeOf = Int32Array.from(people, ({ id }) => places.get(id) as number);
    const mean = people.length / groups.length;
    this.excess = Float64Array.from(this.sizes, (size) => size - mean);
    this.groupOf = new Int32Array(0);
  }

  /** The problem with new encounters, and a fair share of large groups, as they are worth now. */
  problemNow({ encounter, exposure }: Worth): Problem {
    const count = this.placeOf.length;
    const gains = this.alike.slice();
    for (let one = 0; one < count; one += 1) {
      for (let other = 0; other < count; other += 1) {
        if (one !== other) gains[one * count + other] = (gains[one * count + other] as number) + encounter(this.placeOf[one] as number, this.placeOf[other] as number);
      }
    }
    const { problem, units } = this.compiled;
    const uneven = this.excess.some((excess) => Math.abs(excess) > 1e-9);
    return { ...problem, together: gather(gains, units, count), placing: uneven ? this.placingNow(exposure) : undefined };
  }

  private placingNow(exposure: (place: number, excess: number) => number): Float64Array {
    const { units } = this.compiled;
    const groups = this.excess.length;
    const placing = new Float64Array(units.members.length * groups);
    units.members.forEach((members, unit) => {
      for (let group = 0; group < groups; group += 1) {
        placing[unit * groups + group] = members.reduce((sum, place) => sum + exposure(this.placeOf[place] as number, this.excess[group] as number), 0);
      }
    });
    return placing;
  }

  /** Group by unit of the problem. */
  get unitGroups(): Int32Array {
    return Int32Array.from(this.compiled.units.members, ([first]) => this.groupOf[first as number] as number);
  }

  seat(groupOfUnit: ArrayLike<number>): void {
    this.groupOf = Int32Array.from(this.compiled.units.unitOf, (unit) => groupOfUnit[unit] as number);
  }

  /** Places here by group. */
  get members(): number[][] {
    const members: number[][] = this.request.groups.map(() => []);
    this.groupOf.forEach((group, place) => members[group]?.push(place));
    return members;
  }
}

/** What an encounter of two people of the series is worth now, and what a group of so much more than mean size costs one. */
export type Worth = {
  readonly encounter: (one: number, other: number) => number;
  readonly exposure: (place: number, excess: number) => number;
};
