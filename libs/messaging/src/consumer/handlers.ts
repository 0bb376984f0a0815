import type { Transaction } from '@common-ground/persistence';
import type { Fact } from '../fact.js';

/** How a fact came. */
export type Delivery = {
  /** Seen before by this group, from a log that was read again: keep the effect, tell nobody. */
  readonly replayed: boolean;
  /** Born of an import that asked for no alerts, or replayed. */
  readonly quiet: boolean;
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
};

/** What a handler works in. The inbox row is written already; effects and further facts go into the same transaction. */
export type FactContext = Delivery & { readonly tx: Transaction };

export type FactHandler = (fact: Fact, context: FactContext) => Promise<void>;
export type FactHandlers = ReadonlyMap<string, FactHandler>;

/** A fact among others that are handled together. */
export type DeliveredFact = Fact & { readonly delivery: Delivery };

/**
 * Handles facts of several types together, in a few statements for all in place of some for each.
 * It gets those that follow one another in the log, in that order and each once, at most a chunk at a time and often one alone:
 * the effect of many must be that of one after the other. When it throws, they come again fewer at a time, so that the one at fault is found and parked.
 */
export type FactBatchHandler = {
  readonly types: readonly string[];
  readonly handle: (facts: readonly DeliveredFact[], tx: Transaction) => Promise<void>;
};

/** Protobuf bytes to a message; undefined for a type that this build does not know. */
export type DecodeFact = (type: string, bytes: Uint8Array) => unknown;
