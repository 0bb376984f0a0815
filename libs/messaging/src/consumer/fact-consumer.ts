import { setTimeout as pause } from 'node:timers/promises';
import { EVERYTHING } from '@common-ground/kernel';
import type { Database, Transaction } from '@common-ground/persistence';
import type { Batch } from '../event-log.js';
import { readEnvelope, type EncodedFact, type LogRecord } from '../fact.js';
import { withTraceparent } from '../trace-context.js';
import type { DecodeFact, FactHandlers } from './handlers.js';
import { enterInbox } from './inbox.js';
import { park, parkedKeysAmong } from './parking.js';
import { PoisonFact, reasonOf, verdictOn } from './verdict.js';

export type ConsumerTrouble = { readonly group: string; readonly what: 'parked' | 'waiting-for-storage' | 'altered'; readonly reason: string; readonly factId?: string; readonly type?: string };

export type FactConsumerOptions = {
  readonly group: string;
  readonly database: Database;
  readonly handlers: FactHandlers;
  readonly decode: DecodeFact;
  readonly onTrouble?: (trouble: ConsumerTrouble) => void;
};

export type ConsumerCounts = { applied: number; redelivered: number; ignored: number; parked: number };

const CHUNK = 500;
const BUG_ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 5_000;

type Readable = { readonly record: LogRecord; readonly fact: EncodedFact };

/**
 * Applies batches of records: every fact once, in order per key, effect and inbox row in one transaction.
 * A fact that cannot be handled is parked with the reason and holds up its own key alone; a storage that is away is waited for.
 * `handle` throws nothing.
 */
export class FactConsumer {
  readonly counts: ConsumerCounts = { applied: 0, redelivered: 0, ignored: 0, parked: 0 };

  constructor(private readonly options: FactConsumerOptions) {}

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
      await this.inTransaction(records, true);
      return true;
    } catch {
      for (const record of records) if (!(await this.settleOne(record, batch))) return false;
      return true;
    }
  }

  private async settleOne(record: LogRecord, batch: Batch): Promise<boolean> {
    let bugs = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.inTransaction([record], true);
        return true;
      } catch (error) {
        const verdict = verdictOn(error);
        if (verdict === 'bug') bugs += 1;
        if (verdict === 'poison' || bugs >= BUG_ATTEMPTS) {
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
    try {
      await this.options.database.run(EVERYTHING, async (tx) => {
        await park(tx, this.options.group, record, verdict, reason, attempts);
        await this.mark(tx, [record]);
      });
    } catch {
      return false;
    }
    this.counts.parked += 1;
    this.tell({ what: 'parked', reason, ...describe(record) });
    return true;
  }

  /** Also used for facts taken out of parking, which must not count as waiting behind themselves. */
  async inTransaction(records: readonly LogRecord[], mindParkedKeys: boolean): Promise<void> {
    const { group, database } = this.options;
    const counted = await database.run(EVERYTHING, async (tx) => {
      const { readable, unreadable, ignored } = this.sort(records);
      for (const { record, reason } of unreadable) await park(tx, group, record, 'unreadable', reason, 0);
      // What comes out of parking is applied for the first time, wherever the group has got to since.
      const marks = mindParkedKeys ? await this.marks(tx, records) : new Map<string, bigint>();
      const held = mindParkedKeys && readable.length > 0 ? await parkedKeysAmong(tx, group, [...new Set(readable.map(({ fact }) => fact.key))]) : new Set<string>();
      const waiting = readable.filter(({ fact }) => held.has(fact.key));
      const free = readable.filter(({ fact }) => !held.has(fact.key));
      const { fresh, altered, redelivered } = await enterInbox(tx, group, free.map(({ fact }) => fact));
      const [wrong] = altered;
      if (wrong && records.length > 1) throw new PoisonFact('one of the chunk was published before with other content');
      if (wrong) await park(tx, group, (free[0] as Readable).record, 'unreadable', 'the same id was published before with other content', 0);
      for (const { record } of await this.unknownTo(tx, waiting)) await park(tx, group, record, 'waiting', 'waits behind an earlier fact of its key', 0);
      const recordOf = new Map(free.map(({ fact, record }) => [fact, record]));
      for (const fact of fresh) await this.apply(tx, fact, recordOf.get(fact) as LogRecord, marks);
      if (mindParkedKeys) await this.mark(tx, records);
      return { applied: fresh.length, redelivered, ignored, parked: unreadable.length + waiting.length + (wrong ? 1 : 0) };
    });
    this.counts.applied += counted.applied;
    this.counts.redelivered += counted.redelivered;
    this.counts.ignored += counted.ignored;
    this.counts.parked += counted.parked;
    if (counted.parked > 0) this.tell({ what: 'parked', reason: `${counted.parked} records` });
  }

  private sort(records: readonly LogRecord[]): { readable: Readable[]; unreadable: { record: LogRecord; reason: string }[]; ignored: number } {
    const readable: Readable[] = [];
    const unreadable: { record: LogRecord; reason: string }[] = [];
    let ignored = 0;
    for (const record of records) {
      const fact = readEnvelope(record);
      if ('unreadable' in fact) unreadable.push({ record, reason: fact.unreadable });
      else if (this.options.handlers.has(fact.type)) readable.push({ record, fact });
      else ignored += 1;
    }
    return { readable, unreadable, ignored };
  }

  /** Facts of a held-up key that were applied before it was held up are redeliveries, not waiting. */
  private async unknownTo(tx: Transaction, waiting: readonly Readable[]): Promise<readonly Readable[]> {
    if (waiting.length === 0) return waiting;
    const rows = await tx.query<{ fact_id: string }>('SELECT fact_id FROM inbox WHERE consumer_group = $1 AND fact_id = ANY ($2::uuid[])', [this.options.group, waiting.map(({ fact }) => fact.id)]);
    const applied = new Set(rows.map(({ fact_id }) => fact_id));
    return waiting.filter(({ fact }) => !applied.has(fact.id));
  }

  private async apply(tx: Transaction, fact: EncodedFact, record: LogRecord, marks: ReadonlyMap<string, bigint>): Promise<void> {
    const handler = this.options.handlers.get(fact.type);
    if (!handler) return;
    const data = this.decode(fact);
    const replayed = record.position <= (marks.get(placeOf(record)) ?? -1n);
    const { topic, partition, position } = record;
    await withTraceparent(fact.traceparent, () => handler({ ...fact, data }, { tx, replayed, quiet: fact.quiet || replayed, topic, partition, position }));
  }

  private decode(fact: EncodedFact): unknown {
    try {
      return this.options.decode(fact.type, fact.data);
    } catch (error) {
      throw new PoisonFact(`cannot be decoded as ${fact.type} (${reasonOf(error)})`);
    }
  }

  private async marks(tx: Transaction, records: readonly LogRecord[]): Promise<ReadonlyMap<string, bigint>> {
    const [first] = records;
    if (!first) return new Map();
    const rows = await tx.query<{ topic: string; partition: number; position: string }>('SELECT topic, partition, position FROM consumer_mark WHERE consumer_group = $1 AND topic = $2 AND partition = $3', [this.options.group, first.topic, first.partition]);
    return new Map(rows.map(({ topic, partition, position }) => [`${topic}/${partition}`, BigInt(position)]));
  }

  /** How far this group has come: what lies at or before it and comes again is a replay. */
  private async mark(tx: Transaction, records: readonly LogRecord[]): Promise<void> {
    const last = records.at(-1);
    if (!last) return;
    await tx.query(
      `INSERT INTO consumer_mark (consumer_group, topic, partition, position) VALUES ($1, $2, $3, $4)
       ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET position = greatest(consumer_mark.position, excluded.position)`,
      [this.options.group, last.topic, last.partition, last.position.toString()],
    );
  }

  private tell(trouble: Omit<ConsumerTrouble, 'group'>): void {
    this.options.onTrouble?.({ group: this.options.group, ...trouble });
  }
}

const placeOf = ({ topic, partition }: LogRecord): string => `${topic}/${partition}`;

const describe = ({ headers }: LogRecord): { factId?: string; type?: string } => ({
  ...(headers['ce_id'] ? { factId: headers['ce_id'] } : {}),
  ...(headers['ce_type'] ? { type: headers['ce_type'] } : {}),
});
