import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { enrolParticipants, exceptTaken, type Present, type Setting } from './enrolment.js';
import { type NewParticipant, type Participant, withdrawParticipant } from './participant.js';
import { AGE_BANDS, ARMS, GENDERS, PRIOR_CONTACTS, WITHDRAWAL_REASONS } from './terms.js';

const now = new Date('2026-03-01T09:00:00Z');
const later = new Date('2026-05-01T09:00:00Z');
const idOf = (index: number): string => `0198c0de-0000-4000-8000-${String(index).padStart(12, '0')}`;
const football: Setting = { id: idOf(9_000), mission: 'PE', design: 'none', sides: ['migrant', 'host'] };
const person = (index: number, change: Partial<NewParticipant> = {}): NewParticipant => ({
  id: idOf(index),
  code: `P${index}`,
  side: 'migrant',
  ageBand: '18-24',
  gender: 'woman',
  languages: ['es'],
  priorContact: 'some',
  arm: '',
  cluster: '',
  stratum: '',
  ...change,
});
const nobody: Present = { participants: [], armOfCluster: new Map() };
const enrol = (rows: readonly NewParticipant[], setting: Partial<Setting> = {}, present: Partial<Present> = {}) =>
  enrolParticipants({ ...football, ...setting }, rows, { ...nobody, ...present }, now);
const verdicts = (...[rows, setting, present]: Parameters<typeof enrol>) => enrol(rows, setting, present).outcomes.map(({ outcome, code, path }) => (outcome === 'refused' ? [code, ...path] : [outcome]));

describe('enrolling people', () => {
  it('accepts each sound row and tells one fact a person', () => {
    const { outcomes, state, facts } = enrol([person(1), person(2, { side: 'host', ageBand: '', gender: '', priorContact: '', languages: [] })]);
    expect(outcomes.map(({ row, outcome }) => [row, outcome])).toEqual([[0, 'accepted'], [1, 'accepted']]);
    expect(state[0]).toMatchObject({ ...person(1), mission: 'PE', interventionId: football.id, status: 'enrolled', enrolledAt: now, version: 1 });
    expect(facts.map(({ participant }) => participant.id)).toEqual([idOf(1), idOf(2)]);
  });

  it.each([
    [{ id: 'nobody' }, ['ID_INVALID', 'id']],
    [{ code: '' }, ['CODE_INVALID', 'code']],
    [{ code: 'A/B' }, ['CODE_INVALID', 'code']],
    [{ side: 'visitor' }, ['SIDE_UNKNOWN', 'side']],
    [{ ageBand: '20-30' }, ['VALUE_UNKNOWN', 'ageBand']],
    [{ gender: 'f' }, ['VALUE_UNKNOWN', 'gender']],
    [{ priorContact: 'often' }, ['VALUE_UNKNOWN', 'priorContact']],
    [{ languages: ['es', '??'] }, ['LANGUAGE_INVALID', 'languages', '1']],
    [{ arm: 'treatment' }, ['DESIGN_HAS_NO_ARMS', 'arm']],
    [{ cluster: 'north' }, ['DESIGN_HAS_NO_ARMS', 'cluster']],
    [{ stratum: '3' }, ['DESIGN_HAS_NO_ARMS', 'stratum']],
    [{ cluster: 'x'.repeat(65) }, ['TEXT_TOO_LONG', 'cluster']],
    [{ stratum: 'a\0b' }, ['TEXT_HAS_CONTROL_CHARACTERS', 'stratum']],
  ])('refuses the row with %j and keeps nobody else out', (change, verdict) => {
    expect(verdicts([person(1, change), person(2)])).toEqual([verdict, ['accepted']]);
  });

  it.each([
    ['comparison', {}, ['ARM_MISSING', 'arm']],
    ['waitlist', {}, ['ARM_MISSING', 'arm']],
    ['comparison', { arm: 'control' }, ['VALUE_UNKNOWN', 'arm']],
    ['comparison', { arm: 'comparison', cluster: 'north', stratum: '3' }, ['accepted']],
    ['individually-randomised', { arm: 'treatment', stratum: '3' }, ['accepted']],
    ['individually-randomised', { arm: 'treatment', cluster: 'north' }, ['DESIGN_HAS_NO_CLUSTERS', 'cluster']],
    ['cluster-randomised', { arm: 'treatment' }, ['CLUSTER_MISSING', 'cluster']],
    ['cluster-randomised', { cluster: 'north' }, ['ARM_MISSING', 'arm']],
    ['cluster-randomised', { arm: 'treatment', cluster: 'north' }, ['accepted']],
  ])('in a %s design answers %j with %j', (design, change, verdict) => {
    expect(verdicts([person(1, change)], { design })).toEqual([verdict]);
  });

  it('keeps a cluster in one arm, within a batch and against those enrolled before', () => {
    const rows = [person(1, { arm: 'treatment', cluster: 'north' }), person(2, { arm: 'comparison', cluster: 'north' }), person(3, { arm: 'comparison', cluster: 'south' })];
    expect(verdicts(rows, { design: 'cluster-randomised' }, { armOfCluster: new Map([['south', 'treatment']]) })).toEqual([['accepted'], ['CLUSTER_IN_TWO_ARMS', 'arm'], ['CLUSTER_IN_TWO_ARMS', 'arm']]);
  });

  it('refuses an id or a code given twice in one batch', () => {
    expect(verdicts([person(1), person(1, { code: 'other' }), person(2, { code: 'P1' }), person(1)])).toEqual([['accepted'], ['ID_TWICE', 'id'], ['CODE_TWICE', 'code'], ['ID_TWICE', 'id']]);
  });

  it('lets a refused row not use up its code', () => {
    expect(verdicts([person(1, { side: 'visitor' }), person(1)])).toEqual([['SIDE_UNKNOWN', 'side'], ['accepted']]);
  });

  it('leaves who is there already as they are', () => {
    const there = enrol([person(1), person(2), person(3), person(6)]).state;
    const elsewhere: Participant[] = enrol([person(4)], { id: idOf(9_001) }).state.slice();
    const left = withdrawParticipant(there[2]!, 'safety', later).state;
    const rows = [person(1), person(2, { side: 'host' }), person(3), person(4), person(5, { code: 'P6' })];
    expect(verdicts(rows, {}, { participants: [...there, left, ...elsewhere] })).toEqual([
      ['unchanged'],
      ['PARTICIPANT_DIFFERS', 'side'],
      ['PARTICIPANT_WITHDRAWN', 'code'],
      ['ID_TAKEN', 'id'],
      ['CODE_TAKEN', 'code'],
    ]);
  });

  it('takes back those whose id storage knows to be taken', () => {
    const rows = [person(1), person(2)];
    const { outcomes, state, facts } = exceptTaken(enrol(rows), rows, new Set([idOf(2)]));
    expect(outcomes.map(({ code, outcome }) => code || outcome)).toEqual(['ID_TAKEN', 'accepted']);
    expect([state.length, facts.length]).toEqual([1, 1]);
  });

  it('answers every row of any batch once and in order, and a batch sent again changes nothing', () => {
    const row = fc.record({
      id: fc.integer({ min: 1, max: 12 }).map(idOf),
      code: fc.constantFrom('P1', 'P2', 'P3', 'P4', 'x y', ''),
      side: fc.constantFrom('migrant', 'host', 'nobody'),
      ageBand: fc.constantFrom('', ...AGE_BANDS),
      gender: fc.constantFrom('', ...GENDERS),
      languages: fc.subarray(['es', 'ES', 'ht', '?']),
      priorContact: fc.constantFrom('', ...PRIOR_CONTACTS),
      arm: fc.constantFrom('', ...ARMS),
      cluster: fc.constantFrom('', 'north', 'south'),
      stratum: fc.constantFrom('', '1'),
    });
    const design = fc.constantFrom('none', 'comparison', 'individually-randomised', 'cluster-randomised', 'waitlist');
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), design, (rows, chosen) => {
        const first = enrol(rows, { design: chosen });
        expect(first.outcomes.map((outcome) => outcome.row)).toEqual(rows.map((_, index) => index));
        expect(first.state).toHaveLength(first.outcomes.filter(({ outcome }) => outcome === 'accepted').length);
        expect(new Set(first.state.map(({ code }) => code)).size).toBe(first.state.length);
        const armOfCluster = new Map(first.state.filter(({ cluster }) => cluster !== '').map(({ cluster, arm }) => [cluster, arm]));
        const again = enrol(rows, { design: chosen }, { participants: first.state, armOfCluster });
        expect(again.state).toEqual([]);
        expect(again.outcomes.filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(first.state.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('withdrawing', () => {
  const [enrolled] = enrol([person(1)]).state;

  it('tells who left, when and why', () => {
    for (const reason of WITHDRAWAL_REASONS) {
      const { state, facts } = withdrawParticipant(enrolled!, reason, later);
      expect(state).toMatchObject({ status: 'withdrawn', withdrawnAt: later, withdrawalReason: reason, version: 2 });
      expect(facts).toEqual([{ type: 'ParticipantWithdrawn', participant: state }]);
    }
  });

  it('changes nothing the second time, and refuses another reason', () => {
    const { state } = withdrawParticipant(enrolled!, 'no-time', later);
    expect(withdrawParticipant(state, 'no-time', new Date())).toEqual({ state, facts: [] });
    expect(() => withdrawParticipant(state, 'safety', later)).toThrow('no-time');
  });

  it('refuses a reason that is none', () => {
    expect(() => withdrawParticipant(enrolled!, 'she moved to Lima', later)).toThrow('none of');
  });
});
