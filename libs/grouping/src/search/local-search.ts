import type { Arrangement } from './arrangement.js';

/** Gains below this are rounding, not improvement. */
const TINY = 1e-9;

/**
 * First-improvement descent over moves and swaps: a change is taken when it mends a rule, or breaks none and gains.
 * Only `restless` units are tried, those whose group has changed; a change makes both its groups restless.
 */
export class LocalSearch {
  readonly restless: Uint8Array;
  steps = 0;
  /** Changes since `forget`, as triples unit, other (-1: a move), group it came from: to be taken back in reverse. */
  private readonly log: number[] = [];
  private readonly flexible: boolean;
  private next = 0;
  private readonly tiny: number;

  constructor(readonly at: Arrangement, scale: number) {
    const { units, smallest, largest, sizeOf } = at.problem;
    this.restless = new Uint8Array(units).fill(1);
    this.flexible = smallest.some((size, group) => size !== largest[group]) || sizeOf.some((size) => size !== 1);
    this.tiny = TINY * Math.max(scale, 1e-300);
  }

  /** Goes on until about `steps` more candidates were tried; false when nothing is left to improve. */
  descend(until: number): boolean {
    const { units } = this.at.problem;
    let quiet = 0;
    while (quiet < units) {
      const unit = this.next;
      this.next = unit + 1 === units ? 0 : unit + 1;
      if (this.restless[unit] === 0) {
        quiet += 1;
        continue;
      }
      if (this.improve(unit)) quiet = 0;
      else {
        this.restless[unit] = 0;
        quiet += 1;
      }
      if (this.steps >= until) return true;
    }
    return false;
  }

  disturb(group: number): void {
    const { members, width, count } = this.at;
    const end = group * width + (count[group] as number);
    for (let place = group * width; place < end; place += 1) this.restless[members[place] as number] = 1;
  }

  swap(one: number, other: number): void {
    const a = this.at.groupOf[one] as number;
    const b = this.at.groupOf[other] as number;
    this.at.swap(one, other);
    this.log.push(one, other, a);
    this.disturb(a);
    this.disturb(b);
  }

  move(unit: number, to: number): void {
    const from = this.at.groupOf[unit] as number;
    this.at.move(unit, to);
    this.log.push(unit, -1, from);
    this.restless[unit] = 1;
    this.disturb(from);
    this.disturb(to);
  }

  forget(): void {
    this.log.length = 0;
  }

  /** Undoes every change since `forget`. */
  takeBack(): void {
    for (let index = this.log.length - 3; index >= 0; index -= 3) {
      const unit = this.log[index] as number;
      const other = this.log[index + 1] as number;
      if (other >= 0) this.at.swap(unit, other);
      else this.at.move(unit, this.log[index + 2] as number);
    }
    this.log.length = 0;
    this.restless.fill(0);
  }

  private improve(unit: number): boolean {
    const { problem, groupOf } = this.at;
    const from = groupOf[unit] as number;
    for (let to = 0; to < problem.groups; to += 1) {
      if (to === from) continue;
      if (this.flexible && this.tryMove(unit, to)) return true;
      if (this.trySwaps(unit, from, to)) return true;
    }
    return false;
  }

  private tryMove(unit: number, to: number): boolean {
    this.steps += 1;
    const gain = this.at.gainOfMove(unit, to);
    if (gain <= this.tiny && this.at.penalty === 0) return false;
    const penalty = this.at.penaltyOfMove(unit, to);
    if (penalty > 0 || (penalty === 0 && gain <= this.tiny)) return false;
    this.move(unit, to);
    return true;
  }

  private trySwaps(unit: number, from: number, to: number): boolean {
    const { at, tiny } = this;
    const { units, together } = at.problem;
    const { gains, members, width, count } = at;
    const base = (gains[to * units + unit] as number) - (gains[from * units + unit] as number);
    const start = to * width;
    const end = start + (count[to] as number);
    const sound = at.penalty === 0;
    this.steps += end - start;
    for (let place = start; place < end; place += 1) {
      const other = members[place] as number;
      const gain = base + (gains[from * units + other] as number) - (gains[to * units + other] as number) - 2 * (together[unit * units + other] as number);
      if (sound && gain <= tiny) continue;
      const penalty = at.penaltyOfSwap(unit, other);
      if (penalty > 0 || (penalty === 0 && gain <= tiny)) continue;
      this.swap(unit, other);
      return true;
    }
    return false;
  }
}
