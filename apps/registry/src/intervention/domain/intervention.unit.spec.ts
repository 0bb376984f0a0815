import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '@common-ground/kernel';
import fc from 'fast-check';
import { designIntervention, type DesignIntervention, type Enrolled, reviseIntervention } from './intervention.js';
import { DESIGNS, KINDS, MODALITIES } from './terms.js';

const now = new Date('2026-03-01T09:00:00Z');
const football: DesignIntervention = {
  id: '0198c0de-0000-4000-8000-000000000001',
  mission: 'PE',
  code: 'PE-football-2026',
  title: 'Football across the avenue',
  kind: 'celebrate-and-play',
  modalities: ['in-person'],
  startsOn: '2026-03-01',
  endsOn: '2026-11-30',
  aim: 'Girls and boys of both sides train together.\nTwice a week.',
  design: '',
  assignmentUnit: '',
  sides: [],
};
const nobody: Enrolled = { sides: [], withArm: false, withoutArm: false, withCluster: false, withoutCluster: false };

const refusalsOf = (work: () => unknown): readonly { code: string; path: readonly string[] }[] => {
  try {
    work();
  } catch (error) {
    if (isDomainError(error)) return error.refusals.map(({ code, path }) => ({ code, path }));
    throw error;
  }
  return [];
};
const refusalsOfDesign = (change: Partial<DesignIntervention>) => refusalsOf(() => designIntervention({ ...football, ...change }, now));

describe('designing an intervention', () => {
  it('fills in what was left out and tells one fact', () => {
    const { state, facts } = designIntervention(football, now);
    expect(state).toEqual({ ...football, design: 'none', sides: ['migrant', 'host'], designedAt: now, version: 1 });
    expect(facts).toEqual([{ type: 'InterventionDesigned', intervention: state }]);
  });

  it.each([
    [{ id: 'one' }, 'ID_INVALID', ['id']],
    [{ mission: 'peru' }, 'MISSION_CODE_INVALID', ['mission']],
    [{ code: 'has/slashes' }, 'CODE_INVALID', ['code']],
    [{ title: ' ' }, 'TEXT_MISSING', ['title']],
    [{ title: 'x'.repeat(201) }, 'TEXT_TOO_LONG', ['title']],
    [{ kind: 'party' }, 'VALUE_UNKNOWN', ['kind']],
    [{ modalities: [] }, 'LIST_SIZE_INVALID', ['modalities']],
    [{ modalities: ['in-person', 'by-post'] }, 'VALUE_UNKNOWN', ['modalities', '1']],
    [{ modalities: ['online', 'online'] }, 'VALUE_TWICE', ['modalities', '1']],
    [{ startsOn: '2026-02-30' }, 'DATE_INVALID', ['startsOn']],
    [{ endsOn: '2126-01-01' }, 'DATE_OUT_OF_RANGE', ['endsOn']],
    [{ endsOn: '2026-02-28' }, 'DATES_OUT_OF_ORDER', ['endsOn']],
    [{ aim: 'x'.repeat(4_001) }, 'TEXT_TOO_LONG', ['aim']],
    [{ aim: 'a\0b' }, 'TEXT_HAS_CONTROL_CHARACTERS', ['aim']],
    [{ design: 'crossover' }, 'VALUE_UNKNOWN', ['design']],
    [{ design: 'cluster-randomised' }, 'ASSIGNMENT_UNIT_MISSING', ['assignmentUnit']],
    [{ assignmentUnit: 'school' }, 'ASSIGNMENT_UNIT_WITHOUT_DESIGN', ['assignmentUnit']],
    [{ sides: ['host'] }, 'LIST_SIZE_INVALID', ['sides']],
    [{ sides: ['host', 'host'] }, 'VALUE_TWICE', ['sides', '1']],
    [{ sides: ['host', 'new/comer'] }, 'CODE_INVALID', ['sides', '1']],
  ])('refuses %j', (change, code, path) => {
    expect(refusalsOfDesign(change)).toEqual([{ code, path }]);
  });

  it('accepts every term of the glossary', () => {
    for (const kind of KINDS) expect(refusalsOfDesign({ kind })).toEqual([]);
    for (const design of DESIGNS) expect(refusalsOfDesign({ design, assignmentUnit: design === 'none' ? '' : 'school' })).toEqual([]);
    expect(refusalsOfDesign({ modalities: [...MODALITIES] })).toEqual([]);
  });

  it('refuses or accepts anything typed, and never breaks', () => {
    const text = fc.string({ unit: 'binary', maxLength: 250 });
    const anything = fc.record({ id: text, mission: text, code: text, title: text, kind: text, modalities: fc.array(text), startsOn: text, endsOn: text, aim: text, design: text, assignmentUnit: text, sides: fc.array(text) });
    fc.assert(fc.property(anything, (command) => expect(Array.isArray(refusalsOf(() => designIntervention(command, now)))).toBe(true)));
  });
});

describe('revising an intervention', () => {
  const { state: current } = designIntervention({ ...football, design: 'comparison' }, now);

  it('tells the whole of it as it is now, under the next version', () => {
    const { state, facts } = reviseIntervention(current, { ...current, title: 'Football and more' }, nobody);
    expect(state).toEqual({ ...current, title: 'Football and more', version: 2 });
    expect(facts).toEqual([{ type: 'InterventionRevised', intervention: state }]);
  });

  it('tells nothing when nothing changes', () => {
    expect(reviseIntervention(current, { ...current, sides: [] }, nobody)).toEqual({ state: current, facts: [] });
  });

  it('keeps mission, code and the day of design', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.constantFrom(...MODALITIES), (kind, modality) => {
        const { state } = reviseIntervention(current, { ...current, kind, modalities: [modality] }, nobody);
        expect([state.id, state.mission, state.code, state.designedAt]).toEqual([current.id, current.mission, current.code, current.designedAt]);
      }),
    );
  });

  it('refuses to drop a side on which people are enrolled', () => {
    const revise = () => reviseIntervention(current, { ...current, sides: ['host', 'returnee'] }, { ...nobody, sides: ['migrant'], withArm: true, withoutCluster: true });
    expect(refusalsOf(revise)).toEqual([{ code: 'SIDE_IN_USE', path: ['sides'] }]);
  });

  it.each([
    ['none', { withArm: true, withoutCluster: true }, false],
    ['none', { withoutArm: true, withoutCluster: true }, true],
    ['waitlist', { withArm: true, withoutCluster: true }, true],
    ['waitlist', { withoutArm: true, withoutCluster: true }, false],
    ['cluster-randomised', { withArm: true, withoutCluster: true }, false],
    ['cluster-randomised', { withArm: true, withCluster: true }, true],
    ['individually-randomised', { withArm: true, withCluster: true }, false],
    ['individually-randomised', { withArm: true, withoutCluster: true }, true],
  ])('takes the design %s where %j: %p', (design, enrolled, taken) => {
    const assignmentUnit = design === 'none' ? '' : 'school';
    const revise = () => reviseIntervention(current, { ...current, design, assignmentUnit }, { ...nobody, ...enrolled });
    expect(refusalsOf(revise)).toEqual(taken ? [] : [{ code: 'DESIGN_IN_USE', path: ['design'] }]);
  });
});
