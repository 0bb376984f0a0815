import { describe, expect, it } from '@jest/globals';
import { PortfolioReads } from './portfolio-reads.js';

const NEVER_MS = 600_000;

describe('whatever gives way to reads', () => {
  it('goes on at once when nobody reads', async () => {
    const reads = new PortfolioReads();
    expect(reads.areUnderWay).toBe(false);
    await reads.giveWay(NEVER_MS);
  });

  it('waits until the last of them has ended, however it ends', async () => {
    const reads = new PortfolioReads();
    const ends: (() => void)[] = [];
    const order: string[] = [];
    const read = (fails: boolean): Promise<unknown> =>
      reads.count(() => new Promise<void>((resolve, reject) => ends.push(() => (order.push('read'), fails ? reject(new Error('failed')) : resolve())))).catch(() => undefined);
    const under = [read(false), read(true)];
    const waiting = reads.giveWay(NEVER_MS).then(() => order.push('waited'));
    for (const end of ends) end();
    await Promise.all([...under, waiting]);
    expect(order).toEqual(['read', 'read', 'waited']);
  });

  it('goes on after a while, though somebody reads without end', async () => {
    const reads = new PortfolioReads();
    void reads.count(() => new Promise(() => undefined));
    await reads.giveWay(20);
    expect(reads.areUnderWay).toBe(true);
  });
});
