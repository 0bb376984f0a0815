import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SecretBox } from './secret-box.js';

const box = new SecretBox([randomBytes(32)]);

describe('the box for secrets', () => {
  it('opens what it sealed, and never seals the same twice', () => {
    fc.assert(fc.property(fc.string(), fc.uuid(), (text, row) => box.open(box.seal(text, row), row) === text));
    expect(box.seal('a', 'row')).not.toEqual(box.seal('a', 'row'));
  });

  it('opens nothing that was altered, moved to another row, or sealed with another key', () => {
    const sealed = box.seal('alerts@example.org', 'row');
    expect(sealed.includes('alerts')).toBe(false);
    expect(() => box.open(sealed, 'other')).toThrow();
    expect(() => new SecretBox([randomBytes(32)]).open(sealed, 'row')).toThrow();
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
      expect(() => box.open(altered, 'row')).toThrow();
    }
    expect(() => box.open(Buffer.alloc(0), 'row')).toThrow();
  });

  it('seals with its first key, opens with each, and tells which are sealed with the first', () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)];
    const before = new SecretBox([old]);
    const between = new SecretBox([fresh, old]);
    const after = new SecretBox([fresh]);
    const sealed = before.seal('alerts@example.org', 'row');
    expect([between.open(sealed, 'row'), between.isCurrent(sealed, 'row')]).toEqual(['alerts@example.org', false]);
    const again = between.seal(between.open(sealed, 'row'), 'row');
    expect([after.open(again, 'row'), between.isCurrent(again, 'row'), between.isCurrent(again, 'other')]).toEqual(['alerts@example.org', true, false]);
    expect(() => before.open(again, 'row')).toThrow();
    expect([between.digest('a'), before.digest('a') === between.digest('a')]).toEqual([after.digest('a'), false]);
  });

  it('needs keys of 32 bytes, one at least', () => {
    for (const keys of [[], [randomBytes(31)], [randomBytes(32), randomBytes(33)]]) expect(() => new SecretBox(keys)).toThrow(/key/);
  });
});
