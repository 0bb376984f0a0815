import { afterAll, describe, it } from '@jest/globals';
import { startKafka, type TestKafka } from '@common-ground/testing';
import type { Message } from '../poison/poison.fixture.js';
import { poisonSuite, TOPIC } from '../poison/poison-suite.fixture.js';
import { kafkaClient, type KafkaLogOptions } from './kafka-client.js';
import { KafkaLog } from './kafka-log.js';

const AT_ONCE = 1_000;

/** Past the log's own door, which lets nothing in but facts. */
const lay = async (options: KafkaLogOptions, messages: readonly Message[]): Promise<void> => {
  const producer = kafkaClient(options).producer({ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    for (let start = 0; start < messages.length; start += AT_ONCE) {
      await producer.send({ topic: TOPIC, acks: -1, messages: messages.slice(start, start + AT_ONCE).map(({ key, headers, value }) => ({ key: key ?? null, headers: { ...headers }, value })) });
    }
  } finally {
    await producer.disconnect();
  }
};

if (process.env['COMMON_GROUND_NO_KAFKA'] === 'true') {
  describe('messages of every kind on Apache Kafka', () => {
    it.skip('needs Java and Maven, which this machine lacks', () => undefined);
  });
} else {
  let kafka: TestKafka | undefined;
  afterAll(() => kafka?.stop(), 30_000);
  poisonSuite('Apache Kafka', async () => {
    kafka = await startKafka();
    const options: KafkaLogOptions = { brokers: kafka.brokers, clientId: 'poison', partitions: 3, replicationFactor: 1 };
    return { log: new KafkaLog(options), lay: (messages) => lay(options, messages) };
  });
}
