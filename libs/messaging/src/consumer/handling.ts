import type { Transaction } from '@common-ground/persistence';
import { withTraceparent } from '../trace-context.js';
import type { FactEntry } from './chunk.js';
import type { Marks } from './consumer-mark.js';
import type { DeliveredFact, Delivery, FactBatchHandler, FactHandlers } from './handlers.js';
import { HandlerTooSlow } from './verdict.js';

export type HandlingOptions = {
  /** One fact at a time. */
  readonly handlers?: FactHandlers;
  /** Many at a time; they come before `handlers` of the same type. */
  readonly batchHandlers?: readonly FactBatchHandler[];
  /** How long one handler may take; less than what the server allows a transaction to idle. */
  readonly handlerMs?: number;
};

const HANDLER_MS = 8_000;

/** Facts that follow one another and go to one batch handler together, or one after the other each to its own. */
export type Run = readonly [FactEntry, ...FactEntry[]];

/** So many share a savepoint; when one fails, those before it are done again. */
const ALONE_IN_A_ROW = 64;

/** Brings facts to their handlers. */
export class Handling {
  private readonly batchHandlers: ReadonlyMap<string, FactBatchHandler>;

  constructor(private readonly options: HandlingOptions) {
    this.batchHandlers = new Map((options.batchHandlers ?? []).flatMap((handler) => handler.types.map((type) => [type, handler] as const)));
  }

  handles(type: string): boolean {
    return this.batchHandlers.has(type) || (this.options.handlers?.has(type) ?? false);
  }

  /** True when one call handles many of this type. */
  together(type: string): boolean {
    return this.batchHandlers.has(type);
  }

  /** In order; nothing overtakes anything. Suspects go apart from the others, in halves of what they were. */
  runsOf(entries: readonly FactEntry[], suspects: ReadonlySet<FactEntry>): readonly Run[] {
    const runs: [FactEntry, ...FactEntry[]][] = [];
    for (const entry of entries) {
      const last = runs.at(-1);
      const handler = this.batchHandlers.get(entry.fact.type);
      const most = suspects.has(entry) ? suspects.size >> 1 : handler ? Number.POSITIVE_INFINITY : ALONE_IN_A_ROW;
      const alike = last && this.batchHandlers.get(last[0].fact.type) === handler && suspects.has(last[0]) === suspects.has(entry);
      if (alike && last.length < most) last.push(entry);
      else runs.push([entry]);
    }
    return runs;
  }

  /** @throws what the handler throws; HandlerTooSlow when it does not end in time */
  async apply(tx: Transaction, run: Run, marks: Marks): Promise<void> {
    const [{ fact, data, record }] = run;
    const together = this.batchHandlers.get(fact.type);
    if (together) return this.applyTogether(tx, together, run, marks);
    const handler = this.options.handlers?.get(fact.type);
    if (handler) await this.inTime(fact.type, () => withTraceparent(fact.traceparent, () => handler({ ...fact, data }, { tx, ...deliveryOf({ fact, record }, marks) })));
  }

  private applyTogether(tx: Transaction, { handle }: FactBatchHandler, run: Run, marks: Marks): Promise<void> {
    const [{ fact }] = run;
    const facts = run.map((entry): DeliveredFact => ({ ...entry.fact, data: entry.data, delivery: deliveryOf(entry, marks) }));
    const name = run.length === 1 ? fact.type : `a batch of ${run.length} facts from ${fact.type}`;
    // Many facts come of many traces; one alone goes on in its own.
    return this.inTime(name, () => withTraceparent(run.length === 1 ? fact.traceparent : undefined, () => handle(facts, tx)));
  }

  private async inTime(name: string, work: () => Promise<void>): Promise<void> {
    const milliseconds = this.options.handlerMs ?? HANDLER_MS;
    let timer: NodeJS.Timeout | undefined;
    const tooSlow = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new HandlerTooSlow(`${name} was not handled within ${milliseconds} ms`)), milliseconds);
    });
    try {
      await Promise.race([work(), tooSlow]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const deliveryOf = ({ fact, record: { topic, partition, position } }: Pick<FactEntry, 'fact' | 'record'>, marks: Marks): Delivery => {
  const mark = marks.get(`${topic}/${partition}`);
  const replayed = mark !== undefined && position <= mark.position && fact.time <= mark.latest;
  return { replayed, quiet: fact.quiet || replayed, topic, partition, position };
};
