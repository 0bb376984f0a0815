import { Logger } from '@nestjs/common';
import { Kafka, type logCreator, logLevel } from 'kafkajs';

export type KafkaLogOptions = {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly partitions?: number;
  readonly replicationFactor?: number;
};

export const SESSION_TIMEOUT_MS = 15_000;
/** How long a fetch waits for news; a rebalance and a disconnect wait as long. */
const FETCH_WAIT_MS = 200;

/** kafkajs calls ERROR what it retries by itself (a coordinator that loads, a broker that restarts); only a crash is news. */
const quietly: logCreator = () => {
  const logger = new Logger('Kafka');
  return ({ log: { message } }) => (/^Crash(?!.*coordinator)/.test(message) ? logger.warn(message) : logger.debug(message));
};

export const kafkaClient = ({ brokers, clientId }: KafkaLogOptions): Kafka =>
  new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    // Stated, because kafkajs takes other defaults when NODE_ENV is `test`.
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator: quietly,
  });

export const consumerSettings = (groupId: string) => ({
  groupId,
  allowAutoTopicCreation: false,
  maxWaitTimeInMs: FETCH_WAIT_MS,
  maxBytesPerPartition: 256 * 1024,
  maxBytes: 2 * 1024 * 1024,
  sessionTimeout: SESSION_TIMEOUT_MS,
  heartbeatInterval: 3_000,
  rebalanceTimeout: 20_000,
  retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries: 10, restartOnFailure: async () => true },
});
