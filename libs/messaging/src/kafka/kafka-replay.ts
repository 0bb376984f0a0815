import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import type { ReplayOptions } from '../event-log.js';
import { batchOf } from './kafka-batch.js';
import { consumerSettings } from './kafka-client.js';

/** Reads one topic from its first fact to those that lie there now, as a group of its own that is forgotten afterwards. */
export const replayTopic = async (kafka: Kafka, admin: Admin, topic: string, onBatch: ReplayOptions['onBatch']): Promise<void> => {
  const offsets = await admin.fetchTopicOffsets(topic);
  const ends = new Map(offsets.filter(({ high, low }) => BigInt(high) > BigInt(low)).map(({ partition, high }) => [partition, BigInt(high)]));
  if (ends.size === 0) return;
  const groupId = `replay-${randomUUID()}`;
  const consumer = kafka.consumer(consumerSettings(groupId));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => void (payload.restart || reject(payload.error)));
      consumer
        .run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: async (payload) => {
            const end = ends.get(payload.batch.partition);
            if (end === undefined) return;
            const { batch, interrupted } = batchOf(payload, () => false);
            const records = batch.records.filter(({ position }) => position < end);
            try {
              if (records.length > 0) await onBatch({ ...batch, records });
            } catch (error) {
              // Whoever asked for the replay hears of it; kafkajs must not.
              ends.clear();
              reject(error instanceof Error ? error : new Error(String(error)));
              return;
            }
            if (interrupted()) return;
            payload.resolveOffset(payload.batch.messages.at(-1)?.offset ?? payload.batch.lastOffset());
            if (BigInt(payload.batch.lastOffset()) + 1n >= end) ends.delete(payload.batch.partition);
            if (ends.size === 0) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
};
