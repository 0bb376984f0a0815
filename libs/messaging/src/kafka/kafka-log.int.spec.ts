import { afterAll, describe, it } from '@jest/globals';
import { startKafka, type TestKafka } from '@common-ground/testing';
import { eventLogCompliance } from '../event-log.compliance.fixture.js';
import { operationsCompliance } from '../operations/operations.compliance.fixture.js';
import { KafkaLog } from './kafka-log.js';

if (process.env['COMMON_GROUND_NO_KAFKA'] === 'true') {
  describe('the event log on Apache Kafka', () => {
    it.skip('needs Java and Maven, which this machine lacks', () => undefined);
  });
} else {
  let kafka: TestKafka | undefined;
  afterAll(() => kafka?.stop(), 30_000);

  const open = async (): Promise<KafkaLog> => {
    kafka ??= await startKafka();
    return new KafkaLog({ brokers: kafka.brokers, clientId: 'compliance', partitions: 3, replicationFactor: 1 });
  };
  eventLogCompliance('Apache Kafka', open);
  operationsCompliance('Apache Kafka', open);
}
