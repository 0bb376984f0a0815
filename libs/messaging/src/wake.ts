import { EventEmitter } from 'node:events';

/** Within one process nobody needs to wait for a poll: whoever writes wakes whoever reads. Names are databases or topics. */
const bell = new EventEmitter().setMaxListeners(0);

export const wake = (name: string): void => void bell.emit(name);

/** Waits until woken or until the time has passed, whichever is first. */
export const sleepUntilWoken = (names: readonly string[], milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const name of names) bell.off(name, done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    for (const name of names) bell.once(name, done);
    signal?.addEventListener('abort', done, { once: true });
    if (signal?.aborted) done();
  });
