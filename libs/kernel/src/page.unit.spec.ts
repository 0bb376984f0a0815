import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cursorOf, isDomainError, pageOf, readPage } from './index.js';

describe('pages of a list', () => {
  it('gives back the sort keys that a cursor was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }).filter((key) => !key.includes('\0')), { minLength: 1, maxLength: 4 }), (keys) => {
        expect(readPage({ first: 1, after: cursorOf(keys) }).after).toEqual(keys);
      }),
    );
  });

  it('refuses cursors it never gave, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (after) => {
        try {
          readPage({ first: 10, after }, 2);
        } catch (error) {
          expect(isDomainError(error) && error.code).toBe('CURSOR_INVALID');
        }
      }),
    );
    expect(() => readPage({ first: 10, after: cursorOf(['one']) }, 2)).toThrow('cursor');
    expect(() => readPage({ first: 10, after: cursorOf(['a\0b']) })).toThrow('cursor');
  });

  it.each([0, -1, 101, 1.5, Number.NaN])('refuses %p rows', (first) => {
    expect(() => readPage({ first, after: '' })).toThrow('1 to 100');
  });

  it('knows that more follows by the one row too many', () => {
    const { rows, pageInfo } = pageOf(['a', 'b', 'c'], { limit: 2 }, 9, (row) => [row]);
    expect(rows).toEqual(['a', 'b']);
    expect(pageInfo).toEqual({ hasNextPage: true, endCursor: cursorOf(['b']), totalCount: 9 });
    expect(pageOf([], { limit: 2 }, 0, (row: string) => [row]).pageInfo.endCursor).toBe('');
  });
});
