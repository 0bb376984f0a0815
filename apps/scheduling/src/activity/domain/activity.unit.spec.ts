import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Activity } from './activity.js';
import { ACTIVITY, afterwards, aPlannedActivity, aRecord, codesOf, endsAt, people, setting, startsAt } from './activity.fixture.js';
import { cancelActivity, correctActivity, type Decision, isRefused, noticeUnrecorded, recordDidNotHappen, recordHeld, rescheduleActivity } from './decisions.js';
import { type Step, TRANSITIONS } from './transitions.js';

const known = { setting, people };
const HOUR_MS = 3_600_000;
const grace = { afterEndMs: 24 * HOUR_MS, afterPlanningMs: HOUR_MS / 4 };
const moved = { startsAt: new Date('2026-04-11T15:00:00Z'), endsAt: new Date('2026-04-11T17:00:00Z'), place: '' };
const stateOf = (decision: Decision): Activity => {
  if (isRefused(decision)) throw new Error(decision.refusals[0].code);
  return decision.state;
};
const held = stateOf(recordHeld(aPlannedActivity(), aRecord(), known, afterwards));
const cancelled = stateOf(cancelActivity(aPlannedActivity(), 'weather', setting));
const missed = stateOf(recordDidNotHappen(aPlannedActivity(), 'weather', setting, afterwards));
const unrecorded = noticeUnrecorded(aPlannedActivity(), setting, grace, new Date('2026-04-12T00:00:00Z')).state;

describe('rescheduling', () => {
  it('moves the plan and tells where it was', () => {
    expect(rescheduleActivity(aPlannedActivity(), moved, setting)).toMatchObject({
      state: { status: 'rescheduled', startsAt: moved.startsAt, plannedStartsAt: moved.startsAt, place: 'Avenue pitch', version: 2 },
      facts: [{ type: 'ActivityRescheduled', previousStartsAt: startsAt, month: '2026-04' }],
    });
  });

  it('to where it is changes nothing', () => {
    expect(rescheduleActivity(aPlannedActivity(), { startsAt, endsAt, place: ' ' }, setting)).toEqual({ state: aPlannedActivity(), facts: [] });
  });

  it.each([
    ['out of the intervention', { ...moved, startsAt: new Date('2027-01-01T10:00:00Z'), endsAt: new Date('2027-01-01T11:00:00Z') }, 'OUTSIDE_INTERVENTION'],
    ['to an end before its start', { ...moved, endsAt: startsAt }, 'ENDS_BEFORE_START'],
    ['to no time', { ...moved, startsAt: undefined }, 'MOMENT_INVALID'],
    ['to months on end', { ...moved, endsAt: new Date('2026-08-11T17:00:00Z') }, 'ACTIVITY_TOO_LONG'],
  ])('is refused %s', (_, said, code) => {
    expect(codesOf(rescheduleActivity(aPlannedActivity(), said, setting))).toEqual([code]);
  });
});

describe('recording and correcting', () => {
  it('the same record again changes nothing, in whatever order it is told', () => {
    const { roster, groups } = aRecord();
    const again = aRecord({ roster: [...roster].reverse(), groups: groups.map((group) => ({ ...group, participantIds: [...group.participantIds].reverse() })) });
    expect(recordHeld(held, again, known, afterwards)).toEqual({ state: held, facts: [] });
  });

  it('another record is refused with the hint to correct', () => {
    const decision = recordHeld(held, aRecord({ groups: [] }), known, afterwards);
    expect(codesOf(decision)).toEqual(['ALREADY_RECORDED']);
    expect(isRefused(decision) && decision.refusals[0].message).toContain('correct');
  });

  it('a late record after it was noticed as unrecorded is fine', () => {
    expect(recordHeld(unrecorded, aRecord(), known, afterwards)).toMatchObject({ state: { status: 'held', version: 3 } });
    expect(recordDidNotHappen(unrecorded, 'weather', setting, afterwards)).toMatchObject({ state: { status: 'did-not-happen', version: 3 } });
  });

  it('a correction turns held into did-not-happen and back, with the whole record', () => {
    const corrected = correctActivity(held, { outcome: 'did-not-happen', reason: 'safety' }, known, afterwards);
    expect(corrected).toMatchObject({ state: { status: 'did-not-happen', reason: 'safety', version: 3 }, facts: [{ type: 'ActivityCorrected' }] });
    expect(stateOf(corrected)).not.toHaveProperty('record');
    const back = correctActivity(stateOf(corrected), { outcome: 'held', reason: '', record: aRecord({ groups: [] }) }, known, afterwards);
    expect(back).toMatchObject({ state: { status: 'held', version: 4, record: { groups: [] } }, facts: [{ type: 'ActivityCorrected' }] });
  });

  it('a correction to what is recorded changes nothing', () => {
    expect(correctActivity(held, { outcome: 'held', reason: '', record: aRecord() }, known, afterwards)).toEqual({ state: held, facts: [] });
    expect(correctActivity(missed, { outcome: 'did-not-happen', reason: 'weather' }, known, afterwards)).toEqual({ state: missed, facts: [] });
  });

  it.each<[string, () => Decision, string]>([
    ['a correction of what nobody recorded', () => correctActivity(unrecorded, { outcome: 'held', reason: '', record: aRecord() }, known, afterwards), 'NOT_RECORDED'],
    ['a correction without its record', () => correctActivity(held, { outcome: 'held', reason: '' }, known, afterwards), 'RECORD_MISSING'],
    ['a correction to another outcome', () => correctActivity(held, { outcome: 'planned', reason: '' }, known, afterwards), 'VALUE_UNKNOWN'],
    ['a record of a cancelled activity', () => recordHeld(cancelled, aRecord(), known, afterwards), 'ACTIVITY_CANCELLED'],
    ['did-not-happen before its time', () => recordDidNotHappen(aPlannedActivity(), 'weather', setting, new Date('2026-04-01T00:00:00Z')), 'NOT_STARTED'],
    ['did-not-happen without a known reason', () => recordDidNotHappen(aPlannedActivity(), 'boredom', setting, afterwards), 'VALUE_UNKNOWN'],
    ['did-not-happen of what was held', () => recordDidNotHappen(held, 'weather', setting, afterwards), 'ALREADY_RECORDED'],
    ['cancelling for another reason', () => cancelActivity(cancelled, 'safety', setting), 'ACTIVITY_CANCELLED'],
    ['cancelling what has passed', () => cancelActivity(unrecorded, 'safety', setting), 'ACTIVITY_PASSED'],
  ])('refuses %s', (_, decide, code) => {
    expect(codesOf(decide())).toEqual([code]);
  });
});

describe('noticing what nobody recorded', () => {
  const end = endsAt.getTime();
  it.each([
    ['within its grace', {}, end + grace.afterEndMs - 1, 0],
    ['after its grace', {}, end + grace.afterEndMs, 1],
    ['planned a moment ago', { plannedAt: new Date(end + grace.afterEndMs) }, end + grace.afterEndMs + grace.afterPlanningMs - 1, 0],
    ['planned long enough ago', { plannedAt: new Date(end + grace.afterEndMs) }, end + grace.afterEndMs + grace.afterPlanningMs, 1],
  ])('looks at an activity %s', (_, change, now, told) => {
    expect(noticeUnrecorded(aPlannedActivity(change), setting, grace, new Date(now)).facts).toHaveLength(told);
  });

  it.each([['held', held], ['cancelled', cancelled], ['did-not-happen', missed], ['unrecorded', unrecorded]])('leaves %s alone', (_, activity) => {
    expect(noticeUnrecorded(activity, setting, grace, new Date('2027-01-01T00:00:00Z'))).toEqual({ state: activity, facts: [] });
  });
});

const STEPS: readonly { readonly step: Step; decide(current: Activity, now: Date): Decision }[] = [
  { step: 'reschedule', decide: (current) => rescheduleActivity(current, moved, setting) },
  { step: 'reschedule', decide: (current) => rescheduleActivity(current, { startsAt, endsAt, place: 'Hall' }, setting) },
  { step: 'cancel', decide: (current) => cancelActivity(current, 'weather', setting) },
  { step: 'record-held', decide: (current, now) => recordHeld(current, aRecord(), known, now) },
  { step: 'record-held', decide: (current, now) => recordHeld(current, aRecord({ groups: [] }), known, now) },
  { step: 'record-did-not-happen', decide: (current, now) => recordDidNotHappen(current, 'safety', setting, now) },
  { step: 'correct', decide: (current, now) => correctActivity(current, { outcome: 'held', reason: '', record: aRecord() }, known, now) },
  { step: 'correct', decide: (current, now) => correctActivity(current, { outcome: 'did-not-happen', reason: 'weather' }, known, now) },
  { step: 'notice-unrecorded', decide: (current, now) => noticeUnrecorded(current, setting, grace, now) },
];

describe('whatever is commanded in whatever order', () => {
  it('never leads to a state that the transition table does not have', () => {
    const commands = fc.array(fc.record({ which: fc.integer({ min: 0, max: STEPS.length - 1 }), hours: fc.integer({ min: -500, max: 500 }) }), { maxLength: 30 });
    fc.assert(
      fc.property(commands, (sequence) => {
        let current: Activity = aPlannedActivity();
        for (const { which, hours } of sequence) {
          const { step, decide } = STEPS[which]!;
          const decision = decide(current, new Date(startsAt.getTime() + hours * HOUR_MS));
          if (isRefused(decision)) continue;
          const { state, facts } = decision;
          expect(facts.length).toBe(state.version - current.version);
          if (facts.length === 0) expect(state).toBe(current);
          else {
            const to = TRANSITIONS[current.status][step];
            expect(to === 'as-corrected' ? ['held', 'did-not-happen'] : [to]).toContain(state.status);
            expect(facts[0]).toMatchObject({ activity: state, month: '2026-04' });
          }
          expect([state.id, state.code, state.interventionId, state.plannedAt]).toEqual([ACTIVITY, current.code, current.interventionId, current.plannedAt]);
          expect(state.endsAt > state.startsAt).toBe(true);
          expect('record' in state).toBe(state.status === 'held');
          expect('recordedAt' in state).toBe(state.status === 'held' || state.status === 'did-not-happen');
          current = state;
        }
      }),
      { numRuns: 500 },
    );
  });
});
