import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@common-ground/kernel';
import fc from 'fast-check';
import { ERROR_KINDS, ERROR_TABLE } from './error-table.js';
import { decodeError, encodeError } from './wire-error.js';

describe('the error table', () => {
  it('gives every kind its own number in every protocol', () => {
    expect(ERROR_KINDS).toHaveLength(6);
    for (const protocol of ['grpc', 'http', 'graphql'] as const) expect(new Set(ERROR_KINDS.map((kind) => ERROR_TABLE[kind][protocol])).size).toBe(ERROR_KINDS.length);
  });

  it('never passes a mistake of a person off as a bug', () => {
    for (const kind of ERROR_KINDS) expect([status.OK, status.UNKNOWN, status.INTERNAL]).not.toContain(ERROR_TABLE[kind].grpc);
  });
});

const anError = fc.record({ kind: fc.constantFrom(...ERROR_KINDS), code: fc.stringMatching(/^[A-Z_]{1,30}$/), message: fc.string({ maxLength: 1_000 }), path: fc.array(fc.string(), { maxLength: 6 }) });

describe('errors on the wire', () => {
  it('arrive as they were sent', () => {
    fc.assert(
      fc.property(anError, ({ kind, code, message, path }) => {
        const back = decodeError(encodeError(new DomainError(kind, code, message, { path, limit: 3, strict: true })));
        expect(back).toMatchObject({ name: 'DomainError', kind, code, message, details: { path, limit: 3, strict: true }, refusals: [{ code, message, path }] });
      }),
    );
  });

  it('stay small enough for metadata, however much was wrong', () => {
    const refusals = Array.from({ length: 1_000 }, (_, row) => ({ code: 'ROW_WRONG', message: 'é'.repeat(900), path: ['rows', String(row)] }));
    const bytes = encodeError(new DomainError('invalid', 'ROW_WRONG', 'é'.repeat(5_000), { path: [] }, refusals));
    expect(bytes.length).toBeLessThanOrEqual(12_000);
    expect(decodeError(bytes)?.refusals.length).toBeGreaterThan(1);
    expect(encodeError(new DomainError('invalid', 'LONG', 'long', { path: ['x'.repeat(20_000)] })).length).toBeLessThanOrEqual(12_000);
  });

  it('make no error of bytes that are none', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(decodeError(bytes)).toBeUndefined()));
    for (const kind of ['constructor', 'toString', 'internal']) expect(decodeError(Buffer.from(JSON.stringify({ kind, code: 'X', message: 'x' })))).toBeUndefined();
  });
});
