import type { Transaction } from '@common-ground/persistence';
import { type EncodedFact, type LogRecord, readEnvelope } from '../fact.js';
import type { DecodeFact } from './handlers.js';
import { knownTo } from './inbox.js';
import { type Parked, parkedKeysAmong } from './parking.js';
import { isStorageAway, reasonOf, verdictOn } from './verdict.js';

const BUG_ATTEMPTS = 3;
/** For what may pass but does not: a statement that always times out is the fact's own fault in the end. */
const PASSING_ATTEMPTS = 10;

/** A fact that this group handles, and what became of it so far. */
export type FactEntry = {
  readonly is: 'fact';
  readonly record: LogRecord;
  readonly fact: EncodedFact;
  readonly data: unknown;
  readonly failures: { bugs: number; passing: number };
  /** Given up: to be parked, with the rest of its key behind it. */
  condemned: Parked | undefined;
};

export type Entry = FactEntry | { readonly is: 'ignored'; readonly record: LogRecord } | { readonly is: 'unreadable'; readonly record: LogRecord; readonly reason: string };

export type Reader = { readonly handles: (type: string) => boolean; readonly decode: DecodeFact };

/** Reads a record without touching anything: what cannot be decoded is known for poison before a transaction starts. */
export const readEntry = (record: LogRecord, { handles, decode }: Reader): Entry => {
  const fact = readEnvelope(record);
  if ('unreadable' in fact) return { is: 'unreadable', record, reason: fact.unreadable };
  if (!handles(fact.type)) return { is: 'ignored', record };
  const failures = { bugs: 0, passing: 0 };
  try {
    return { is: 'fact', record, fact, data: decode(fact.type, fact.data), failures, condemned: undefined };
  } catch (error) {
    const reason = `cannot be decoded as ${fact.type} (${reasonOf(error)})`;
    return { is: 'fact', record, fact, data: undefined, failures, condemned: { record, verdict: 'poison', reason, attempts: 0 } };
  }
};

/** Remembers that a handler failed, and gives the fact up once that is its own fault or has happened often enough. */
export const noteFailure = (entry: FactEntry, error: unknown): void => {
  const verdict = verdictOn(error);
  const { failures, record } = entry;
  if (verdict === 'bug') failures.bugs += 1;
  else if (verdict === 'transient' && !isStorageAway(error)) failures.passing += 1;
  if (verdict !== 'poison' && failures.bugs < BUG_ATTEMPTS && failures.passing < PASSING_ATTEMPTS) return;
  entry.condemned = { record, verdict: verdict === 'poison' ? 'poison' : 'bug', reason: reasonOf(error), attempts: Math.max(1, failures.bugs + failures.passing) };
};

export type Bad = { readonly entry: Entry; readonly parked: Parked };
export type SortedOut = { readonly free: readonly FactEntry[]; readonly bad: readonly Bad[]; readonly redelivered: number; readonly ignored: number };

export const alteredFact = (record: LogRecord): Parked => ({ record, verdict: 'unreadable', reason: 'the same id was published before with other content' });

/** Tells what may be applied from what is to be parked, or was seen before: in order, so that a key waits from its first bad fact on. */
export const sortOut = async (tx: Transaction, group: string, entries: readonly Entry[]): Promise<SortedOut> => {
  const facts = entries.filter((entry) => entry.is === 'fact');
  const held = new Set(await parkedKeysAmong(tx, group, facts.map(({ fact }) => fact.key)));
  const suspected = new Set([...held, ...facts.filter(({ condemned }) => condemned).map(({ fact }) => fact.key)]);
  const known = await knownTo(tx, group, facts.filter(({ fact }) => suspected.has(fact.key)).map(({ fact }) => fact));
  const free: FactEntry[] = [];
  const bad: Bad[] = [];
  let [redelivered, ignored] = [0, 0];
  for (const entry of entries) {
    const { record } = entry;
    if (entry.is === 'ignored') ignored += 1;
    else if (entry.is === 'unreadable') bad.push({ entry, parked: { record, verdict: 'unreadable', reason: entry.reason } });
    else if (known(entry.fact) === 'as it is') redelivered += 1;
    else if (known(entry.fact)) bad.push({ entry, parked: alteredFact(record) });
    else if (held.has(entry.fact.key)) bad.push({ entry, parked: { record, verdict: 'waiting', reason: 'waits behind an earlier fact of its key' } });
    else if (entry.condemned) {
      bad.push({ entry, parked: entry.condemned });
      held.add(entry.fact.key);
    } else free.push(entry);
  }
  return { free, bad, redelivered, ignored };
};
