import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { estimated } from '../golden/golden-rows.fixture.js';
import { mcnemarExact, newcombeInterval, newcombePairedInterval, wilsonInterval } from './proportions.js';

const count = fc.integer({ min: 0, max: 40 });
const answers = fc.record({ both: count, onlyBefore: count, onlyAfter: count, neither: count });

describe('wilsonInterval', () => {
  it('is that of R without continuity correction', () => {
    const result = estimated(wilsonInterval({ events: 3, total: 20 }));
    expect(result.intervalLow).toBeCloseTo(0.0523687458962166, 12);
    expect(result.intervalHigh).toBeCloseTo(0.360418864740757, 12);
    expect(result).toMatchObject({ estimate: 0.15, n: 20, method: 'wilson' });
  });

  it('stays within 0 and 1, holds the share, and mirrors it', () => {
    fc.assert(
      fc.property(count, count, (events, others) => {
        const total = events + others;
        const there = wilsonInterval({ events, total });
        if (!there.estimable) return expect(total).toBe(0);
        const mirrored = estimated(wilsonInterval({ events: others, total }));
        expect(there.intervalLow).toBeGreaterThanOrEqual(0);
        expect(there.intervalHigh).toBeLessThanOrEqual(1);
        expect(there.intervalLow).toBeLessThanOrEqual(there.estimate);
        expect(there.intervalHigh).toBeGreaterThanOrEqual(there.estimate);
        expect(mirrored.intervalLow).toBeCloseTo(1 - there.intervalHigh, 12);
      }),
    );
  });

  it('refuses what is no count', () => {
    expect(wilsonInterval({ events: 0, total: 0 })).toEqual({ estimable: false, because: 'zero-total' });
    expect(() => wilsonInterval({ events: 3, total: 2 })).toThrow('share.events must be at most its total (2), not 3');
    expect(() => wilsonInterval({ events: 0.5, total: 2 })).toThrow('share.events must be a whole number');
  });
});

describe('newcombeInterval', () => {
  it("is that of the paper's first example: 56 of 70 against 48 of 80", () => {
    const result = estimated(newcombeInterval({ events: 48, total: 80 }, { events: 56, total: 70 }));
    expect(result.estimate).toBeCloseTo(0.2, 12);
    expect(result.intervalLow).toBeCloseTo(0.0524, 4);
    expect(result.intervalHigh).toBeCloseTo(0.3339, 4);
  });

  it('says when an arm has nobody', () => {
    expect(newcombeInterval({ events: 0, total: 0 }, { events: 1, total: 2 })).toEqual({
      estimable: false,
      because: 'arm-missing',
    });
  });
});

describe('newcombePairedInterval', () => {
  it('is wider without correlation and narrower with it, inside -1 and 1, mirrored by time', () => {
    fc.assert(
      fc.property(answers, (one) => {
        const there = newcombePairedInterval(one);
        if (!there.estimable) return;
        const back = estimated(newcombePairedInterval({ ...one, onlyBefore: one.onlyAfter, onlyAfter: one.onlyBefore }));
        expect(back.intervalLow).toBeCloseTo(-there.intervalHigh, 12);
        expect(there.intervalLow).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(there.intervalHigh).toBeLessThanOrEqual(1 + 1e-12);
        expect(there.intervalLow).toBeLessThanOrEqual(there.estimate);
        expect(there.intervalHigh).toBeGreaterThanOrEqual(there.estimate);
      }),
    );
    const alike = estimated(newcombePairedInterval({ both: 40, onlyBefore: 2, onlyAfter: 6, neither: 40 }));
    const unlike = estimated(newcombePairedInterval({ both: 20, onlyBefore: 22, onlyAfter: 26, neither: 20 }));
    expect(alike.estimate).toBeCloseTo(unlike.estimate, 12);
    expect(alike.intervalHigh - alike.intervalLow).toBeLessThan(unlike.intervalHigh - unlike.intervalLow);
  });

  it('is that of independent shares where answers have no correlation', () => {
    const paired = estimated(newcombePairedInterval({ both: 12, onlyBefore: 12, onlyAfter: 18, neither: 18 }));
    const apart = estimated(newcombeInterval({ events: 24, total: 60 }, { events: 30, total: 60 }));
    expect(paired.intervalLow).toBeCloseTo(apart.intervalLow, 12);
    expect(paired.intervalHigh).toBeCloseTo(apart.intervalHigh, 12);
  });
});

describe('mcnemarExact', () => {
  it('is the sign test of those who changed (R: binom.test(2, 14))', () => {
    const result = estimated(mcnemarExact({ both: 30, onlyBefore: 2, onlyAfter: 12, neither: 6 }));
    expect(result.pValue).toBeCloseTo(0.012939453125, 12);
    expect(result).toMatchObject({ n: 50, changed: 14 });
    expect(estimated(mcnemarExact({ both: 0, onlyBefore: 3, onlyAfter: 3, neither: 0 })).pValue).toBe(1);
    expect(mcnemarExact({ both: 9, onlyBefore: 0, onlyAfter: 0, neither: 9 })).toEqual({
      estimable: false,
      because: 'no-variation',
    });
  });
});
