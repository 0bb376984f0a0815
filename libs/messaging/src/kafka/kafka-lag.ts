import type { Admin } from 'kafkajs';
import type { Lag } from '../event-log.js';

const LONGEST_DOUBLING = 25;
const REFINEMENTS = 4;

/** How far a group is behind on one topic. Kafka tells positions; the age of the oldest that waits is searched by time, to a few per cent. */
export const kafkaLag = async (admin: Admin, group: string, topic: string): Promise<Lag> => {
  const heads = await admin.fetchTopicOffsets(topic);
  const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const behind = new Map<number, bigint>();
  let facts = 0n;
  for (const { partition, high, low } of heads) {
    const offset = BigInt(committed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1');
    const at = offset < BigInt(low) ? BigInt(low) : offset;
    if (BigInt(high) <= at) continue;
    facts += BigInt(high) - at;
    behind.set(partition, at);
  }
  return { facts: Number(facts), seconds: behind.size === 0 ? 0 : await oldestAge(admin, topic, behind) };
};

const oldestAge = async (admin: Admin, topic: string, behind: ReadonlyMap<number, bigint>): Promise<number> => {
  const now = Date.now();
  const youngerThan = async (seconds: number): Promise<boolean> => {
    const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, Math.round(now - seconds * 1_000));
    return offsets.every(({ partition, offset }) => {
      const at = behind.get(partition);
      return at === undefined || BigInt(offset) <= at;
    });
  };
  let [low, high] = [0, 1];
  for (let step = 0; step < LONGEST_DOUBLING && !(await youngerThan(high)); step += 1) [low, high] = [high, high * 2];
  for (let step = 0; step < REFINEMENTS; step += 1) {
    const middle = (low + high) / 2;
    if (await youngerThan(middle)) high = middle;
    else low = middle;
  }
  return high;
};
