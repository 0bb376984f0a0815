import { setTimeout as pause } from 'node:timers/promises';
import { EVERYTHING } from '@common-ground/kernel';
import type { Database, Transaction } from '@common-ground/persistence';
import type { Batch } from '../event-log.js';
import { readEnvelope, type EncodedFact, type LogRecord } from '../fact.js';
import { withTraceparent } from '../trace-context.js';
import { type Marks, moveMark, readMarks } from './consumer-mark.js';
import type { DecodeFact, DeliveredFact, Delivery, FactBatchHandler, FactHandlers } from './handlers.js';
import { enterInbox, knownTo } from './inbox.js';
import { lockParking, park, type ParkedFact, parkedKeysAmong, removeParked } from './parking.js';
import { HandlerTooSlow, isStorageAway, PoisonFact, reasonOf, verdictOn } from './verdict.js';

export type ConsumerTrouble = { readonly group: string; readonly what: 'parked' | 'waiting-for-storage' | 'altered'; readonly reason: string; readonly factId?: string; readonly type?: string };

export type FactConsumerOptions = {
  readonly group: string;
  readonly database: Database;
  /** One fact at a time. */
  readonly handlers?: FactHandlers;
  /** Many at a time; they come before `handlers` of the same type. */
  readonly batchHandlers?: readonly FactBatchHandler[];
  readonly decode: DecodeFact;
  readonly onTrouble?: (trouble: ConsumerTrouble) => void;
  /** How long one handler may take; less than what the server allows a transaction to idle. */
  readonly handlerMs?: number;
};

export type ConsumerCounts = { applied: number; redelivered: number; ignored: number; parked: number };

const CHUNK = 500;
const BUG_ATTEMPTS = 3;
/** For what may pass but does not: a statement that always times out is the fact's own fault in the end. */
const PASSING_ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 5_000;
const HANDLER_MS = 8_000;

type Readable = { readonly record: LogRecord; readonly fact: EncodedFact };

/**
 * Applies batches of records: every fact once, in order per key, effect and inbox row in one transaction.
 * A fact that cannot be handled is parked with the reason and holds up its own key alone; a storage that is away is waited for.
 * `handle` throws nothing.
 */
export class FactConsumer {
  readonly counts: ConsumerCounts = { applied: 0, redelivered: 0, ignored: 0, parked: 0 };

  private readonly batchHandlers: ReadonlyMap<string, FactBatchHandler>;

  constructor(private readonly options: FactConsumerOptions) {
    this.batchHandlers = new Map((options.batchHandlers ?? []).flatMap((handler) => handler.types.map((type) => [type, handler] as const)));
  }

  /** Returns when every record is applied, ignored as known, or parked; or early, when the subscription is closing. */
  async handle(batch: Batch): Promise<void> {
    for (let start = 0; start < batch.records.length; start += CHUNK) {
      if (batch.stopping()) return;
      const chunk = batch.records.slice(start, start + CHUNK);
      if (!(await this.settle(chunk, batch))) return;
      await batch.heartbeat().catch(() => undefined);
    }
  }

  /** The whole chunk at once, else record by record. @returns false when closing came first */
  private async settle(records: readonly LogRecord[], batch: Batch): Promise<boolean> {
    try {
      await this.applyChunk(records);
      return true;
    } catch {
      for (const record of records) if (!(await this.settleOne(record, batch))) return false;
      return true;
    }
  }

  private async settleOne(record: LogRecord, batch: Batch): Promise<boolean> {
    let [bugs, passing] = [0, 0];
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.applyChunk([record]);
        return true;
      } catch (error) {
        const verdict = verdictOn(error);
        if (verdict === 'bug') bugs += 1;
        else if (verdict === 'transient' && !isStorageAway(error)) passing += 1;
        if (verdict === 'poison' || bugs >= BUG_ATTEMPTS || passing >= PASSING_ATTEMPTS) {
          if (await this.parkOne(record, verdict === 'poison' ? 'poison' : 'bug', reasonOf(error), attempt)) return true;
        } else if (verdict === 'transient') {
          this.tell({ what: 'waiting-for-storage', reason: reasonOf(error) });
        }
      }
      if (batch.stopping()) return false;
      await batch.heartbeat().catch(() => undefined);
      await pause(Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MS));
    }
  }

  private async parkOne(record: LogRecord, verdict: 'poison' | 'bug', reason: string, attempts: number): Promise<boolean> {
    const { group, database } = this.options;
    try {
      await database.run(EVERYTHING, async (tx) => {
        await lockParking(tx, group, 'consumer');
        await park(tx, group, record, verdict, reason, attempts);
        await moveMark(tx, group, [record]);
      });
    } catch {
      return false;
    }
    this.counts.parked += 1;
    this.tell({ what: 'parked', reason, ...describe(record) });
    return true;
  }

  private async applyChunk(records: readonly LogRecord[]): Promise<void> {
    const { group, database } = this.options;
    const counted = await database.run(EVERYTHING, async (tx) => {
      const { readable, unreadable, ignored } = this.sort(records);
      await lockParking(tx, group, 'consumer');
      for (const { record, reason } of unreadable) await park(tx, group, record, 'unreadable', reason, 0);
      const marks = await readMarks(tx, group, records);
      const held = readable.length > 0 ? await parkedKeysAmong(tx, group, [...new Set(readable.map(({ fact }) => fact.key))]) : new Set<string>();
      const waiting = readable.filter(({ fact }) => held.has(fact.key));
      const free = readable.filter(({ fact }) => !held.has(fact.key));
      const { fresh, altered, redelivered } = await enterInbox(tx, group, free.map(({ fact }) => fact));
      const [wrong] = altered;
      if (wrong && records.length > 1) throw new PoisonFact('one of the chunk was published before with other content');
      if (wrong) await park(tx, group, (free[0] as Readable).record, 'unreadable', 'the same id was published before with other content', 0);
      const behind = await this.unknown(tx, waiting);
      for (const { record } of behind) await park(tx, group, record, 'waiting', 'waits behind an earlier fact of its key', 0);
      const recordOf = new Map(free.map(({ fact, record }) => [fact, record]));
      await this.applyInOrder(tx, fresh.map((fact) => ({ fact, record: recordOf.get(fact) as LogRecord })), marks);
      await moveMark(tx, group, records);
      return { applied: fresh.length, redelivered: redelivered + waiting.length - behind.length, ignored, parked: unreadable.length + behind.length + (wrong ? 1 : 0) };
    });
    this.counts.applied += counted.applied;
    this.counts.redelivered += counted.redelivered;
    this.counts.ignored += counted.ignored;
    this.counts.parked += counted.parked;
    if (counted.parked > 0) this.tell({ what: 'parked', reason: `${counted.parked} records` });
  }

  /**
   * Applies a fact that was parked and takes it out of parking, in one transaction.
   * @throws what its handler throws; PoisonFact while it cannot be read
   */
  async applyParked({ id, record }: ParkedFact): Promise<void> {
    const { group, database } = this.options;
    await database.run(EVERYTHING, async (tx) => {
      await lockParking(tx, group, 'operator');
      if (!(await removeParked(tx, id))) return;
      const fact = readEnvelope(record);
      if ('unreadable' in fact) throw new PoisonFact(fact.unreadable);
      const { fresh, altered } = await enterInbox(tx, group, [fact]);
      if (altered.length > 0) throw new PoisonFact('the same id was published before with other content');
      // It is applied for the first time, wherever the group has got to since.
      await this.applyInOrder(tx, fresh.map((one) => ({ fact: one, record })), new Map());
    });
  }

  private sort(records: readonly LogRecord[]): { readable: Readable[]; unreadable: { record: LogRecord; reason: string }[]; ignored: number } {
    const readable: Readable[] = [];
    const unreadable: { record: LogRecord; reason: string }[] = [];
    let ignored = 0;
    for (const record of records) {
      const fact = readEnvelope(record);
      if ('unreadable' in fact) unreadable.push({ record, reason: fact.unreadable });
      else if (this.batchHandlers.has(fact.type) || this.options.handlers?.has(fact.type)) readable.push({ record, fact });
      else ignored += 1;
    }
    return { readable, unreadable, ignored };
  }

  /** Facts of a held-up key that were applied before it was held up are redeliveries, not waiting. */
  private async unknown(tx: Transaction, waiting: readonly Readable[]): Promise<readonly Readable[]> {
    if (waiting.length === 0) return waiting;
    const applied = await knownTo(tx, this.options.group, waiting.map(({ fact }) => fact.id));
    return waiting.filter(({ fact }) => !applied.has(fact.id));
  }

  /** Facts that follow one another and have a batch handler in common go to it together; nothing overtakes anything. */
  private async applyInOrder(tx: Transaction, fresh: readonly Readable[], marks: Marks): Promise<void> {
    for (let start = 0; start < fresh.length; ) {
      const { fact, record } = fresh[start] as Readable;
      const batchHandler = this.batchHandlers.get(fact.type);
      if (!batchHandler) {
        await this.applyOne(tx, fact, deliveryOf(fact, record, marks));
        start += 1;
        continue;
      }
      const end = fresh.findIndex((next, index) => index > start && this.batchHandlers.get(next.fact.type) !== batchHandler);
      const together = fresh.slice(start, end === -1 ? fresh.length : end);
      await this.applyTogether(tx, batchHandler, together.map((one) => ({ ...one.fact, data: this.decode(one.fact), delivery: deliveryOf(one.fact, one.record, marks) })));
      start += together.length;
    }
  }

  private async applyOne(tx: Transaction, fact: EncodedFact, delivery: Delivery): Promise<void> {
    const handler = this.options.handlers?.get(fact.type);
    if (!handler) return;
    const data = this.decode(fact);
    await this.inTime(fact.type, () => withTraceparent(fact.traceparent, () => handler({ ...fact, data }, { tx, ...delivery })));
  }

  private applyTogether(tx: Transaction, { handle }: FactBatchHandler, facts: readonly DeliveredFact[]): Promise<void> {
    const [first] = facts;
    const name = facts.length === 1 ? (first?.type ?? '') : `a batch of ${facts.length} facts from ${first?.type}`;
    // Many facts come of many traces; one alone goes on in its own.
    return this.inTime(name, () => withTraceparent(facts.length === 1 ? first?.traceparent : undefined, () => handle(facts, tx)));
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

  private decode(fact: EncodedFact): unknown {
    try {
      return this.options.decode(fact.type, fact.data);
    } catch (error) {
      throw new PoisonFact(`cannot be decoded as ${fact.type} (${reasonOf(error)})`);
    }
  }

  private tell(trouble: Omit<ConsumerTrouble, 'group'>): void {
    this.options.onTrouble?.({ group: this.options.group, ...trouble });
  }
}

const deliveryOf = (fact: EncodedFact, { topic, partition, position }: LogRecord, marks: Marks): Delivery => {
  const mark = marks.get(`${topic}/${partition}`);
  const replayed = mark !== undefined && position <= mark.position && fact.time <= mark.latest;
  return { replayed, quiet: fact.quiet || replayed, topic, partition, position };
};

const describe = ({ headers }: LogRecord): { factId?: string; type?: string } => ({
  ...(headers['ce_id'] ? { factId: headers['ce_id'] } : {}),
  ...(headers['ce_type'] ? { type: headers['ce_type'] } : {}),
});
