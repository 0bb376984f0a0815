import type { DatabaseConfig } from '@common-ground/persistence';
import type { EncodedFact } from './fact.js';

/** One entry of the log as it lies there; nothing in it is trusted yet. */
export type LogRecord = {
  readonly topic: string;
  readonly partition: number;
  /** Grows within topic and partition. */
  readonly position: bigint;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Uint8Array;
  readonly recordedAt: Date;
};

/** Lets long work tell the log that it is alive. */
export type BatchControl = { readonly heartbeat: () => Promise<void> };

/**
 * Gets records of one topic and partition, in order, 500 at most. When it resolves the group's position moves on;
 * when it rejects the same records come again after a pause, while other partitions go on.
 */
export type OnBatch = (records: readonly LogRecord[], control: BatchControl) => Promise<void>;

export type SubscribeOptions = {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * `earliest`: the group's position is kept and starts at the beginning of the log.
   * `latest`: a live feed for this process alone, from now on; nothing is kept and `group` is only a name.
   */
  readonly from: 'earliest' | 'latest';
  readonly onBatch: OnBatch;
};

export type Subscription = {
  /** Milliseconds since the log or a handler last gave a sign of life. */
  readonly heartbeatAgeMs: () => number;
  /** No new batch; the one under way gets 10 s; its position is kept. */
  readonly stop: () => Promise<void>;
};

/** Where a replay stands: per topic and partition the last position seen. */
export type Positions = Readonly<Record<string, Readonly<Record<number, bigint>>>>;

export type ReplayOptions = {
  readonly topics: readonly string[];
  readonly onBatch: OnBatch;
  /** Goes on after these positions; from the beginning when not said. */
  readonly after?: Positions;
  readonly signal?: AbortSignal;
};

export type Lag = { readonly topic: string; readonly facts: number; readonly seconds: number };
export type LogHealth = { readonly ok: boolean; readonly detail: string };

/** The port; Kafka and PostgreSQL stand behind it and pass one compliance suite. */
export type EventLog = {
  /** Resolves once every fact is safe. The same facts may be published again: consumers see each once in effect. */
  publish(topic: string, facts: readonly EncodedFact[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Reads everything that lay in the topics when it was called, then resolves with where it got to. Rejects when `onBatch` does. */
  replay(options: ReplayOptions): Promise<Positions>;
  /** How far a group is behind, in facts and in the age of the oldest fact that waits. */
  lag(group: string, topics: readonly string[]): Promise<Lag[]>;
  health(): Promise<LogHealth>;
  ensureTopics(topics: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

/** The injection token of the log. */
export const EVENT_LOG = Symbol('EventLog');

export type LogConfig =
  | { readonly kind: 'postgres'; readonly database: DatabaseConfig }
  | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly partitions?: number; readonly replicationFactor?: number };
