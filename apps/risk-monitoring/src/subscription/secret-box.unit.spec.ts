import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SecretBox } from './secret-box.js';

const box = new SecretBox(randomBytes(32));

describe('the box for secrets', () => {
  it('opens what it sealed, and never seals the same twice', () => {
    fc.assert(fc.property(fc.string(), fc.uuid(), (text, row) => box.open(box.seal(text, row), row) === text));
    expect(box.seal('a', 'row')).not.toEqual(box.seal('a', 'row'));
  });

  it('opens nothing that was altered, moved to another row, or sealed with another key', () => {
    const sealed = box.seal('alerts@example.org', 'row');
    expect(sealed.includes('alerts')).toBe(false);
    expect(() => box.open(sealed, 'other')).toThrow();
    expect(() => new SecretBox(randomBytes(32)).open(sealed, 'row')).toThrow();
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
      expect(() => box.open(altered, 'row')).toThrow();
    }
    expect(() => box.open(Buffer.alloc(0), 'row')).toThrow();
  });
});
