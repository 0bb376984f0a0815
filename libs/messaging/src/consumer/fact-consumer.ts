import { setTimeout as pause } from 'node:timers/promises';
import { EVERYTHING } from '@common-ground/kernel';
import { type Database, sqlStateOf, type Transaction } from '@common-ground/persistence';
import type { Batch } from '../event-log.js';
import type { LogRecord } from '../fact.js';
import { alteredFact, type Bad, type Entry, type FactEntry, noteFailure, readEntry, type Reader, sortOut } from './chunk.js';
import { type Marks, moveMark, readMarks } from './consumer-mark.js';
import type { DecodeFact } from './handlers.js';
import { Handling, type HandlingOptions, type Run } from './handling.js';
import { enterInbox, leaveInbox } from './inbox.js';
import { lockParking, park, type Parked, type ParkedFact, removeParked } from './parking.js';
import { defused, isStorageAway, PoisonFact, reasonOf, ruinsTransaction, verdictOn } from './verdict.js';

export type ConsumerTrouble = { readonly group: string; readonly what: 'parked' | 'waiting-for-storage' | 'waiting-for-log'; readonly reason: string; readonly factId?: string; readonly type?: string };

export type FactConsumerOptions = HandlingOptions & {
  readonly group: string;
  readonly database: Database;
  readonly decode: DecodeFact;
  readonly onTrouble?: (trouble: ConsumerTrouble) => void;
};

export type ConsumerCounts = { applied: number; redelivered: number; ignored: number; parked: number };

const CHUNK = 500;
const LONGEST_PAUSE_MS = 5_000;
/** A sign of life at least after so many calls, for a chunk of slow ones may outlast what a group allows. */
const HEARTBEAT_EVERY = 25;
const TRANSACTION_ABORTED = '25P02';
/** A whole chunk that fails for none of its facts is tried so often before it is taken apart. */
const CHUNK_ATTEMPTS = 3;

/** `suspects`: a batch that ruined its transaction; one of them did it. */
type Pass = { readonly entries: readonly Entry[]; readonly records: readonly LogRecord[]; readonly careful: boolean; readonly suspects: ReadonlySet<FactEntry>; readonly batch: Batch };
type Failure = { readonly run: Run; readonly error: unknown };
type Done = { readonly counts: ConsumerCounts; readonly parked: readonly Parked[]; readonly postponed: readonly Entry[] };
type Working = Pick<Pass, 'careful' | 'batch'> & { readonly marks: Marks; readonly failures: Failure[]; readonly postponed: FactEntry[]; readonly stopped: Set<string>; calls: number };

/**
 * Applies batches of records: every fact once, in order per key, effect and inbox row in one transaction.
 * A fact that cannot be handled is parked with the reason and holds up its own key alone; a storage that is away is waited for.
 * `handle` throws nothing.
 */
export class FactConsumer {
  readonly counts: ConsumerCounts = { applied: 0, redelivered: 0, ignored: 0, parked: 0 };
  private readonly handling: Handling;
  private readonly reader: Reader;

  constructor(private readonly options: FactConsumerOptions) {
    this.handling = new Handling(options);
    this.reader = { handles: (type) => this.handling.handles(type), decode: options.decode };
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

  /**
   * The whole chunk in one transaction. When a fact fails, the others go on without it and its key, behind savepoints,
   * and what failed is tried again or given up with the next pass. @returns false when closing came first
   */
  private async settle(records: readonly LogRecord[], batch: Batch): Promise<boolean> {
    let entries: readonly Entry[] = records.map((record) => readEntry(record, this.reader));
    let careful = false;
    let suspects: ReadonlySet<FactEntry> = new Set();
    for (let [attempt, odd] = [0, 0]; ; attempt += 1) {
      const { postponed, failures, error } = await this.tryPass({ entries, records, careful, suspects, batch });
      if (postponed?.length === 0) return true;
      entries = postponed ?? entries;
      const away = error !== undefined && isStorageAway(error);
      if (away) this.tell({ what: 'waiting-for-storage', reason: reasonOf(error) });
      else if (error !== undefined && failures.length === 0 && verdictOn(error) !== 'transient' && (odd += 1) >= CHUNK_ATTEMPTS) return this.takeApart(records, reasonOf(error), batch);
      if (!away) suspects = new Set(error !== undefined && careful ? failures.at(-1)?.run : []);
      careful ||= failures.length > 0 && !away;
      if (batch.stopping()) return false;
      await batch.heartbeat().catch(() => undefined);
      const waits = failures.length === 0 || failures.some(({ run }) => run.length === 1 && !run[0].condemned);
      if (waits && attempt > 0) await pause(Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MS));
    }
  }

  /** One transaction. What failed in it is noted once it has ended, for it may be run more than once. */
  private async tryPass(pass: Pass): Promise<{ readonly postponed?: readonly Entry[]; readonly failures: readonly Failure[]; readonly error?: unknown }> {
    let failures: Failure[] = [];
    try {
      const done = await this.options.database.run(EVERYTHING, (tx) => {
        failures = [];
        return this.pass(tx, pass, failures);
      });
      this.count(done);
      return { postponed: done.postponed, failures };
    } catch (error) {
      return { failures, error };
    } finally {
      for (const { run, error } of failures) if (run.length === 1) noteFailure(run[0], error);
    }
  }

  private async pass(tx: Transaction, { entries, records, careful, suspects, batch }: Pass, failures: Failure[]): Promise<Done> {
    const { group } = this.options;
    await lockParking(tx, group, 'consumer');
    const marks = await readMarks(tx, group, records);
    const { free, bad, redelivered, ignored } = await sortOut(tx, group, entries);
    const inbox = await enterInbox(tx, group, free.map(({ fact }) => fact));
    const entryOf = new Map(free.map((entry) => [entry.fact, entry]));
    const fresh = inbox.fresh.flatMap((fact) => entryOf.get(fact) ?? []);
    const working: Working = { marks, careful, batch, failures, postponed: [], stopped: new Set(), calls: 0 };
    for (const run of this.handling.runsOf(fresh, suspects)) await this.applyRun(tx, run, working);
    const failed = working.postponed;
    await leaveInbox(tx, group, failed.map(({ fact }) => fact));
    // What is to be parked behind a fact that failed must not be parked before it.
    const isBehind = ({ entry }: Bad): boolean => entry.is === 'fact' && working.stopped.has(entry.fact.key);
    const postponed = [...failed, ...bad.filter(isBehind).map(({ entry }) => entry)];
    const altered = inbox.altered.flatMap((fact) => entryOf.get(fact)?.record ?? []).map(alteredFact);
    const parked = [...bad.filter((one) => !isBehind(one)).map((one) => one.parked), ...altered];
    const newlyParked = await park(tx, group, parked);
    // Not before all of it is settled: what comes again after a crash in between is no replay.
    if (postponed.length === 0) await moveMark(tx, group, records);
    return {
      counts: { applied: fresh.length - failed.length, redelivered: redelivered + inbox.redelivered + parked.length - newlyParked, ignored, parked: newlyParked },
      parked: newlyParked > 0 ? parked : [],
      postponed: inOrder(postponed),
    };
  }

  /** Behind a savepoint where care is needed. What fails is left out, with the rest of its key, and the others of its run are done again. */
  private async applyRun(tx: Transaction, given: readonly FactEntry[], working: Working): Promise<void> {
    const { careful, failures, postponed, stopped, batch } = working;
    postponed.push(...given.filter(({ fact }) => stopped.has(fact.key)));
    const run = given.filter(({ fact }) => !stopped.has(fact.key));
    if (!isRun(run)) return;
    if (careful) await tx.query('SAVEPOINT fact');
    const failure = await this.attempt(tx, run, working);
    if (!failure) return;
    const { run: culprits, error } = failure;
    const ruined = !careful || ruinsTransaction(error);
    if (culprits.length === 1 || ruined) failures.push(failure);
    if (ruined) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT fact; RELEASE SAVEPOINT fact');
    await batch.heartbeat().catch(() => undefined);
    const [culprit] = culprits;
    const [before, after] = culprits.length === 1 ? [run.indexOf(culprit), run.indexOf(culprit) + 1] : [run.length >> 1, run.length >> 1];
    await this.applyRun(tx, run.slice(0, before), working);
    if (before < after) {
      stopped.add(culprit.fact.key);
      postponed.push(culprit);
    }
    await this.applyRun(tx, run.slice(after), working);
  }

  /** @returns what failed: one fact where that can be told, else the run that it is one of */
  private async attempt(tx: Transaction, run: Run, working: Working): Promise<Failure | undefined> {
    const { careful, marks, batch } = working;
    let current: Run = run;
    try {
      if (this.handling.together(run[0].fact.type)) await this.handling.apply(tx, run, marks);
      else {
        for (const entry of run) {
          current = [entry];
          if ((working.calls += 1) % HEARTBEAT_EVERY === 0) await batch.heartbeat().catch(() => undefined);
          await this.handling.apply(tx, current, marks);
        }
        current = run;
      }
      if (careful) await tx.query('RELEASE SAVEPOINT fact');
      return undefined;
    } catch (thrown) {
      const error = defused(thrown);
      // An earlier one had swallowed an error of the server's.
      return { run: sqlStateOf(error) === TRANSACTION_ABORTED ? run : current, error };
    }
  }

  /** Something that no fact's handler did keeps the chunk from being settled: in halves, down to the record that does it. */
  private async takeApart(records: readonly LogRecord[], reason: string, batch: Batch): Promise<boolean> {
    const [only] = records;
    if (only && records.length === 1) return this.parkBare(only, reason, batch);
    const middle = records.length >> 1;
    return (await this.settle(records.slice(0, middle), batch)) && this.settle(records.slice(middle), batch);
  }

  /** What cannot even be parked as it is leaves its place in the log and the reason. */
  private async parkBare({ topic, partition, position }: LogRecord, reason: string, batch: Batch): Promise<boolean> {
    const { group, database } = this.options;
    const record: LogRecord = { topic, partition, position, key: undefined, headers: {}, value: null };
    const parked: Parked = { record, verdict: 'unreadable', reason: `could not be kept as it is: ${reason}` };
    while (!batch.stopping()) {
      const newly = await database.run(EVERYTHING, (tx) => park(tx, group, [parked]).then(async (rows) => (await moveMark(tx, group, [record]), rows))).catch(() => undefined);
      if (newly !== undefined) {
        this.count({ counts: { applied: 0, redelivered: 1 - newly, ignored: 0, parked: newly }, parked: [parked], postponed: [] });
        return true;
      }
      await batch.heartbeat().catch(() => undefined);
      await pause(LONGEST_PAUSE_MS);
    }
    return false;
  }

  private count({ counts, parked }: Done): void {
    this.counts.applied += counts.applied;
    this.counts.redelivered += counts.redelivered;
    this.counts.ignored += counts.ignored;
    this.counts.parked += counts.parked;
    const [first] = parked;
    if (first) this.tell({ what: 'parked', reason: parked.length > 1 ? `${first.reason}; ${parked.length} records in all` : first.reason, ...describe(first.record) });
  }

  /**
   * Applies a fact that was parked and takes it out of parking, in one transaction.
   * @param alongside what else belongs into that transaction
   * @throws what its handler throws; PoisonFact while it cannot be read
   */
  async applyParked({ id, record }: ParkedFact, alongside?: (tx: Transaction) => Promise<void>): Promise<void> {
    const { group, database } = this.options;
    await database.run(EVERYTHING, async (tx) => {
      await lockParking(tx, group, 'operator');
      if (!(await removeParked(tx, id))) return;
      await this.applyReleased(tx, record);
      await alongside?.(tx);
    });
  }

  /** The same consumer with counts of its own, for a replay. */
  beside(): FactConsumer {
    return new FactConsumer(this.options);
  }

  private async applyReleased(tx: Transaction, record: LogRecord): Promise<void> {
    const entry = readEntry(record, this.reader);
    if (entry.is === 'unreadable') throw new PoisonFact(entry.reason);
    if (entry.is === 'ignored') return;
    const { fresh, altered } = await enterInbox(tx, this.options.group, [entry.fact]);
    if (altered.length > 0) throw new PoisonFact(alteredFact(record).reason);
    if (fresh.length === 0) return;
    if (entry.condemned) throw new PoisonFact(entry.condemned.reason);
    // It is applied for the first time, wherever the group has got to since.
    await this.handling.apply(tx, [entry], new Map());
  }

  private tell(trouble: Omit<ConsumerTrouble, 'group'>): void {
    this.options.onTrouble?.({ group: this.options.group, ...trouble });
  }
}

const inOrder = (entries: readonly Entry[]): Entry[] => entries.toSorted((left, right) => (left.record.position < right.record.position ? -1 : 1));

const isRun = (entries: readonly FactEntry[]): entries is Run => entries.length > 0;

const describe = ({ headers }: LogRecord): { factId?: string; type?: string } => ({
  ...(headers['ce_id'] ? { factId: headers['ce_id'] } : {}),
  ...(headers['ce_type'] ? { type: headers['ce_type'] } : {}),
});
