import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from './index.js';

describe('the digest of a command', () => {
  it('does not depend on the order of names', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (payload) => {
        const reversed = Object.fromEntries(Object.entries(payload).reverse());
        expect(digestOf(reversed)).toBe(digestOf(payload));
      }),
    );
  });

  it('differs when the content does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other) && typeof one !== 'object' && typeof other !== 'object');
        expect(digestOf(one)).not.toBe(digestOf(other));
      }),
    );
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
    expect(digestOf({ a: { b: 1 } })).not.toBe(digestOf({ a: { b: 2 } }));
  });

  it('takes whatever a decoded message holds', () => {
    const at = new Date('2026-03-01T10:00:00Z');
    expect(digestOf({ at, bytes: new Uint8Array([1, 2]), big: 5n, missing: undefined })).toBe(digestOf({ big: 5n, bytes: new Uint8Array([1, 2]), at: new Date(at) }));
    expect(digestOf({ bytes: new Uint8Array([1, 2]) })).not.toBe(digestOf({ bytes: new Uint8Array([2, 1]) }));
    expect(() => digestOf({ at: new Date(Number.NaN) })).not.toThrow();
    expect(digestOf(undefined)).toHaveLength(64);
  });
});
