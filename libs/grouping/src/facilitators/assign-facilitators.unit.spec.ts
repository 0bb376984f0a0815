import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { assignFacilitators, type FacilitatedGroup, type Facilitator } from './assign-facilitators.js';

const group = (id: string, ...people: readonly (readonly [string, string])[]): FacilitatedGroup => ({ id, people: people.map(([side, language], at) => ({ id: `${id}${at}`, side, languages: [language] })) });
const spanish = group('es', ['host', 'es-PE'], ['host', 'es'], ['migrant', 'es']);
const arabic = group('ar', ['host', 'tr'], ['migrant', 'ar'], ['migrant', 'ar']);

describe('facilitators for groups', () => {
  it('go where most people understand them', () => {
    const facilitators: Facilitator[] = [{ code: 'F1', languages: ['ar', 'tr'] }, { code: 'F2', languages: ['es'] }];
    expect(assignFacilitators([spanish, arabic], facilitators)).toEqual({
      assignments: [{ group: 'es', facilitator: 'F2', understoodBy: 1, withFewest: false }, { group: 'ar', facilitator: 'F1', understoodBy: 1, withFewest: false }],
      missing: [],
    });
  });

  it('stand by those who are fewest, where languages are equal', () => {
    const facilitators: Facilitator[] = [{ code: 'H', languages: ['es'], background: 'host' }, { code: 'M', languages: ['es'], background: 'migrant' }];
    const other = group('other', ['migrant', 'es'], ['migrant', 'es'], ['host', 'es']);
    expect(assignFacilitators([spanish, other], facilitators).assignments.map(({ group: id, facilitator, withFewest }) => [id, facilitator, withFewest])).toEqual([['es', 'M', true], ['other', 'H', true]]);
  });

  it('say which groups have none, and why', () => {
    expect(assignFacilitators([spanish, arabic], [{ code: 'F2', languages: ['es'] }]).missing).toEqual([{ group: 'ar', because: 'no-shared-language' }]);
    expect(assignFacilitators([spanish, group('es2', ['host', 'es'])], [{ code: 'F2', languages: ['es'] }]).missing).toHaveLength(1);
    expect(assignFacilitators([spanish], []).missing).toEqual([{ group: 'es', because: 'too-few' }]);
    expect(() => assignFacilitators([spanish], [{ code: 'F', languages: [] }, { code: 'F', languages: [] }])).toThrow('facilitators[1]: F is given twice');
  });

  it('are each in one group, and leave none without that could have one', () => {
    const language = fc.constantFrom('es', 'ar', 'tr');
    const people = fc.array(fc.record({ side: fc.constantFrom('host', 'migrant'), languages: fc.array(language, { maxLength: 2 }) }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(people, { minLength: 1, maxLength: 5 }), fc.array(fc.array(language, { maxLength: 2 }), { maxLength: 5 }), (groups, speak) => {
        const named = groups.map((members, at) => ({ id: String(at), people: members.map((one, index) => ({ ...one, id: `${at}-${index}` })) }));
        const facilitators = speak.map((languages, at) => ({ code: `F${at}`, languages }));
        const { assignments, missing } = assignFacilitators(named, facilitators);
        expect(new Set(assignments.map(({ facilitator }) => facilitator)).size).toBe(assignments.length);
        expect(assignments.length + missing.length).toBe(groups.length);
        for (const { understoodBy } of assignments) expect(understoodBy).toBeGreaterThan(0);
        const idle = facilitators.filter(({ code }) => !assignments.some(({ facilitator }) => facilitator === code));
        // Whoever is idle could take none of the groups that have nobody.
        for (const { group: id } of missing)
          for (const { languages } of idle)
            expect(named.find((one) => one.id === id)?.people.some((person) => person.languages.length === 0 || person.languages.some((spoken) => languages.includes(spoken)))).toBe(false);
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});
