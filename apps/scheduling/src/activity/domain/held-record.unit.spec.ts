import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterwards, aPlannedActivity, aRecord, codesOf, endsAt, people, personId, setting, startsAt } from './activity.fixture.js';
import { isRefused, recordHeld } from './decisions.js';
import { countPresent, type HeldRecord, type KnownParticipants } from './held-record.js';

const record = (said: HeldRecord, known: KnownParticipants = people, now = afterwards) => recordHeld(aPlannedActivity(), said, { setting, people: known }, now);
const paths = (said: HeldRecord, known?: KnownParticipants) => {
  const decision = record(said, known);
  return isRefused(decision) ? decision.refusals.map(({ code, path }) => [code, path.join('.')]) : [];
};

describe('a record of a held activity', () => {
  it('takes sides from enrolment and counts those present by side', () => {
    const decision = record(aRecord({ roster: [{ participantId: personId(3), status: 'present' }, { participantId: personId(1), status: 'absent' }], groups: [] }));
    expect(decision).toMatchObject({
      state: {
        status: 'held',
        version: 2,
        record: {
          roster: [{ participantId: personId(1), side: 'migrant', status: 'absent' }, { participantId: personId(3), side: 'host', status: 'present' }],
          presentBySide: [{ side: 'migrant', count: 0 }, { side: 'host', count: 1 }],
          expectedSides: ['migrant', 'host'],
        },
      },
      facts: [{ type: 'ActivityHeld', month: '2026-04' }],
    });
  });

  it('has the planned times unless it says others', () => {
    expect(record(aRecord())).toMatchObject({ state: { startsAt, endsAt } });
    const later = new Date('2026-04-10T15:20:00Z');
    expect(record(aRecord({ startsAt: later }))).toMatchObject({ state: { startsAt: later, endsAt, plannedStartsAt: startsAt } });
  });

  it('tells the month in the time zone of the mission', () => {
    const lateEvening = new Date('2026-05-01T03:00:00Z');
    const decision = recordHeld(aPlannedActivity({ plannedStartsAt: lateEvening, plannedEndsAt: new Date('2026-05-01T04:00:00Z') }), aRecord(), { setting, people }, new Date('2026-05-02T00:00:00Z'));
    expect(decision).toMatchObject({ facts: [{ month: '2026-04' }] });
  });

  it('is refused before the activity has started', () => {
    expect(codesOf(record(aRecord(), people, new Date(startsAt.getTime() - 1)))).toEqual(['NOT_STARTED']);
    expect(codesOf(record(aRecord(), people, startsAt))).toEqual([]);
  });

  it.each<[string, Partial<HeldRecord>, [string, string][]]>([
    ['someone unknown', { roster: [{ participantId: personId(9), status: 'present' }], groups: [] }, [['PARTICIPANT_UNKNOWN', 'roster.0.participantId']]],
    ['an id that is none', { roster: [{ participantId: '9', status: 'present' }], groups: [] }, [['ID_INVALID', 'roster.0.participantId']]],
    ['an unknown presence', { roster: [{ participantId: personId(1), status: 'late' }], groups: [] }, [['VALUE_UNKNOWN', 'roster.0.status']]],
    ['someone twice', { roster: [1, 1].map((number) => ({ participantId: personId(number), status: 'present' })), groups: [] }, [['PARTICIPANT_TWICE', 'roster.1.participantId']]],
    ['a group member who was absent', { roster: [{ participantId: personId(1), status: 'absent' }], groups: [{ name: 'Blue', participantIds: [personId(1)] }] }, [['MEMBER_NOT_PRESENT', 'groups.0.participantIds.0']]],
    ['a person in two groups', { groups: [{ name: 'Blue', participantIds: [personId(1)] }, { name: 'Red', participantIds: [personId(2), personId(1)] }] }, [['MEMBER_IN_TWO_GROUPS', 'groups.1.participantIds.1']]],
    ['an empty group', { groups: [{ name: 'Blue', participantIds: [] }] }, [['GROUP_EMPTY', 'groups.0.participantIds']]],
    ['two groups of one name', { groups: [{ name: 'Blue', participantIds: [personId(1)] }, { name: 'Blue ', participantIds: [personId(2)] }] }, [['GROUP_NAME_TWICE', 'groups.1.name']]],
    ['a group without a name', { groups: [{ name: '', participantIds: [personId(1)] }] }, [['TEXT_MISSING', 'groups.0.name']]],
    ['a condition out of range', { conditions: { equalStatus: 6, commonGoal: -1, cooperation: 1, supportOfAuthorities: 0 } }, [['CONDITION_OUT_OF_RANGE', 'conditions.equalStatus'], ['CONDITION_OUT_OF_RANGE', 'conditions.commonGoal']]],
    ['an end before the start', { endsAt: new Date('2026-04-10T14:00:00Z') }, [['ENDS_BEFORE_START', 'endsAt']]],
  ])('is refused with %s', (_, change, refused) => {
    expect(paths(aRecord(change))).toEqual(refused);
  });

  it.each([
    ['before', new Date(startsAt.getTime() - 1), ['PARTICIPANT_WITHDRAWN']],
    ['when it started', startsAt, ['PARTICIPANT_WITHDRAWN']],
    ['after', endsAt, []],
  ])('names someone who left %s the activity or refuses', (_, withdrawnAt, refused) => {
    const known = new Map([...people, [personId(1), { ...people.get(personId(1))!, withdrawnAt }]]);
    expect(paths(aRecord(), known).map(([code]) => code)).toEqual(refused);
  });

  it('refuses a participant of another intervention', () => {
    const known = new Map([...people, [personId(1), { ...people.get(personId(1))!, interventionId: personId(77) }]]);
    expect(paths(aRecord({ groups: [] }), known)).toEqual([['PARTICIPANT_UNKNOWN', 'roster.0.participantId']]);
  });
});

describe('people present by side', () => {
  it('add up to those present, and every expected side is listed', () => {
    const entry = fc.record({ participantId: fc.uuid(), side: fc.constantFrom('migrant', 'host', 'returnee'), status: fc.constantFrom('present', 'absent', 'excused') });
    fc.assert(
      fc.property(fc.array(entry), fc.uniqueArray(fc.constantFrom('migrant', 'host')), (roster, expected) => {
        const counts = countPresent(roster, expected);
        expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(roster.filter(({ status }) => status === 'present').length);
        expect(counts.map(({ side }) => side)).toEqual(expect.arrayContaining(expected));
        expect(new Set(counts.map(({ side }) => side)).size).toBe(counts.length);
      }),
    );
  });
});
