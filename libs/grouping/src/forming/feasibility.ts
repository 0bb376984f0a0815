import { seededRandom } from '../random.js';
import type { Stop } from '../search/budget.js';
import { IteratedSearch } from '../search/iterated-search.js';
import { MUST, type Problem } from '../search/problem.js';
import { randomStart } from '../search/start.js';

export type Decision = { readonly feasible: true; readonly groupOf: Int32Array } | { readonly feasible: false } | { readonly feasible: undefined };

const NEVER: Stop = () => false;
/** Between two looks at whether to stop. */
const NODES_A_LOOK = 64;

/** Arrangements looked at before the question is left open. */
export const USUAL_NODES = 30_000;

/**
 * Whether all rules that must hold can hold at once: depth-first over units, the hardest to place first, with a memory of
 * states that failed. A state forgets who is where and keeps what the rest depends on (sizes, counts up to two, common
 * channels, units still barred), sorted over groups that are alike: so neither people nor groups that are alike are tried twice.
 */
export const decide = (problem: Problem, nodes = USUAL_NODES, { changes, stop = NEVER }: { readonly changes?: Changes; readonly stop?: Stop } = {}): Decision => {
  if ((problem.rules.base ?? 0) >= MUST) return { feasible: false };
  return new Decider(problem, nodes, { changes, stop }).decide();
};

/** What a unit in a group costs in people who change groups, and the most that all may cost together. */
export type Changes = { readonly costs: (unit: number, group: number) => number; readonly most: number };

const QUICK_NODES = 2_000;
const SEARCHED_STEPS = 300_000;

/** The same question, put to a short proof, then to a search, then to a long proof: each settles what the others find hard. */
export const settle = (problem: Problem, stop: Stop = NEVER): Decision => {
  const quick = decide(problem, QUICK_NODES, { stop });
  if (quick.feasible !== undefined) return quick;
  const random = seededRandom(1);
  for (const found of new IteratedSearch(problem, random, randomStart(problem, random), 1).run()) {
    if (found.penalty < MUST) return { feasible: true, groupOf: found.groupOf };
    if (found.steps >= SEARCHED_STEPS || stop()) break;
  }
  return decide(problem, USUAL_NODES, { stop });
};

class Decider {
  private readonly order: number[];
  private readonly groupOf: Int32Array;
  private readonly people: Int32Array;
  private readonly counts: Int32Array;
  private readonly remaining: Int32Array;
  private readonly usable: Uint8Array;
  private readonly openers: Int32Array;
  private readonly openersLeft: Int32Array;
  private readonly blocked: Int32Array;
  private readonly mayJoin: Int32Array;
  private readonly mayKeepCompany: Int32Array;
  private readonly failed = new Set<string>();
  private readonly kindOf: number[];
  private readonly columns: number;
  private readonly channels: number;
  private peopleLeft: number;
  private changed = 0;
  private nodesLeft: number;

  constructor(
    private readonly problem: Problem,
    nodes: number,
    private readonly how: { readonly changes: Changes | undefined; readonly stop: Stop },
  ) {
    const { units, groups, rules } = problem;
    this.columns = rules.lone?.columns ?? 0;
    this.channels = rules.speech && rules.speech.weight >= MUST ? rules.speech.channels : 0;
    this.nodesLeft = nodes;
    this.groupOf = new Int32Array(units).fill(-1);
    this.people = new Int32Array(groups);
    this.counts = new Int32Array(groups * this.columns);
    this.remaining = new Int32Array(this.columns);
    this.usable = new Uint8Array(groups * this.channels).fill(1);
    this.openers = new Int32Array(groups * this.channels);
    this.openersLeft = new Int32Array(this.channels);
    this.blocked = new Int32Array(units * groups);
    this.mayJoin = new Int32Array(groups);
    this.mayKeepCompany = new Int32Array(groups * this.columns);
    this.peopleLeft = 0;
    for (let unit = 0; unit < units; unit += 1) this.leave(unit, 1);
    this.order = this.hardestFirst();
    this.kindOf = this.kindsOfGroups();
  }

  decide(): Decision {
    const found = this.search(0);
    if (found) return { feasible: true, groupOf: this.groupOf };
    return { feasible: this.nodesLeft > 0 ? false : undefined };
  }

  private search(depth: number): boolean {
    if (depth === this.order.length) return this.isComplete();
    if (!this.canStillFill() || !this.allCanBePlaced(depth)) return false;
    const state = this.stateAt(depth);
    if (this.failed.has(state)) return false;
    const unit = this.order[depth] as number;
    for (const group of this.candidates(unit)) {
      if (this.nodesLeft <= 0) return false;
      this.nodesLeft -= 1;
      if (this.nodesLeft % NODES_A_LOOK === 0 && this.how.stop()) this.nodesLeft = 0;
      const kept = this.usable.slice(group * this.channels, (group + 1) * this.channels);
      this.put(unit, group);
      if (this.canTalk(group) && this.search(depth + 1)) return true;
      this.take(unit, group);
      this.usable.set(kept, group * this.channels);
    }
    if (this.nodesLeft > 0) this.failed.add(state);
    return false;
  }

  /** Groups that a unit may join, the most promising first. */
  private candidates(unit: number): number[] {
    const { groups, largest, smallest } = this.problem;
    const scored: { group: number; score: number }[] = [];
    for (let group = 0; group < groups; group += 1) {
      if (!this.isOpenTo(unit, group)) continue;
      const people = this.people[group] as number;
      let score = (smallest[group] as number) - people > 0 ? 1 : 0;
      score += ((largest[group] as number) - people) / (largest[group] as number);
      score -= 100 * this.changesOf(unit, group);
      score += this.loneScore(unit, group) + this.speechScore(unit, group);
      scored.push({ group, score });
    }
    return scored.sort((a, b) => b.score - a.score || a.group - b.group).map(({ group }) => group);
  }

  /** Whether everybody not yet placed still has a group that is open to them, and each group enough people who may still come. */
  private allCanBePlaced(depth: number): boolean {
    const { groups, sizeOf, smallest, rules } = this.problem;
    this.mayJoin.fill(0);
    this.mayKeepCompany.fill(0);
    for (let later = depth; later < this.order.length; later += 1) {
      const unit = this.order[later] as number;
      let open = 0;
      for (let group = 0; group < groups; group += 1) {
        if (!this.isOpenTo(unit, group)) continue;
        open += 1;
        this.mayJoin[group] = (this.mayJoin[group] as number) + (sizeOf[unit] as number);
        for (let column = 0; rules.lone && column < this.columns; column += 1) {
          const at = group * this.columns + column;
          this.mayKeepCompany[at] = (this.mayKeepCompany[at] as number) + (rules.lone.counts[unit * this.columns + column] as number);
        }
      }
      if (open === 0) return false;
    }
    for (let group = 0; group < groups; group += 1) {
      if ((this.people[group] as number) + (this.mayJoin[group] as number) < (smallest[group] as number)) return false;
      for (let column = 0; rules.lone && column < this.columns; column += 1) {
        if ((rules.lone.weights[column] as number) < MUST) continue;
        const there = this.counts[group * this.columns + column] as number;
        const coming = this.mayKeepCompany[group * this.columns + column] as number;
        if ((there === 1 && coming < 1) || (rules.lone.needed[column] === 1 && there + coming < 2)) return false;
      }
    }
    return true;
  }

  private changesOf(unit: number, group: number): number {
    return this.how.changes?.costs(unit, group) ?? 0;
  }

  private isOpenTo(unit: number, group: number): boolean {
    const { groups, largest, sizeOf, rules } = this.problem;
    if ((this.people[group] as number) + (sizeOf[unit] as number) > (largest[group] as number)) return false;
    if (this.how.changes && this.changed + this.changesOf(unit, group) > this.how.changes.most) return false;
    if ((this.blocked[unit * groups + group] as number) > 0) return false;
    if (rules.barred && (rules.barred[unit * groups + group] as number) >= MUST) return false;
    return this.couldTalk(unit, group);
  }

  private couldTalk(unit: number, group: number): boolean {
    const { speech } = this.problem.rules;
    if (!speech || this.channels === 0) return true;
    for (let channel = 0; channel < this.channels; channel += 1) {
      const at = group * this.channels + channel;
      if (this.usable[at] === 0 || speech.users[unit * this.channels + channel] !== this.problem.sizeOf[unit]) continue;
      if (speech.open[at] === 1 || (this.openers[at] as number) > 0 || (this.openersLeft[channel] as number) > 0) return true;
    }
    return false;
  }

  private loneScore(unit: number, group: number): number {
    const { lone } = this.problem.rules;
    let score = 0;
    for (let column = 0; lone && column < this.columns; column += 1) {
      if ((lone.counts[unit * this.columns + column] as number) === 0) continue;
      const there = this.counts[group * this.columns + column] as number;
      score += there === 1 ? 4 : there > 1 ? 1 : 0;
    }
    return score;
  }

  private speechScore(unit: number, group: number): number {
    const { speech } = this.problem.rules;
    let common = 0;
    let kept = 0;
    for (let channel = 0; speech && channel < this.channels; channel += 1) {
      if (this.usable[group * this.channels + channel] === 0) continue;
      common += 1;
      if (speech.users[unit * this.channels + channel] === this.problem.sizeOf[unit]) kept += 1;
    }
    return common === 0 ? 0 : (3 * kept) / common;
  }

  private canTalk(group: number): boolean {
    const { speech } = this.problem.rules;
    if (!speech || this.channels === 0) return true;
    for (let channel = 0; channel < this.channels; channel += 1) {
      const at = group * this.channels + channel;
      if (this.usable[at] === 1 && (speech.open[at] === 1 || (this.openers[at] as number) > 0 || (this.openersLeft[channel] as number) > 0)) return true;
    }
    return false;
  }

  /** Whether those not yet placed can still bring every group to its smallest size and every lone member a companion. */
  private canStillFill(): boolean {
    const { groups, smallest, largest, rules } = this.problem;
    let lacking = 0;
    let room = 0;
    for (let group = 0; group < groups; group += 1) {
      const people = this.people[group] as number;
      lacking += Math.max(0, (smallest[group] as number) - people);
      room += (largest[group] as number) - people;
    }
    if (lacking > this.peopleLeft || room < this.peopleLeft) return false;
    for (let column = 0; rules.lone && column < this.columns; column += 1) {
      if ((rules.lone.weights[column] as number) < MUST) continue;
      if (this.loneLacking(column, rules.lone.needed[column] === 1) > (this.remaining[column] as number)) return false;
    }
    return true;
  }

  /** Companions that lone members of a column still need; beyond all measure where a full group has one. */
  private loneLacking(column: number, needed: boolean): number {
    const { groups, largest } = this.problem;
    let lacking = 0;
    for (let group = 0; group < groups; group += 1) {
      const there = this.counts[group * this.columns + column] as number;
      const missing = there === 1 ? 1 : there === 0 && needed ? 2 : 0;
      if (missing > (largest[group] as number) - (this.people[group] as number)) return Infinity;
      lacking += missing;
    }
    return lacking;
  }

  private isComplete(): boolean {
    for (let group = 0; group < this.problem.groups; group += 1) {
      if ((this.people[group] as number) < (this.problem.smallest[group] as number)) return false;
    }
    return this.canStillFill() && this.allCanTalk();
  }

  private allCanTalk(): boolean {
    for (let group = 0; group < this.problem.groups; group += 1) if (!this.canTalk(group)) return false;
    return true;
  }

  private stateAt(depth: number): string {
    const { groups } = this.problem;
    const parts: string[] = [];
    for (let group = 0; group < groups; group += 1) {
      let part = `${this.kindOf[group]}:${this.people[group]}:`;
      for (let column = 0; column < this.columns; column += 1) part += Math.min(2, this.counts[group * this.columns + column] as number);
      part += ':';
      for (let channel = 0; channel < this.channels; channel += 1) {
        const at = group * this.channels + channel;
        part += this.usable[at] === 0 ? 0 : (this.openers[at] as number) > 0 ? 2 : 1;
      }
      part += ':';
      for (let later = depth; later < this.order.length; later += 1) {
        const unit = this.order[later] as number;
        if ((this.blocked[unit * groups + group] as number) > 0) part += `${later},`;
      }
      parts.push(part);
    }
    return `${depth}|${this.changed}|${parts.sort().join('|')}`;
  }

  private put(unit: number, group: number): void {
    const { speech } = this.problem.rules;
    this.leave(unit, -1);
    this.enter(unit, group, 1);
    for (let channel = 0; speech && channel < this.channels; channel += 1) {
      if (speech.users[unit * this.channels + channel] !== this.problem.sizeOf[unit]) this.usable[group * this.channels + channel] = 0;
    }
  }

  private take(unit: number, group: number): void {
    this.enter(unit, group, -1);
    this.leave(unit, 1);
  }

  private enter(unit: number, group: number, sign: number): void {
    const { units, groups, sizeOf, rules } = this.problem;
    this.groupOf[unit] = sign > 0 ? group : -1;
    this.changed += sign * this.changesOf(unit, group);
    this.people[group] = (this.people[group] as number) + sign * (sizeOf[unit] as number);
    for (let column = 0; rules.lone && column < this.columns; column += 1) {
      const at = group * this.columns + column;
      this.counts[at] = (this.counts[at] as number) + sign * (rules.lone.counts[unit * this.columns + column] as number);
    }
    for (let channel = 0; rules.speech && channel < this.channels; channel += 1) {
      const at = group * this.channels + channel;
      this.openers[at] = (this.openers[at] as number) + sign * (rules.speech.openers[unit * this.channels + channel] as number);
    }
    for (let other = 0; rules.clash && other < units; other += 1) {
      if ((rules.clash[unit * units + other] as number) < MUST / 2) continue;
      this.blocked[other * groups + group] = (this.blocked[other * groups + group] as number) + sign;
    }
  }

  /** Adds a unit to those not yet placed, or takes it from them. */
  private leave(unit: number, sign: number): void {
    const { sizeOf, rules } = this.problem;
    this.peopleLeft += sign * (sizeOf[unit] as number);
    for (let column = 0; rules.lone && column < this.columns; column += 1) {
      this.remaining[column] = (this.remaining[column] as number) + sign * (rules.lone.counts[unit * this.columns + column] as number);
    }
    for (let channel = 0; rules.speech && channel < this.channels; channel += 1) {
      this.openersLeft[channel] = (this.openersLeft[channel] as number) + sign * (rules.speech.openers[unit * this.channels + channel] as number);
    }
  }

  private hardestFirst(): number[] {
    const { units, groups, sizeOf, rules } = this.problem;
    const hardness = Array.from({ length: units }, (_, unit) => {
      let hard = 4 * ((sizeOf[unit] as number) - 1);
      for (let group = 0; rules.barred && group < groups; group += 1) if ((rules.barred[unit * groups + group] as number) >= MUST) hard += 2;
      for (let other = 0; rules.clash && other < units; other += 1) if ((rules.clash[unit * units + other] as number) >= MUST / 2) hard += 2;
      return hard + this.strangersTo(unit) / units;
    });
    const signature = Array.from({ length: units }, (_, unit) => this.signatureOf(unit));
    return Array.from({ length: units }, (_, unit) => unit).sort(
      (a, b) => (hardness[b] as number) - (hardness[a] as number) || compare(signature[a] as string, signature[b] as string) || a - b,
    );
  }

  /** How many others share no channel with a unit. */
  private strangersTo(unit: number): number {
    const { units, sizeOf, rules } = this.problem;
    const uses = (one: number, channel: number): boolean => rules.speech?.users[one * this.channels + channel] === sizeOf[one];
    const channels = Array.from({ length: this.channels }, (_, channel) => channel).filter((channel) => uses(unit, channel));
    let strangers = 0;
    for (let other = 0; this.channels > 0 && other < units; other += 1) if (!channels.some((channel) => uses(other, channel))) strangers += 1;
    return strangers;
  }

  private signatureOf(unit: number): string {
    const { rules, sizeOf } = this.problem;
    const users = rules.speech?.users.slice(unit * this.channels, (unit + 1) * this.channels) ?? [];
    const counts = rules.lone?.counts.slice(unit * this.columns, (unit + 1) * this.columns) ?? [];
    return `${sizeOf[unit]}|${Array.from(users).join('')}|${Array.from(counts).join('')}`;
  }

  private kindsOfGroups(): number[] {
    const { units, groups, smallest, largest, rules } = this.problem;
    const kinds = new Map<string, number>();
    return Array.from({ length: groups }, (_, group) => {
      const open = rules.speech?.open.slice(group * this.channels, (group + 1) * this.channels) ?? [];
      const barred = rules.barred ? Array.from({ length: units }, (__, unit) => ((rules.barred?.[unit * groups + group] as number) >= MUST ? 1 : 0)) : [];
      const kind = this.how.changes ? String(group) : `${smallest[group]}|${largest[group]}|${Array.from(open).join('')}|${barred.join('')}`;
      if (!kinds.has(kind)) kinds.set(kind, kinds.size);
      return kinds.get(kind) as number;
    });
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
