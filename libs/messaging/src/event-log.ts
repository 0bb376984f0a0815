import type { EncodedFact, LogRecord } from './fact.js';

/** Records of one partition, in order. */
export type Batch = {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** Says that work goes on, so that the group does not take the partition away. */
  heartbeat(): Promise<void>;
  /** True once the subscription is closing: finish the chunk under way and return. */
  stopping(): boolean;
};

export type SubscribeOptions = {
  readonly group: string;
  readonly topics: readonly string[];
  /** `latest` is for live feeds that keep nothing: their group is forgotten when they close. */
  readonly from: 'earliest' | 'latest';
  /** What it throws goes no further: the same records come again after a pause, while other partitions go on. */
  onBatch(batch: Batch): Promise<void>;
};

export type Subscription = {
  /** Milliseconds since the log answered or a batch was done: what liveness is told by. */
  heartbeatAgeMs(): number;
  /** Finishes the batch under way, then leaves. */
  close(): Promise<void>;
};

/** A fact's place in a log. */
export type Position = { readonly topic: string; readonly partition: number; readonly position: bigint };

/**
 * Where a replay starts: with the first fact, with those that the log took at a moment or later,
 * or at stated positions, that fact and what came after it; partitions that are not named are left out then.
 */
export type ReplayFrom = { readonly kind: 'beginning' } | { readonly kind: 'moment'; readonly moment: Date } | { readonly kind: 'positions'; readonly positions: readonly Position[] };

export type ReplayOptions = {
  readonly topics: readonly string[];
  /** From the first fact, unless stated. */
  readonly from?: ReplayFrom;
  /** Ends the replay early, after the batch under way. */
  readonly signal?: AbortSignal;
  onBatch(batch: Batch): Promise<void>;
};

export type Lag = { readonly facts: number; readonly seconds: number };

export type LogHealth = { readonly healthy: true } | { readonly healthy: false; readonly why: string };

/** The log does not have what it had taken: it was wiped, or is another one. */
export class LogForgot extends Error {
  override readonly name = 'LogForgot';
}

/** Where facts go and come from. Two adapters pass one compliance suite: Apache Kafka and PostgreSQL. */
export type EventLog = {
  ensureTopics(topics: readonly string[]): Promise<void>;
  /**
   * Returns when the log has every fact for good; the same facts again may lie in it twice (Kafka) or not (PostgreSQL).
   * @throws LogForgot when it is seen to have lost what was published before
   */
  publish(topic: string, facts: readonly EncodedFact[]): Promise<void>;
  /** How many facts the topic has taken in all; 0 when there is no such topic. */
  head(topic: string): Promise<bigint>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Everything from where it starts to what lies there now; positions of groups are not touched. */
  replay(options: ReplayOptions): Promise<void>;
  lag(group: string, topics: readonly string[]): Promise<Lag>;
  health(): Promise<LogHealth>;
  /** Forgets a group and its positions. */
  forgetGroup(group: string): Promise<void>;
  close(): Promise<void>;
};
