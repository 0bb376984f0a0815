import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { SubscribeOptions } from '../event-log.js';
import { batchOf } from './kafka-batch.js';
import { consumerSettings, SESSION_TIMEOUT_MS } from './kafka-client.js';

const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;
/** Partitions handled at a time, so that a slow one does not hold up the others. */
const CONCURRENT_PARTITIONS = 3;

/** Partition to the offset that comes next, per topic. */
export type NextOffsets = Map<string, Map<number, bigint>>;

/** One member of a consumer group; kafkajs gives some errors up for good, so a crashed consumer is replaced by a new one here. */
export class KafkaSubscription {
  readonly groupId: string;
  private closing = false;
  private consumer: Consumer | undefined;
  private replacing: Promise<void> | undefined;
  /** By a clock that nobody sets. */
  private aliveAt = performance.now();
  private readonly failures = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();

  /** @param next where a live feed starts; absent for a group whose offsets the broker keeps */
  constructor(
    private readonly kafka: Kafka,
    private readonly options: SubscribeOptions,
    private readonly next?: NextOffsets,
  ) {
    this.groupId = next ? `${options.group}-${randomUUID()}` : options.group;
  }

  heartbeatAgeMs(): number {
    return performance.now() - this.aliveAt;
  }

  async start(): Promise<void> {
    const consumer = this.kafka.consumer(consumerSettings(this.groupId));
    this.consumer = consumer;
    const { FETCH, HEARTBEAT, GROUP_JOIN, CRASH } = consumer.events;
    for (const event of [FETCH, HEARTBEAT] as const) consumer.on(event, () => this.alive());
    consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart) this.replace(consumer);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    const joined = new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, SESSION_TIMEOUT_MS);
      consumer.on(GROUP_JOIN, () => {
        clearTimeout(patience);
        this.takeUp(consumer);
        resolve();
      });
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
      eachBatch: (payload) => this.eachBatch(consumer, payload),
    });
    await joined;
  }

  async close(): Promise<void> {
    this.closing = true;
    for (const timer of this.timers) clearTimeout(timer);
    await this.replacing;
    await this.consumer?.disconnect().catch(() => undefined);
  }

  /** Never throws: kafkajs would stop for good on a TypeError and rejoin for ever on anything else. */
  private async eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const place = `${topic}/${partition}`;
    const { batch, interrupted } = batchOf(payload, () => this.closing);
    try {
      if (batch.records.length > 0) await this.options.onBatch(batch);
      this.failures.delete(place);
    } catch {
      this.backOff(place, payload.pause());
      return;
    }
    this.alive();
    // Cut short: the same records come again, and the inbox knows what was applied.
    if (interrupted()) return;
    await this.moveOn(consumer, payload);
  }

  private async moveOn(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    const last = payload.batch.messages.at(-1)?.offset ?? payload.batch.lastOffset();
    payload.resolveOffset(last);
    const next = BigInt(payload.batch.lastOffset()) + 1n;
    const own = this.next?.get(topic);
    // A commit that fails costs a redelivery; what was applied is known to the inbox.
    if (own) own.set(partition, next);
    else await consumer.commitOffsets([{ topic, partition, offset: next.toString() }]).catch(() => undefined);
    await payload.heartbeat().catch(() => undefined);
  }

  /** A live feed has no offsets at the broker: at each join it goes on where it was. */
  private takeUp(consumer: Consumer): void {
    for (const [topic, partitions] of this.next ?? []) {
      for (const [partition, offset] of partitions) consumer.seek({ topic, partition, offset: offset.toString() });
    }
  }

  private backOff(place: string, resume: () => void): void {
    const failures = (this.failures.get(place) ?? 0) + 1;
    this.failures.set(place, failures);
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        resume();
      },
      Math.min(RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS),
    );
    this.timers.add(timer);
  }

  private replace(crashed: Consumer): void {
    if (this.closing || crashed !== this.consumer) return;
    this.replacing = (async () => {
      await crashed.disconnect().catch(() => undefined);
      while (!this.closing) {
        await pause(RETRY_MS);
        if (await this.start().then(() => true, () => false)) return;
        await this.consumer?.disconnect().catch(() => undefined);
      }
    })();
  }

  private alive(): void {
    this.aliveAt = performance.now();
  }
}
