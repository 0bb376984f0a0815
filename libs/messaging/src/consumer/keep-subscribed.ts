import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, SubscribeOptions, Subscription } from '../event-log.js';

/** How long a service waits for its log before it goes on starting; it is not ready until the log answers. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

/**
 * Subscribes, and makes the topics first. A log that is away is waited for in the background:
 * a service that starts before its broker is up comes to life when the broker does.
 */
export const keepSubscribed = async (log: EventLog, options: SubscribeOptions, onTrouble: (error: unknown) => void): Promise<Subscription> => {
  const closing = new AbortController();
  const { signal } = closing;
  let subscription: Subscription | undefined;
  const connect = async (): Promise<void> => {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await log.ensureTopics(options.topics);
        subscription = await log.subscribe(options);
        return;
      } catch (error) {
        if (!signal.aborted) onTrouble(error);
        await pause(Math.min(RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS), undefined, { signal }).catch(() => undefined);
      }
    }
  };
  const connected = connect();
  const patience = new AbortController();
  await Promise.race([connected, pause(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  return {
    heartbeatAgeMs: () => subscription?.heartbeatAgeMs() ?? 0,
    close: async () => {
      closing.abort();
      await connected;
      await subscription?.close();
    },
  };
};
