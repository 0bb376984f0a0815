import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type TestKafka } from '@common-ground/testing';
import { eventually, fact } from '../event-log.compliance.fixture.js';
import { KafkaLog } from './kafka-log.js';

const unavailable = process.env['COMMON_GROUND_NO_KAFKA'] === 'true' || process.env['KAFKA_BROKERS'] !== undefined;

(unavailable ? describe.skip : describe)('Apache Kafka that fails', () => {
  let kafka: TestKafka;
  let log: KafkaLog;
  beforeAll(async () => {
    kafka = await startKafka();
    log = new KafkaLog({ brokers: kafka.brokers, clientId: 'faults', partitions: 3, replicationFactor: 1 });
  }, 90_000);
  afterAll(async () => {
    await log?.close();
    await kafka?.stop();
  }, 60_000);

  const publishUntilTaken = async (topic: string, sequence: number): Promise<void> => {
    for (;;) {
      const taken = await log.publish(topic, [fact({ sequence })]).then(
        () => true,
        () => false,
      );
      if (taken) return;
      await pause(200);
    }
  };

  it.each([
    ['stands still for 8 seconds', async () => { kafka.pause(); await pause(8_000); kafka.resume(); }],
    ['is killed and started again', async () => { await kafka.kill(); await kafka.restart(); }],
  ])('loses nothing and keeps the order when the broker %s', async (_name, fault) => {
    const topic = `test.${randomUUID()}`;
    await log.ensureTopics([topic]);
    const seen: number[] = [];
    const live: number[] = [];
    const sequenceOf = (headers: Readonly<Record<string, string | undefined>>): number => Number(headers['ce_sequence']);
    const group = await log.subscribe({ group: `group-${topic}`, topics: [topic], from: 'earliest', onBatch: async ({ records }) => void seen.push(...records.map(({ headers }) => sequenceOf(headers))) });
    const feed = await log.subscribe({ group: 'live', topics: [topic], from: 'latest', onBatch: async ({ records }) => void live.push(...records.map(({ headers }) => sequenceOf(headers))) });
    for (let sequence = 1; sequence <= 5; sequence += 1) await publishUntilTaken(topic, sequence);
    const broken = fault();
    for (let sequence = 6; sequence <= 10; sequence += 1) await publishUntilTaken(topic, sequence);
    await broken;
    const started = Date.now();
    const all = Array.from({ length: 10 }, (_, index) => index + 1);
    // Copies are the inbox's business; what is lost or out of order would be nobody's.
    await eventually(() => [seen, live].every((sequences) => new Set(sequences).size === all.length), 'everything read');
    for (const sequences of [seen, live]) expect([...new Set(sequences)]).toEqual(all);
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(group.heartbeatAgeMs()).toBeLessThan(45_000);
    await feed.close();
    await group.close();
  }, 120_000);
});
