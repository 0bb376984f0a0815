import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateScalar, DateTimeScalar } from './scalars.js';

describe('moments', () => {
  it('are read with their offset and written in UTC', () => {
    expect(DateTimeScalar.parseValue('2026-03-14T18:30:00+01:00')).toEqual(new Date('2026-03-14T17:30:00Z'));
    fc.assert(
      fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (moment) => {
        expect(DateTimeScalar.parseValue(DateTimeScalar.serialize(moment))).toEqual(moment);
      }),
    );
  });

  it.each(['2026-03-14', '2026-03-14T18:30:00', '2026-02-30T10:00:00Z', '2026-03-14T25:00:00Z', '2026-03-14 18:30:00Z', '', 'now', 5, null])('refuse %p', (value) => {
    expect(() => DateTimeScalar.parseValue(value)).toThrow(/DateTime|no such moment/);
  });
});

describe('days', () => {
  it.each(['2026-02-29', '2026-13-01', '14.03.2026', '2026-3-14', '', 20260314])('refuse %p', (value) => {
    expect(() => DateScalar.parseValue(value)).toThrow(/Date is written|no such day/);
  });

  it('stay what they are', () => expect(DateScalar.parseValue('2028-02-29')).toBe('2028-02-29'));
});
