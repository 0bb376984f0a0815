import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDomainError } from '@common-ground/kernel';
import { checkInstrument, type Item, publishInstrument, type PublishInstrument } from './instrument.js';

const item: Item = { code: 'trust', text: 'I trust them', scale: '1-5', minimum: 1, maximum: 5, higherIs: 'better', primary: true };
const command: PublishInstrument = { id: '11111111-1111-4111-8111-111111111111', mission: 'PE', code: 'feelings', title: 'Feelings', items: [item] };

const refusalsOf = (change: Partial<PublishInstrument>): string[] => {
  try {
    checkInstrument({ ...command, ...change });
    return [];
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return error.refusals.map(({ code, path }) => `${code} ${path.join('.')}`);
  }
};

describe('checkInstrument', () => {
  it('tidies what it keeps', () => {
    expect(checkInstrument({ ...command, title: ' Feelings ', items: [{ ...item, code: ' trust ', text: ' I trust them\n' }] })).toEqual(command);
  });

  it.each<[string, Partial<Item>]>([
    ['CODE_INVALID items.0.code', { code: 'two/words' }],
    ['TEXT_MISSING items.0.text', { text: ' ' }],
    ['TEXT_TOO_LONG items.0.text', { text: 'x'.repeat(4_001) }],
    ['TEXT_HAS_CONTROL_CHARACTERS items.0.scale', { scale: '1\u0000-5' }],
    ['RANGE_INVALID items.0.maximum', { minimum: 5 }],
    ['RANGE_INVALID items.0.minimum', { minimum: Number.NaN }],
    ['RANGE_INVALID items.0.maximum', { maximum: Infinity }],
    ['VALUE_UNKNOWN items.0.higherIs', { higherIs: 'good' }],
  ])('refuses with %s', (refusal, change) => {
    expect(refusalsOf({ items: [{ ...item, ...change }] })).toEqual([refusal]);
  });

  it('tells everything that is wrong at once', () => {
    expect(refusalsOf({ id: 'x', code: '', title: '', items: [item, { ...item, text: '' }] })).toEqual([
      'ID_INVALID id',
      'CODE_INVALID code',
      'TEXT_MISSING title',
      'ITEM_TWICE items.1.code',
      'TEXT_MISSING items.1.text',
    ]);
    expect(refusalsOf({ items: [] })).toEqual(['ITEMS_MISSING items']);
    expect(refusalsOf({ items: Array.from({ length: 201 }, (_, index) => ({ ...item, code: `i${index}` })) })).toEqual(['ITEMS_TOO_MANY items']);
  });

  it('takes or refuses anything, and throws nothing else', () => {
    const any = fc.record({ code: fc.string(), text: fc.string(), scale: fc.string(), minimum: fc.double(), maximum: fc.double(), higherIs: fc.string(), primary: fc.boolean() });
    fc.assert(
      fc.property(fc.record({ id: fc.string(), mission: fc.string(), code: fc.string(), title: fc.string(), items: fc.array(any) }), (wild) => {
        refusalsOf(wild);
      }),
    );
  });
});

describe('publishInstrument', () => {
  it('counts versions of a code up', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    const { state, facts } = publishInstrument(command, 2, now);
    expect(state).toEqual({ ...command, version: 3, publishedAt: now });
    expect(facts).toEqual([{ type: 'InstrumentPublished', instrument: state }]);
  });
});
