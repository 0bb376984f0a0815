import { setTimeout as pause } from 'node:timers/promises';

const RETRY_MS = 50;

/** A provider that was restarted has closed the connections that were kept open to it: the first request finds that out. */
export const fetchOnceMore: typeof fetch = (address, how) =>
  fetch(address, how).catch(async (error: unknown) => {
    if ((error as Error).name === 'TimeoutError') throw error;
    await pause(RETRY_MS);
    return fetch(address, how);
  });
