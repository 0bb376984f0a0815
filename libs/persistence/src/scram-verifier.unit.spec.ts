import { describe, expect, it } from '@jest/globals';
import { scramVerifier } from './scram-verifier.js';

describe('a password verifier', () => {
  it('is what the standard’s example says (RFC 7677, section 3)', () => {
    expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('differs each time and never shows the password', () => {
    expect(scramVerifier('open sesame')).not.toBe(scramVerifier('open sesame'));
    expect(scramVerifier('open sesame')).not.toContain('sesame');
  });

  it.each(['', 'pässword', 'a\0b', 'x'.repeat(201)])('refuses %j', (password) => {
    expect(() => scramVerifier(password)).toThrow('printable ASCII');
  });
});
