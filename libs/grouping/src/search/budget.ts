import { DomainError } from '@common-ground/kernel';
import { isSeed, SEED_AT_MOST } from '../random.js';

export type Progress = {
  readonly steps: number;
  /** Of the budget that is nearest its end, 0 to 1. */
  readonly share: number;
  /** What broken rules cost in the best groups so far; 0 once all are kept. It never rises. */
  readonly penalty: number;
  /** Of the best groups so far. It never falls while the penalty stays. */
  readonly value: number;
};

/** How a search runs. The machine is passed in: nothing here knows a clock or a timer. */
export type SearchOptions = {
  /** A whole number from 0 to 2^32 - 1. The same seed and steps give the same answer. */
  readonly seed: number;
  /** Candidates to try; a usual number for the size of the task unless given. */
  readonly steps?: number;
  /** Ends the search when the clock `now` says so; the answer tells the steps, so that it can be had again. */
  readonly milliseconds?: number;
  /** A clock in milliseconds, as `() => performance.now()`. */
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Awaited between strides, so that the caller's thread can do other work: `() => new Promise(setImmediate)`. */
  readonly breathe?: () => Promise<void>;
};

export type EndedBy = 'steps' | 'time' | 'signal' | 'nothing-left';

/** How a search went: enough to have it again. */
export type RunRecord = {
  readonly seed: number;
  readonly steps: number;
  /** Null without a clock. */
  readonly milliseconds: number | null;
  readonly endedBy: EndedBy;
};

/** @throws DomainError that names the option */
export const checkOptions = ({ seed, steps, milliseconds, now }: SearchOptions): void => {
  const refuse = (name: string, code: string, message: string): never => {
    throw new DomainError('invalid', code, message, { path: ['options', name] });
  };
  if (!isSeed(seed)) refuse('seed', 'SEED_INVALID', `seed must be a whole number from 0 to ${SEED_AT_MOST}, not ${seed}.`);
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 0)) refuse('steps', 'STEPS_INVALID', `steps must be a whole number from 0, not ${steps}.`);
  if (milliseconds !== undefined && !(milliseconds >= 0)) refuse('milliseconds', 'MILLISECONDS_INVALID', `milliseconds must be a number from 0, not ${milliseconds}.`);
  if (milliseconds !== undefined && !now) refuse('now', 'CLOCK_MISSING', 'milliseconds needs a clock; give now, as () => performance.now().');
};

/** True once proofs and explanations are to end, whatever they have come to. */
export type Stop = () => boolean;

/** Rules come before time: keeping them, and telling why they cannot be kept, may take so much longer than the time budget. */
const GRACE_MS = 1_000;

type Stepped = { readonly steps: number; readonly value: number; readonly penalty?: number };

/** Watches one search: says when to end, why it ended, and what to record of it. */
export class Budget {
  private readonly started: number | undefined;
  endedBy: EndedBy | undefined;

  constructor(
    private readonly options: SearchOptions,
    private readonly usualSteps: number,
  ) {
    this.started = options.now?.();
  }

  /** With a time budget and no step budget only time ends the search. */
  private get steps(): number {
    return this.options.steps ?? (this.options.milliseconds === undefined ? this.usualSteps : Infinity);
  }

  private get elapsed(): number | undefined {
    return this.started === undefined ? undefined : (this.options.now?.() ?? this.started) - this.started;
  }

  readonly stop: Stop = () => {
    const { milliseconds, signal } = this.options;
    return signal?.aborted === true || (milliseconds !== undefined && (this.elapsed ?? 0) > milliseconds + GRACE_MS);
  };

  /** @param atLeast steps that are taken whatever the budget, until a signal or the end of its grace */
  isOver({ steps, value, penalty = 0 }: Stepped, atLeast = 0): boolean {
    const { milliseconds = Infinity, signal, onProgress } = this.options;
    const elapsed = this.elapsed ?? 0;
    onProgress?.({ steps, value, penalty, share: Math.min(1, Math.max(steps / this.steps, elapsed / milliseconds)) });
    this.endedBy = undefined;
    if (signal?.aborted) this.endedBy = 'signal';
    else if (steps < atLeast && !this.stop()) return false;
    else if (steps >= this.steps) this.endedBy = 'steps';
    else if (elapsed >= milliseconds) this.endedBy = 'time';
    return this.endedBy !== undefined;
  }

  async breathe(): Promise<void> {
    await this.options.breathe?.();
  }

  record(steps: number): RunRecord {
    return { seed: this.options.seed, steps, milliseconds: this.elapsed ?? null, endedBy: this.endedBy ?? 'nothing-left' };
  }
}

type Limits<T> = { readonly enough?: (found: T) => boolean; readonly atLeast?: number };

/** Runs a search stride by stride to the end of its budget, or until `enough`. */
export const drive = async <T extends Stepped>(search: Generator<T, T>, budget: Budget, { enough = () => false, atLeast = 0 }: Limits<T> = {}): Promise<T> => {
  for (;;) {
    const { value: found, done } = search.next();
    if (enough(found) || budget.isOver(found, atLeast) || done) return found;
    await budget.breathe();
  }
};
