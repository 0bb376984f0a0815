import { randomUUID } from 'node:crypto';
import type { Admin, Consumer, Kafka } from 'kafkajs';
import type { ReplayFrom, ReplayOptions } from '../event-log.js';
import { batchOf } from './kafka-batch.js';
import { consumerSettings } from './kafka-client.js';

type HowToReplay = Omit<ReplayOptions, 'topics'>;
/** What a replay reads of one partition: `start` is the first offset, `end` the one after the last. */
type Stretch = { readonly start: bigint; readonly end: bigint };
/** Asks what changes nothing, again and again while a partition changes hands. */
export type Reading = <T>(work: (admin: Admin) => Promise<T>) => Promise<T>;

/** Reads one topic from where the replay starts to what lies there now, as a group of its own that is forgotten afterwards. */
export const replayTopic = async (kafka: Kafka, reading: Reading, topic: string, how: HowToReplay): Promise<void> => {
  const stretches = await reading((admin) => stretchesOf(admin, topic, how.from ?? { kind: 'beginning' }));
  const left = new Map([...stretches].filter(([, { start, end }]) => end > start));
  if (left.size === 0) return;
  const groupId = `replay-${randomUUID()}`;
  const consumer = kafka.consumer(consumerSettings(groupId));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await readTo(consumer, { topic, stretches, left }, how);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await reading((admin) => admin.deleteGroups([groupId])).catch(() => undefined);
  }
};

const stretchesOf = async (admin: Admin, topic: string, from: ReplayFrom): Promise<ReadonlyMap<number, Stretch>> => {
  const offsets = await admin.fetchTopicOffsets(topic);
  const since = from.kind === 'moment' ? new Map((await admin.fetchTopicOffsetsByTimestamp(topic, from.moment.getTime())).map(({ partition, offset }) => [partition, BigInt(offset)])) : undefined;
  const startOf = (partition: number, high: bigint): bigint => {
    if (from.kind === 'beginning') return 0n;
    if (from.kind === 'moment') return since?.get(partition) ?? high;
    return from.positions.find((one) => one.topic === topic && one.partition === partition)?.position ?? high;
  };
  return new Map(
    offsets.map(({ partition, high, low }) => {
      const end = BigInt(high);
      const start = startOf(partition, end);
      return [partition, { start: start < BigInt(low) ? BigInt(low) : start, end }];
    }),
  );
};

type ToRead = { readonly topic: string; readonly stretches: ReadonlyMap<number, Stretch>; readonly left: Map<number, Stretch> };

const readTo = (consumer: Consumer, { topic, stretches, left }: ToRead, { onBatch, signal }: HowToReplay): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => resolve(), { once: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => void (payload.restart || reject(payload.error)));
    consumer.on(consumer.events.GROUP_JOIN, () => {
      // What is not wanted is jumped over, so that nothing is fetched in vain.
      for (const [partition, { start, end }] of stretches) consumer.seek({ topic, partition, offset: (left.has(partition) ? start : end).toString() });
    });
    consumer
      .run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async (payload) => {
          const wanted = left.get(payload.batch.partition);
          if (!wanted) return;
          const { batch, interrupted } = batchOf(payload, () => signal?.aborted ?? false);
          const records = batch.records.filter(({ position }) => position >= wanted.start && position < wanted.end);
          try {
            if (records.length > 0) await onBatch({ ...batch, records });
          } catch (error) {
            // Whoever asked for the replay hears of it; kafkajs must not.
            left.clear();
            reject(error instanceof Error ? error : new Error(String(error)));
            return;
          }
          if (interrupted()) return;
          payload.resolveOffset(payload.batch.messages.at(-1)?.offset ?? payload.batch.lastOffset());
          const next = BigInt(payload.batch.lastOffset()) + 1n;
          if (next >= wanted.end) left.delete(payload.batch.partition);
          else left.set(payload.batch.partition, { ...wanted, start: next });
          if (left.size === 0) resolve();
        },
      })
      .catch(reject);
  });
