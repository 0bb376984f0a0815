import type { DatabaseConfig } from '@common-ground/persistence';
import type { EventLog } from './event-log.js';
import { KafkaLog } from './kafka/kafka-log.js';
import { PostgresLog } from './postgres/postgres-log.js';

/** Which log facts travel on. */
export type LogConfig =
  | { readonly kind: 'postgres'; readonly database: DatabaseConfig }
  | { readonly kind: 'kafka'; readonly brokers: readonly string[]; readonly clientId: string };

export const openLog = (config: LogConfig): EventLog => (config.kind === 'kafka' ? new KafkaLog(config) : new PostgresLog(config.database));
