import type { Transaction } from '@common-ground/persistence';
import type { Fact } from '../fact.js';

/** What a handler works in. The inbox row is written already; effects and further facts go into the same transaction. */
export type FactContext = {
  readonly tx: Transaction;
  /** Seen before by this group, from a log that was read again: keep the effect, tell nobody. */
  readonly replayed: boolean;
  /** Born of an import that asked for no alerts, or replayed. */
  readonly quiet: boolean;
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
};

export type FactHandler = (fact: Fact, context: FactContext) => Promise<void>;
export type FactHandlers = ReadonlyMap<string, FactHandler>;

/** Protobuf bytes to a message; undefined for a type that this build does not know. */
export type DecodeFact = (type: string, bytes: Uint8Array) => unknown;
