import { describe, expect, it } from '@jest/globals';
import { decodeFact, Facts, findFactCodec, registry } from './index.js';

const mission: registry.MissionRegistered = { mission: 'PE', name: 'Lima', country: 'PE', timeZone: 'America/Lima', languages: ['es'] };

describe('the catalogue of facts', () => {
  it('reads back what it wrote', () => {
    const bytes = Facts.MissionRegistered.encode(mission);
    expect(decodeFact('commonground.registry.v1.MissionRegistered', bytes)).toEqual(mission);
  });

  it('knows every fact by its protobuf full name and puts it on its owner’s topic', () => {
    for (const [name, codec] of Object.entries(Facts)) {
      expect(codec.type).toBe(`${codec.topic}.${name}`);
      expect(findFactCodec(codec.type)).toBe(codec);
    }
  });

  it('says nothing about a type it does not know', () => {
    expect(decodeFact('commonground.registry.v1.FromTheFuture', new Uint8Array([8, 1]))).toBeUndefined();
  });

  it('refuses bytes that decode to a fact about nothing', () => {
    expect(() => decodeFact('commonground.registry.v1.MissionRegistered', new Uint8Array())).toThrow('names no mission');
    const nowhere = Facts.ParticipantWithdrawn.encode({ mission: 'PE', interventionId: '', participantId: '', code: '', side: '', reason: '' });
    expect(() => decodeFact('commonground.registry.v1.ParticipantWithdrawn', nowhere)).toThrow('names no intervention');
  });

  it('ignores fields it does not know', () => {
    const withUnknownField = Buffer.concat([Facts.MissionRegistered.encode(mission), Buffer.from([0xfa, 0x01, 0x01, 0x78])]);
    expect(decodeFact('commonground.registry.v1.MissionRegistered', withUnknownField)).toMatchObject({ mission: 'PE' });
  });
});
