import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '@common-ground/kernel';
import fc from 'fast-check';
import { isCountry } from './countries.js';
import { registerMission, type RegisterMission } from './mission.js';

const now = new Date('2026-03-01T09:00:00Z');
const lima: RegisterMission = { mission: 'PE', name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es', 'qu'] };

const refusalsOf = (command: RegisterMission): readonly { code: string; path: readonly string[] }[] => {
  try {
    registerMission(command, now);
  } catch (error) {
    if (isDomainError(error)) return error.refusals.map(({ code, path }) => ({ code, path }));
    throw error;
  }
  return [];
};

describe('registering a mission', () => {
  it('tells one fact that holds all of it', () => {
    const { state, facts } = registerMission(lima, now);
    expect(state).toEqual({ ...lima, registeredAt: now });
    expect(facts).toEqual([{ type: 'MissionRegistered', mission: state }]);
  });

  it('writes languages in their canonical form, each once, and names composed', () => {
    const { state } = registerMission({ ...lima, name: ' Peru\u0301 ', languages: ['ES-pe', 'es-PE', 'zh-hans'] }, now);
    expect(state).toMatchObject({ name: 'Per\u00fa', languages: ['es-PE', 'zh-Hans'] });
  });

  it.each([
    ['mission', 'MISSION_CODE_INVALID', ['', 'P', 'peru', 'PE-', 'PE-123456789', 'PE\0']],
    ['name', 'TEXT_MISSING', ['', '  ']],
    ['name', 'TEXT_TOO_LONG', ['x'.repeat(201)]],
    ['name', 'TEXT_HAS_CONTROL_CHARACTERS', ['Li\0ma', 'Li\nma']],
    ['country', 'COUNTRY_UNKNOWN', ['', 'XX', 'pe', 'EU', 'UK', 'PER']],
    ['timeZone', 'TIME_ZONE_UNKNOWN', ['', 'Lima', 'America/Limo', '+02:00', 'america/lima', 'x'.repeat(5_000)]],
  ] as const)('refuses a wrong %s as %s', (field, code, values) => {
    for (const value of values) expect(refusalsOf({ ...lima, [field]: value })).toEqual([{ code, path: [field] }]);
  });

  it('says how a time zone is spelt', () => {
    expect(() => registerMission({ ...lima, timeZone: 'america/lima' }, now)).toThrow('America/Lima');
  });

  it('knows time zones by their old names too', () => {
    expect(refusalsOf({ ...lima, timeZone: 'US/Eastern' })).toEqual([]);
    expect(refusalsOf({ ...lima, timeZone: 'UTC' })).toEqual([]);
  });

  it.each([
    [[], ['languages'], 'LANGUAGE_MISSING'],
    [['es', 'spanish language'], ['languages', '1'], 'LANGUAGE_INVALID'],
    [Array<string>(21).fill('es'), ['languages'], 'LANGUAGES_TOO_MANY'],
  ])('refuses the languages %j', (languages, path, code) => {
    expect(refusalsOf({ ...lima, languages })).toEqual([{ code, path }]);
  });

  it('names everything that is wrong at once', () => {
    expect(refusalsOf({ mission: '', name: '', country: '', timeZone: '', languages: [] }).map(({ path }) => path[0])).toEqual(['mission', 'name', 'country', 'timeZone', 'languages']);
  });

  it('refuses or accepts anything typed, and never breaks', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(fc.record({ mission: text, name: text, country: text, timeZone: text, languages: fc.array(text) }), (command) => {
        expect(Array.isArray(refusalsOf(command))).toBe(true);
      }),
    );
  });

  it('knows the 249 countries of ISO 3166-1, and no reserved code', () => {
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
    const known = letters.flatMap((one) => letters.map((other) => one + other)).filter(isCountry);
    expect(known).toHaveLength(249);
    expect(['EU', 'UK', 'XK', 'ZZ', 'SU'].filter(isCountry)).toEqual([]);
  });
});
