import { describe, expect, it } from '@jest/globals';
import { isCode, isMissionCode, isUuid } from './ids.js';

describe('codes and ids', () => {
  it('lets codes be words with single spaces, in any script', () => {
    expect(['E001', 'framingham_wellesley hills_p506-01', 'Çınaraltı', 'a'.repeat(64)].every(isCode)).toBe(true);
    expect(['', ' a', 'a ', 'a  b', '-a', 'a\tb', 'a/b', 'a'.repeat(65)].some(isCode)).toBe(false);
  });

  it('knows missions by country, with a suffix for a second office', () => {
    expect(['PE', 'TR-GZT'].every(isMissionCode)).toBe(true);
    expect(['pe', 'PER', 'PE-', '*', 'PE,TR'].some(isMissionCode)).toBe(false);
  });

  it('takes lower-case UUIDs only', () => {
    expect(isUuid('3b9f6a2e-6f0e-5b5c-9a53-0a7d5c3e1f10')).toBe(true);
    expect(isUuid('3B9F6A2E-6F0E-5B5C-9A53-0A7D5C3E1F10')).toBe(false);
  });
});
