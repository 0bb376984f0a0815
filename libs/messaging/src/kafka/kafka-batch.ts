import type { EachBatchPayload } from 'kafkajs';
import type { Batch } from '../event-log.js';
import type { LogRecord } from '../fact.js';

/** A batch, and whether its handler was told to stop before it came to the end. */
export type WatchedBatch = { readonly batch: Batch; readonly interrupted: () => boolean };

/**
 * What kafkajs hands out, as the port has it. Once the handler has heard that it should stop, the batch counts as cut short
 * for good: a runner that restarts says `isRunning` again, and would have unhandled records counted as done.
 */
export const batchOf = ({ batch: { topic, partition, messages }, heartbeat, isRunning, isStale }: EachBatchPayload, closing: () => boolean): WatchedBatch => {
  let interrupted = false;
  let lostMembership = false;
  return {
    interrupted: () => interrupted || lostMembership,
    batch: {
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
      heartbeat: async () => {
        try {
          await heartbeat();
        } catch {
          // The group is being dealt out anew; kafkajs joins again after the next fetch.
          lostMembership = true;
        }
      },
      stopping: () => {
        interrupted ||= closing() || lostMembership || !isRunning() || isStale();
        return interrupted;
      },
    },
  };
};
