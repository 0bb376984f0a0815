import { Kafka, logLevel, type Admin, type Consumer, type EachBatchPayload, type Producer } from 'kafkajs';
import type { Batch, EventLog, Lag, LogHealth, ReplayOptions, SubscribeOptions, Subscription } from '../event-log.js';
import { headersOf, type EncodedFact, type LogRecord } from '../fact.js';

export type KafkaLogOptions = {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
};

const SESSION_TIMEOUT_MS = 15_000;
const POSITION_KEPT_FOREVER = '-1';

/** The event log on Apache Kafka. The only file that knows kafkajs. */
export class KafkaLog implements EventLog {
  private readonly kafka: Kafka;
  private producer: Promise<Producer> | undefined;
  private admin: Promise<Admin> | undefined;
  private readonly consumers = new Set<Consumer>();

  constructor(private readonly options: KafkaLogOptions) {
    this.kafka = new Kafka({
      clientId: options.clientId,
      brokers: [...options.brokers],
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
      logLevel: logLevel.NOTHING,
    });
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    const admin = await this.admined();
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic));
    if (missing.length === 0) return;
    await admin
      .createTopics({
        waitForLeaders: true,
        topics: missing.map((topic) => ({
          topic,
          numPartitions: this.options.partitions ?? 6,
          replicationFactor: this.options.replicationFactor ?? -1,
          configEntries: [{ name: 'retention.ms', value: POSITION_KEPT_FOREVER }],
        })),
      })
      .catch(async (error: unknown) => {
        // Another service was quicker.
        const now = new Set(await admin.listTopics());
        if (missing.some((topic) => !now.has(topic))) throw error;
      });
  }

  async publish(topic: string, facts: readonly EncodedFact[]): Promise<void> {
    if (facts.length === 0) return;
    try {
      const producer = await this.produced();
      await producer.send({ topic, acks: -1, messages: facts.map((fact) => ({ key: fact.key, value: Buffer.from(fact.data), headers: headersOf(fact) })) });
    } catch (error) {
      // A producer that failed may never come right again; the next send makes a new one.
      const broken = this.producer;
      this.producer = undefined;
      await broken?.then((producer) => producer.disconnect()).catch(() => undefined);
      throw error;
    }
  }

  async subscribe({ group, topics, from, onBatch }: SubscribeOptions): Promise<Subscription> {
    const live = from === 'latest';
    const consumer = this.consumerOf(live ? `${group}-${crypto.randomUUID()}` : group);
    let closing = false;
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: !live });
    const joined = new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, SESSION_TIMEOUT_MS);
      consumer.on(consumer.events.GROUP_JOIN, () => {
        clearTimeout(patience);
        resolve();
      });
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: async (payload) => {
        const batch = batchOf(payload, () => closing);
        await onBatch(batch);
        if (closing || payload.isStale()) return;
        const last = payload.batch.lastOffset();
        payload.resolveOffset(last);
        await consumer.commitOffsets([{ topic: payload.batch.topic, partition: payload.batch.partition, offset: (BigInt(last) + 1n).toString() }]).catch(() => undefined);
        await payload.heartbeat().catch(() => undefined);
      },
    });
    this.consumers.add(consumer);
    await joined;
    return {
      close: async () => {
        closing = true;
        this.consumers.delete(consumer);
        await consumer.disconnect();
      },
    };
  }

  async replay({ topics, onBatch }: ReplayOptions): Promise<void> {
    for (const topic of topics) await this.replayTopic(topic, onBatch);
  }

  async lag(group: string, topics: readonly string[]): Promise<Lag> {
    const admin = await this.admined();
    let facts = 0n;
    for (const topic of topics) {
      const heads = await admin.fetchTopicOffsets(topic);
      const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      for (const { partition, high, low } of heads) {
        const offset = committed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1';
        const at = BigInt(offset) < 0n ? BigInt(low) : BigInt(offset);
        facts += BigInt(high) > at ? BigInt(high) - at : 0n;
      }
    }
    // Kafka tells positions, not ages: seconds are known to whoever reads the facts.
    return { facts: Number(facts), seconds: 0 };
  }

  async health(): Promise<LogHealth> {
    try {
      const admin = await this.admined();
      await admin.describeCluster();
      return { healthy: true };
    } catch (error) {
      this.admin = undefined;
      return { healthy: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  async forgetGroup(group: string): Promise<void> {
    const admin = await this.admined();
    await admin.deleteGroups([group]).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.disconnect().catch(() => undefined)));
    this.consumers.clear();
    await this.producer?.then((producer) => producer.disconnect()).catch(() => undefined);
    await this.admin?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private async replayTopic(topic: string, onBatch: ReplayOptions['onBatch']): Promise<void> {
    const admin = await this.admined();
    const ends = new Map((await admin.fetchTopicOffsets(topic)).filter(({ high, low }) => BigInt(high) > BigInt(low)).map(({ partition, high }) => [partition, BigInt(high)]));
    if (ends.size === 0) return;
    const group = `replay-${crypto.randomUUID()}`;
    const consumer = this.consumerOf(group);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachBatch: async (payload) => {
            const { partition } = payload.batch;
            const end = ends.get(partition);
            if (end === undefined) return;
            const batch = batchOf(payload, () => false);
            try {
              await onBatch({ ...batch, records: batch.records.filter(({ position }) => position < end) });
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)));
            }
            if (BigInt(payload.batch.lastOffset()) + 1n >= end) ends.delete(partition);
            if (ends.size === 0) resolve();
          },
        })
        .catch(reject);
    }).finally(() => consumer.disconnect().catch(() => undefined));
    await this.forgetGroup(group);
  }

  private consumerOf(groupId: string): Consumer {
    return this.kafka.consumer({
      groupId,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 200,
      maxBytesPerPartition: 512 * 1024,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: 3_000,
      rebalanceTimeout: 20_000,
      retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 10, restartOnFailure: async () => true },
    });
  }

  private produced(): Promise<Producer> {
    this.producer ??= (async () => {
      const producer = this.kafka.producer({ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      return producer;
    })();
    return this.producer;
  }

  private admined(): Promise<Admin> {
    this.admin ??= (async () => {
      const admin = this.kafka.admin();
      await admin.connect();
      return admin;
    })();
    this.admin.catch(() => {
      this.admin = undefined;
    });
    return this.admin;
  }
}

const batchOf = (payload: EachBatchPayload, closing: () => boolean): Batch => {
  const { topic, partition, messages } = payload.batch;
  return {
    topic,
    partition,
    records: messages.map((message): LogRecord => ({
      topic,
      partition,
      position: BigInt(message.offset),
      key: message.key?.toString('utf8'),
      headers: Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, (Array.isArray(value) ? value[0] : value)?.toString()])),
      value: message.value,
    })),
    heartbeat: () => payload.heartbeat(),
    stopping: () => closing() || !payload.isRunning() || payload.isStale(),
  };
};
