import { MUST, type Problem } from './problem.js';

/**
 * Units in groups, with what is needed to judge a change at once: `gains[g][u]`, the sum of gains of unit u with the members
 * of group g, makes a swap an O(1) test and an O(n) update (SCIENCE: D[i][b] - D[i][a] + D[j][a] - D[j][b] - 2 d_ij).
 * Penalties by pair and by place are kept in the same way; those of whole groups (sizes, lone members, speech) are counted.
 */
export class Arrangement {
  readonly groupOf: Int32Array;
  /** groups x units: gain of a unit with a group. */
  readonly gains: Float64Array;
  /** Members by group, `width` places each, of which the first `count` are used. */
  readonly members: Int32Array;
  readonly count: Int32Array;
  /** People (not units) by group. */
  readonly people: Int32Array;
  readonly width: number;
  readonly ruled: boolean;
  value = 0;
  penalty = 0;
  private readonly placeOf: Int32Array;
  private readonly clashes: Float64Array | undefined;
  private readonly loneCounts: Int32Array | undefined;
  private readonly users: Int32Array | undefined;
  private readonly openers: Int32Array | undefined;
  private readonly groupPenalty: Float64Array;

  constructor(readonly problem: Problem) {
    const { units, groups, rules } = problem;
    this.width = units;
    this.groupOf = new Int32Array(units);
    this.placeOf = new Int32Array(units);
    this.gains = new Float64Array(groups * units);
    this.members = new Int32Array(groups * units);
    this.count = new Int32Array(groups);
    this.people = new Int32Array(groups);
    this.clashes = rules.clash || rules.barred ? new Float64Array(groups * units) : undefined;
    this.loneCounts = rules.lone && new Int32Array(groups * rules.lone.columns);
    this.users = rules.speech && new Int32Array(groups * rules.speech.channels);
    this.openers = rules.speech && new Int32Array(groups * rules.speech.channels);
    this.groupPenalty = new Float64Array(groups);
    this.ruled = Boolean(this.clashes || this.loneCounts || this.users) || problem.sizeOf.some((size) => size !== 1);
  }

  /** Takes over a whole assignment; O(units x units). */
  load(groupOf: ArrayLike<number>): void {
    const { units, groups, together, placing, sizeOf, rules } = this.problem;
    this.count.fill(0);
    this.people.fill(0);
    this.gains.fill(0);
    this.clashes?.fill(0);
    this.loneCounts?.fill(0);
    this.users?.fill(0);
    this.openers?.fill(0);
    for (let group = 0; group < groups; group += 1) {
      for (let unit = 0; unit < units; unit += 1) {
        if (placing) this.gains[group * units + unit] = placing[unit * groups + group] as number;
        if (this.clashes && rules.barred) this.clashes[group * units + unit] = rules.barred[unit * groups + group] as number;
      }
    }
    for (let unit = 0; unit < units; unit += 1) {
      const group = groupOf[unit] as number;
      this.groupOf[unit] = group;
      this.place(unit, group);
      this.people[group] = (this.people[group] as number) + (sizeOf[unit] as number);
      this.count_(unit, group, 1);
      addRow(this.gains, group * units, together, unit * units, units);
      if (this.clashes && rules.clash) addRow(this.clashes, group * units, rules.clash, unit * units, units);
    }
    this.settle();
  }

  /** Sums value and penalty anew, so that rounding does not pile up over millions of changes. */
  settle(): void {
    const { units, groups, placing, rules } = this.problem;
    let twice = 0;
    let clashes = 0;
    for (let unit = 0; unit < units; unit += 1) {
      const group = this.groupOf[unit] as number;
      const own = placing ? (placing[unit * groups + group] as number) : 0;
      twice += (this.gains[group * units + unit] as number) + own;
      if (this.clashes) {
        const barred = rules.barred ? (rules.barred[unit * groups + group] as number) : 0;
        clashes += (this.clashes[group * units + unit] as number) + barred;
      }
    }
    this.value = twice / 2;
    this.penalty = clashes / 2 + (rules.base ?? 0);
    for (let group = 0; group < groups; group += 1) {
      this.groupPenalty[group] = this.penaltyOfGroup(group, -1, -1);
      this.penalty += this.groupPenalty[group] as number;
    }
  }

  gainOfMove(unit: number, to: number): number {
    const { units } = this.problem;
    return (this.gains[to * units + unit] as number) - (this.gains[(this.groupOf[unit] as number) * units + unit] as number);
  }

  gainOfSwap(one: number, other: number): number {
    const { units, together } = this.problem;
    const { gains, groupOf } = this;
    const a = (groupOf[one] as number) * units;
    const b = (groupOf[other] as number) * units;
    return (gains[b + one] as number) - (gains[a + one] as number) + (gains[a + other] as number) - (gains[b + other] as number) - 2 * (together[one * units + other] as number);
  }

  /** What a move adds to the penalty; negative when it mends. */
  penaltyOfMove(unit: number, to: number): number {
    const { units } = this.problem;
    const from = this.groupOf[unit] as number;
    const pairs = this.clashes ? (this.clashes[to * units + unit] as number) - (this.clashes[from * units + unit] as number) : 0;
    return pairs + this.penaltyOfGroup(from, unit, -1) - (this.groupPenalty[from] as number) + this.penaltyOfGroup(to, -1, unit) - (this.groupPenalty[to] as number);
  }

  penaltyOfSwap(one: number, other: number): number {
    if (!this.ruled) return 0;
    const { units, rules } = this.problem;
    const a = this.groupOf[one] as number;
    const b = this.groupOf[other] as number;
    let sum = 0;
    if (this.clashes) {
      const { clashes } = this;
      sum = (clashes[b * units + one] as number) - (clashes[a * units + one] as number) + (clashes[a * units + other] as number) - (clashes[b * units + other] as number);
      if (rules.clash) sum -= 2 * (rules.clash[one * units + other] as number);
    }
    return sum + this.penaltyOfGroup(a, one, other) - (this.groupPenalty[a] as number) + this.penaltyOfGroup(b, other, one) - (this.groupPenalty[b] as number);
  }

  move(unit: number, to: number): void {
    const from = this.groupOf[unit] as number;
    this.value += this.gainOfMove(unit, to);
    this.penalty += this.penaltyOfMove(unit, to);
    this.shift(unit, from, to);
    this.groupPenalty[from] = this.penaltyOfGroup(from, -1, -1);
    this.groupPenalty[to] = this.penaltyOfGroup(to, -1, -1);
  }

  swap(one: number, other: number): void {
    const a = this.groupOf[one] as number;
    const b = this.groupOf[other] as number;
    this.value += this.gainOfSwap(one, other);
    this.penalty += this.penaltyOfSwap(one, other);
    this.shift(one, a, b);
    this.shift(other, b, a);
    this.groupPenalty[a] = this.penaltyOfGroup(a, -1, -1);
    this.groupPenalty[b] = this.penaltyOfGroup(b, -1, -1);
  }

  /** The penalty of sizes, lone members and speech, were `leaving` gone and `joining` there (-1: nobody). */
  private penaltyOfGroup(group: number, leaving: number, joining: number): number {
    const { sizeOf, smallest, largest, rules } = this.problem;
    const people = (this.people[group] as number) - (leaving < 0 ? 0 : (sizeOf[leaving] as number)) + (joining < 0 ? 0 : (sizeOf[joining] as number));
    const over = people - (largest[group] as number);
    const under = (smallest[group] as number) - people;
    let sum = MUST * (over > 0 ? over : under > 0 ? under : 0);
    if (rules.lone) sum += this.lonePenalty(group, leaving, joining);
    if (rules.speech && people > 0) sum += this.speechPenalty(group, leaving, joining, people);
    return sum;
  }

  private lonePenalty(group: number, leaving: number, joining: number): number {
    const { lone } = this.problem.rules;
    if (!lone || !this.loneCounts) return 0;
    const { columns, counts, weights, needed } = lone;
    let sum = 0;
    for (let column = 0; column < columns; column += 1) {
      const left = leaving < 0 ? 0 : (counts[leaving * columns + column] as number);
      const joined = joining < 0 ? 0 : (counts[joining * columns + column] as number);
      const there = (this.loneCounts[group * columns + column] as number) - left + joined;
      if (there === 1) sum += weights[column] as number;
      else if (there === 0 && needed[column] === 1) sum += 2 * (weights[column] as number);
    }
    return sum;
  }

  /** How many people are left out in the channel that leaves out fewest. */
  private speechPenalty(group: number, leaving: number, joining: number, people: number): number {
    const { speech } = this.problem.rules;
    if (!speech || !this.users || !this.openers) return 0;
    const { channels, open } = speech;
    let most = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      const at = group * channels + channel;
      let opened = (open[at] as number) + (this.openers[at] as number);
      let users = this.users[at] as number;
      if (leaving >= 0) {
        opened -= speech.openers[leaving * channels + channel] as number;
        users -= speech.users[leaving * channels + channel] as number;
      }
      if (joining >= 0) {
        opened += speech.openers[joining * channels + channel] as number;
        users += speech.users[joining * channels + channel] as number;
      }
      if (opened > 0 && users > most) most = users;
    }
    return speech.weight * (people - most);
  }

  private shift(unit: number, from: number, to: number): void {
    const { units, together, sizeOf, rules } = this.problem;
    shiftRow(this.gains, from * units, to * units, together, unit * units, units);
    if (this.clashes && rules.clash) shiftRow(this.clashes, from * units, to * units, rules.clash, unit * units, units);
    const last = this.members[from * this.width + (this.count[from] as number) - 1] as number;
    const place = this.placeOf[unit] as number;
    this.members[from * this.width + place] = last;
    this.placeOf[last] = place;
    this.count[from] = (this.count[from] as number) - 1;
    this.groupOf[unit] = to;
    this.place(unit, to);
    this.people[from] = (this.people[from] as number) - (sizeOf[unit] as number);
    this.people[to] = (this.people[to] as number) + (sizeOf[unit] as number);
    this.count_(unit, from, -1);
    this.count_(unit, to, 1);
  }

  private place(unit: number, group: number): void {
    const place = this.count[group] as number;
    this.members[group * this.width + place] = unit;
    this.placeOf[unit] = place;
    this.count[group] = place + 1;
  }

  private count_(unit: number, group: number, sign: number): void {
    const { lone, speech } = this.problem.rules;
    if (lone && this.loneCounts) addScaled(this.loneCounts, group * lone.columns, lone.counts, unit * lone.columns, lone.columns, sign);
    if (!speech || !this.users || !this.openers) return;
    addScaled(this.users, group * speech.channels, speech.users, unit * speech.channels, speech.channels, sign);
    addScaled(this.openers, group * speech.channels, speech.openers, unit * speech.channels, speech.channels, sign);
  }
}

const addRow = (target: Float64Array, at: number, source: Float64Array, from: number, length: number): void => {
  for (let index = 0; index < length; index += 1) target[at + index] = (target[at + index] as number) + (source[from + index] as number);
};

const shiftRow = (target: Float64Array, minus: number, plus: number, source: Float64Array, from: number, length: number): void => {
  for (let index = 0; index < length; index += 1) {
    const amount = source[from + index] as number;
    target[minus + index] = (target[minus + index] as number) - amount;
    target[plus + index] = (target[plus + index] as number) + amount;
  }
};

const addScaled = (target: Int32Array, at: number, source: Int32Array, from: number, length: number, sign: number): void => {
  for (let index = 0; index < length; index += 1) target[at + index] = (target[at + index] as number) + sign * (source[from + index] as number);
};
