import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Kafka, Producer } from 'kafkajs';
import { type EventLog, type Lag, LogForgot, type LogHealth, type ReplayOptions, type SubscribeOptions, type Subscription } from '../event-log.js';
import { type EncodedFact, headersOf } from '../fact.js';
import { kafkaClient, type KafkaLogOptions } from './kafka-client.js';
import { kafkaLag } from './kafka-lag.js';
import { replayTopic } from './kafka-replay.js';
import { KafkaSubscription, type NextOffsets } from './kafka-subscription.js';

export type { KafkaLogOptions } from './kafka-client.js';

const KEPT_FOR_GOOD = '-1';
/** Facts of one send may fall into one partition, and brokers refuse what is over a megabyte. */
const SEND_BYTES = 600 * 1024;
const ENVELOPE_BYTES = 700;
const TOPICS_SHOWN_MS = 15_000;
const READ_FOR_MS = 15_000;
const READ_AGAIN_MS = 250;

/** The event log on Apache Kafka. Nothing outside this folder knows kafkajs. */
export class KafkaLog implements EventLog {
  private readonly kafka: Kafka;
  private producer: Promise<Producer> | undefined;
  private admin: Promise<Admin> | undefined;
  private readonly subscriptions = new Set<KafkaSubscription>();
  /** Where the last send to a partition came to lie. */
  private readonly offsets = new Map<string, bigint>();

  constructor(private readonly options: KafkaLogOptions) {
    this.kafka = kafkaClient(options);
  }

  async ensureTopics(topics: readonly string[]): Promise<void> {
    const existing = new Set(await this.asAdmin((admin) => admin.listTopics()));
    const missing = topics.filter((topic) => !existing.has(topic));
    if (missing.length === 0) return;
    // An admin of kafkajs that has looked at a topic since deleted fails at everything but listing: a new one makes it.
    await this.dropAdmin();
    await this.asAdmin((admin) => this.makeTopics(admin, missing));
  }

  private async makeTopics(admin: Admin, missing: readonly string[]): Promise<void> {
    const failure = await admin
      .createTopics({
        waitForLeaders: false,
        topics: missing.map((topic) => ({
          topic,
          numPartitions: this.options.partitions ?? 6,
          replicationFactor: this.options.replicationFactor ?? -1,
          configEntries: [{ name: 'retention.ms', value: KEPT_FOR_GOOD }],
        })),
      })
      .then(() => undefined, (error: unknown) => error);
    // Even when it failed: another service may have been quicker. A broker shows new topics a little after the controller has made them.
    for (const until = performance.now() + TOPICS_SHOWN_MS; !(await areLed(admin, missing)); await pause(100)) {
      if (performance.now() > until) throw failure ?? new Error(`Kafka does not show the topics ${missing.join(', ')} that it has made.`);
    }
  }

  async publish(topic: string, facts: readonly EncodedFact[]): Promise<void> {
    if (facts.length === 0) return;
    try {
      const producer = await this.produced();
      for (const some of bySize(facts)) {
        const sent = await producer.send({ topic, acks: -1, messages: some.map((fact) => ({ key: fact.key, value: Buffer.from(fact.data), headers: headersOf(fact) })) });
        for (const { partition, baseOffset } of sent) this.comeToLie(topic, partition, BigInt(baseOffset ?? -1));
      }
    } catch (error) {
      // A producer that failed (out of sequence, fenced, gave up) may never come right again; the next send makes a new one.
      const broken = this.producer;
      this.producer = undefined;
      await broken?.then((producer) => producer.disconnect()).catch(() => undefined);
      throw error;
    }
  }

  /** Offsets only ever count up: one that has come before is that of a topic made anew. */
  private comeToLie(topic: string, partition: number, offset: bigint): void {
    const place = `${topic}/${partition}`;
    const before = this.offsets.get(place) ?? -1n;
    this.offsets.set(place, offset);
    if (offset >= 0n && offset <= before) throw new LogForgot(`Kafka has lost what lay in ${place}.`);
  }

  async head(topic: string): Promise<bigint> {
    return this.reading(async (admin) => {
      if (!(await admin.listTopics()).includes(topic)) return 0n;
      return (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + BigInt(high), 0n);
    });
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    const subscription = new KafkaSubscription(this.kafka, options, options.from === 'latest' ? await this.heads(options.topics) : undefined);
    this.subscriptions.add(subscription);
    try {
      await subscription.start();
    } catch (error) {
      await this.leave(subscription, options);
      throw error;
    }
    return { heartbeatAgeMs: () => subscription.heartbeatAgeMs(), close: () => this.leave(subscription, options) };
  }

  async replay({ topics, ...how }: ReplayOptions): Promise<void> {
    for (const topic of topics) if (!how.signal?.aborted) await replayTopic(this.kafka, (work) => this.reading(work), topic, how);
  }

  async lag(group: string, topics: readonly string[]): Promise<Lag> {
    const total = { facts: 0, seconds: 0 };
    for (const topic of topics) {
      const { facts, seconds } = await this.reading((admin) => kafkaLag(admin, group, topic));
      total.facts += facts;
      total.seconds = Math.max(total.seconds, seconds);
    }
    return total;
  }

  async health(): Promise<LogHealth> {
    try {
      await this.asAdmin((admin) => admin.describeCluster());
      return { healthy: true };
    } catch (error) {
      return { healthy: false, why: error instanceof Error ? error.message : String(error) };
    }
  }

  async forgetGroup(group: string): Promise<void> {
    await this.asAdmin((admin) => admin.deleteGroups([group])).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    this.subscriptions.clear();
    await this.producer?.then((producer) => producer.disconnect()).catch(() => undefined);
    await this.dropAdmin();
  }

  private async leave(subscription: KafkaSubscription, { from }: SubscribeOptions): Promise<void> {
    this.subscriptions.delete(subscription);
    await subscription.close();
    if (from === 'latest') await this.forgetGroup(subscription.groupId).catch(() => undefined);
  }

  private async heads(topics: readonly string[]): Promise<NextOffsets> {
    const heads: NextOffsets = new Map();
    for (const topic of topics) heads.set(topic, new Map((await this.reading((admin) => admin.fetchTopicOffsets(topic))).map(({ partition, high }) => [partition, BigInt(high)])));
    return heads;
  }

  private produced(): Promise<Producer> {
    this.producer ??= (async () => {
      const producer = this.kafka.producer({ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      return producer;
    })();
    return this.producer;
  }

  /** What changes nothing is asked again while a partition is changing hands, as it does just after its topic was made. */
  private async reading<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    for (const until = performance.now() + READ_FOR_MS; ; ) {
      try {
        return await this.asAdmin(work);
      } catch (error) {
        if (!isPassing(error) || performance.now() > until) throw error;
        await pause(READ_AGAIN_MS);
      }
    }
  }

  /** An admin that has failed may go on failing; the next call makes a new one. */
  private async asAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.admined();
    try {
      return await work(await admin);
    } catch (error) {
      if (admin === this.admin) await this.dropAdmin();
      throw error;
    }
  }

  private async dropAdmin(): Promise<void> {
    const { admin } = this;
    this.admin = undefined;
    await admin?.then((one) => one.disconnect()).catch(() => undefined);
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

/** kafkajs asks again by itself, but not for offsets. */
const isPassing = (error: unknown): boolean => error instanceof Error && error.name === 'KafkaJSProtocolError' && 'retriable' in error && error.retriable === true;

/** Whether the broker knows the topics and every partition of them has a leader. One that is named may not know it yet: reads ask again. */
const areLed = async (admin: Admin, topics: readonly string[]): Promise<boolean> => {
  const known = new Set(await admin.listTopics());
  if (topics.some((topic) => !known.has(topic))) return false;
  return admin.fetchTopicMetadata({ topics: [...topics] }).then(
    () => true,
    () => false,
  );
};

/** In order, as many to a send as a broker takes even when all fall into one partition. */
const bySize = function* (facts: readonly EncodedFact[]): Generator<EncodedFact[]> {
  let some: EncodedFact[] = [];
  let bytes = 0;
  for (const fact of facts) {
    const size = fact.data.byteLength + ENVELOPE_BYTES;
    if (some.length > 0 && bytes + size > SEND_BYTES) {
      yield some;
      [some, bytes] = [[], 0];
    }
    some.push(fact);
    bytes += size;
  }
  if (some.length > 0) yield some;
};
