import { describe, expect, it } from '@jest/globals';
import { soakOnItsOwn } from './soak-on-its-own.js';

const FACTS = 4_000;

describe('a short soak', () => {
  it('keeps every invariant while processes, servers and connections are broken at random', async () => {
    const report = await soakOnItsOwn({ facts: FACTS, seed: 3, transport: 'postgres' }, () => undefined);
    expect(report.breaches).toEqual([]);
    expect(report.facts).toBeGreaterThanOrEqual(FACTS);
  }, 600_000);
});
