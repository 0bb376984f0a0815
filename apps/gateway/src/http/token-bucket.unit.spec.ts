import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBuckets } from './token-bucket.js';

describe('token buckets', () => {
  it('never let more through than burst and rate allow, however requests come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 }), (pauses) => {
        let now = 0;
        const buckets = new TokenBuckets(2, 5, () => now);
        let passed = 0;
        for (const pause of pauses) {
          now += pause;
          if (buckets.take('somebody')) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(5 + (now / 1_000) * 2 + 1e-9);
      }),
    );
  });

  it('count each key by itself', () => {
    const buckets = new TokenBuckets(1, 1, () => 0);
    expect([buckets.take('a'), buckets.take('a'), buckets.take('b')]).toEqual([true, false, true]);
  });
});
