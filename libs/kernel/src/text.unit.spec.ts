import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkBatchSize, refuseCode, refuseDate, refuseDateOrder, refuseMoment, refuseText, tidy } from './index.js';

describe('rules for text', () => {
  it('counts characters as people see code points, not as UTF-16 does', () => {
    expect(refuseText(['title'], '🎭'.repeat(200), { max: 200 })).toBeUndefined();
    expect(refuseText(['title'], '🎭'.repeat(201), { max: 200 })?.code).toBe('TEXT_TOO_LONG');
  });

  it.each(['a\0b', 'a\u0007', 'a\u0085b', 'a\ud800b', 'two\nlines'])('refuses %j on one line', (value) => {
    expect(refuseText(['title'], value, { max: 10 })?.code).toBe('TEXT_HAS_CONTROL_CHARACTERS');
  });

  it('lets line ends through where several lines are meant', () => {
    expect(refuseText(['aim'], 'one\r\n\ttwo', { max: 20, multiline: true })).toBeUndefined();
    expect(refuseText(['aim'], 'one\0two', { max: 20, multiline: true })?.code).toBe('TEXT_HAS_CONTROL_CHARACTERS');
  });

  it('says so when a text is missing', () => {
    expect(refuseText(['title'], tidy('  '), { min: 1, max: 20 })).toMatchObject({ code: 'TEXT_MISSING', path: ['title'] });
  });

  it('composes characters, once and for all', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (value) => expect(tidy(tidy(value))).toBe(tidy(value))));
    expect(tidy(' Lima\u0301 ')).toBe('Lim\u00e1');
  });

  it('names codes that are none', () => {
    expect(refuseCode(['code'], 'PE-2026.1')).toBeUndefined();
    expect(refuseCode(['code'], 'a  b')?.message).toContain('"a  b"');
    expect(refuseCode(['code'], 'x'.repeat(65))?.code).toBe('CODE_INVALID');
  });
});

describe('rules for dates', () => {
  it('takes every day between its limits', () => {
    const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
    fc.assert(fc.property(day, (value) => expect(refuseDate(['startsOn'], value)).toBeUndefined()));
  });

  it.each(['2026-02-30', '2026-13-01', '26-01-01', '', '2026-1-1', '2026-01-01T00:00:00Z'])('refuses %j', (value) => {
    expect(refuseDate(['startsOn'], value)?.code).toBe('DATE_INVALID');
  });

  it.each(['1989-12-31', '2100-01-01', '9999-12-31'])('doubts %j', (value) => {
    expect(refuseDate(['startsOn'], value)?.code).toBe('DATE_OUT_OF_RANGE');
  });

  it('doubts moments likewise', () => {
    expect(refuseMoment(['startsAt'], new Date('2026-01-01T10:00:00Z'))).toBeUndefined();
    expect(refuseMoment(['startsAt'], undefined)?.code).toBe('MOMENT_INVALID');
    expect(refuseMoment(['startsAt'], new Date(Number.NaN))?.code).toBe('MOMENT_INVALID');
    expect(refuseMoment(['startsAt'], new Date('+020000-01-01T00:00:00Z'))?.code).toBe('MOMENT_OUT_OF_RANGE');
    expect(refuseMoment(['startsAt'], new Date('1800-01-01T00:00:00Z'))?.code).toBe('MOMENT_OUT_OF_RANGE');
  });

  it('wants the end after the start', () => {
    expect(refuseDateOrder(['endsOn'], '2026-01-02', '2026-01-01')?.path).toEqual(['endsOn']);
    expect(refuseDateOrder(['endsOn'], '2026-01-02', '2026-01-02')).toBeUndefined();
  });
});

describe('batches', () => {
  it('refuses none and too many', () => {
    expect(() => checkBatchSize('rows', [])).toThrow('at least one');
    expect(() => checkBatchSize('rows', Array(1_001).fill(0))).toThrow('1001 rows');
  });
});
