import { describe, expect, it } from '@jest/globals';
import { InboxOfOne } from './inbox-of-one.js';

describe('what waits for one reader', () => {
  it('hands out everything that waits, each thing once', async () => {
    const inbox = new InboxOfOne<string>();
    for (const thing of ['a', 'b', 'a']) inbox.add(thing);
    expect(await inbox.take(1_000)).toEqual(['a', 'b']);
  });

  it('wakes a reader who waits, and lets a patient one look around', async () => {
    const inbox = new InboxOfOne<string>();
    expect(await inbox.take(5)).toEqual([]);
    const taking = inbox.take(10_000);
    inbox.add('a');
    expect(await taking).toEqual(['a']);
  });

  it('cuts a slow reader off', async () => {
    const inbox = new InboxOfOne<number>(3);
    expect([1, 2, 3, 4].map((thing) => inbox.add(thing))).toEqual([true, true, true, false]);
    expect(await inbox.take(10)).toBeUndefined();
  });

  it('ends for a reader who waits', async () => {
    const inbox = new InboxOfOne<number>();
    const taking = inbox.take(10_000);
    inbox.end();
    expect(await taking).toBeUndefined();
  });
});
