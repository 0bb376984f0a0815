import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Activity } from './activity.js';
import { aNewActivity, aPlannedActivity, personId, setting } from './activity.fixture.js';
import { dayOf } from './calendar.js';
import { exceptTaken, type NewActivity, planActivities } from './planning.js';

const now = new Date('2026-03-01T09:00:00Z');
const plan = (rows: readonly NewActivity[], present: readonly Activity[] = []) => planActivities(setting, rows, present, { now, quiet: true });
const verdicts = (rows: readonly NewActivity[], present?: readonly Activity[]) => plan(rows, present).outcomes.map(({ outcome, code, path }) => [outcome, code, path.join('.')]);

describe('planning a batch', () => {
  it('judges each row on its own', () => {
    const rows = [aNewActivity(), aNewActivity({ id: personId(2), code: 'A/2' }), aNewActivity({ id: personId(3), code: 'A-3' })];
    expect(verdicts(rows)).toEqual([['accepted', '', ''], ['refused', 'CODE_INVALID', 'code'], ['accepted', '', '']]);
    expect(plan(rows).facts).toMatchObject([{ type: 'ActivityPlanned', month: '2026-04', activity: { version: 1, quiet: true } }, { activity: { id: personId(3) } }]);
  });

  it.each<[string, Partial<NewActivity>, string, string]>([
    ['an id that is none', { id: 'x' }, 'ID_INVALID', 'id'],
    ['no title', { title: '' }, 'TEXT_MISSING', 'title'],
    ['a title without end', { title: 'x'.repeat(201) }, 'TEXT_TOO_LONG', 'title'],
    ['no start', { startsAt: undefined }, 'MOMENT_INVALID', 'startsAt'],
    ['a start that is none', { startsAt: new Date(Number.NaN) }, 'MOMENT_INVALID', 'startsAt'],
    ['an end at its start', { endsAt: new Date('2026-04-10T15:00:00Z') }, 'ENDS_BEFORE_START', 'endsAt'],
    ['a start after the intervention', { startsAt: new Date('2026-12-01T05:00:00Z'), endsAt: new Date('2026-12-01T06:00:00Z') }, 'OUTSIDE_INTERVENTION', 'startsAt'],
  ])('refuses %s', (_, change, code, path) => {
    expect(verdicts([aNewActivity(change)])).toEqual([['refused', code, path]]);
  });

  it('takes the last evening of the intervention, as the mission counts its days', () => {
    expect(verdicts([aNewActivity({ startsAt: new Date('2026-12-01T04:00:00Z'), endsAt: new Date('2026-12-01T06:00:00Z') })])).toEqual([['accepted', '', '']]);
    expect(dayOf(new Date('2026-12-01T04:00:00Z'), 'America/Lima')).toBe('2026-11-30');
  });

  it('finds what is there already', () => {
    const there = [aPlannedActivity()];
    expect(verdicts([aNewActivity()], there)).toEqual([['unchanged', '', '']]);
    expect(verdicts([aNewActivity({ title: 'Other' })], there)).toEqual([['refused', 'ACTIVITY_DIFFERS', 'title']]);
    expect(verdicts([aNewActivity({ id: personId(9) })], there)).toEqual([['refused', 'CODE_TAKEN', 'code']]);
    expect(verdicts([aNewActivity({ code: 'B' })], there)).toEqual([['refused', 'ID_TAKEN', 'id']]);
  });

  it('finds what an earlier row has used', () => {
    expect(verdicts([aNewActivity(), aNewActivity({ code: 'B' }), aNewActivity({ id: personId(2) })]).map(([, code]) => code)).toEqual(['', 'ID_TWICE', 'CODE_TWICE']);
  });

  it('leaves out what storage did not take', () => {
    const rows = [aNewActivity(), aNewActivity({ id: personId(2), code: 'B' })];
    const { outcomes, facts } = exceptTaken(plan(rows), rows, new Set([personId(2)]));
    expect([outcomes.map(({ code }) => code), facts.length]).toEqual([['ID_TAKEN', ''], 1]);
  });

  it('answers every row of whatever is given, and tells one fact for each accepted', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('A-1', 'B', '\0'));
    const row = fc.record({ id: fc.oneof(fc.uuid(), text), code: text, title: text, startsAt: fc.option(fc.date({ noInvalidDate: false }), { nil: undefined }), endsAt: fc.option(fc.date(), { nil: undefined }), place: text, cluster: text });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const { outcomes, state, facts } = plan(rows);
        expect(outcomes.map((outcome) => outcome.row)).toEqual(rows.map((_, index) => index));
        expect([state.length, facts.length]).toEqual(Array(2).fill(outcomes.filter(({ outcome }) => outcome === 'accepted').length));
      }),
    );
  });
});
