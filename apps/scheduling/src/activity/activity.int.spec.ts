import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { administrator, analyst, aNewActivity, aProgramme, aRecord, facilitatorOf, hoursFromNow, monitor, officerOf, type Programme, registryFact, schedulingAtWork, type SchedulingAtWork } from '../scheduling.fixture.js';

let work: SchedulingAtWork;
let peru: Programme;
let turkey: Programme;
beforeAll(async () => {
  work = await schedulingAtWork();
  [peru, turkey] = [aProgramme('PE'), aProgramme('TR')];
  await work.consume(...peru.facts, ...turkey.facts);
});
afterAll(() => work?.stop());

const officer = { caller: officerOf('PE'), quiet: false };
const stranger = { caller: officerOf('TR'), quiet: false };
const planned = async (change = {}) => {
  const activity = aNewActivity(change);
  await work.plan(peru, activity);
  return activity.id;
};
const held = async () => {
  const activityId = await planned();
  await work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activityId, peru.migrants) }, officer);
  return activityId;
};

/** Every command on one activity: a way to make the activity, and the command. */
const COMMANDS: readonly [string, () => Promise<string>, (activityId: string, commandId: string, asked: typeof officer) => Promise<unknown>][] = [
  ['rescheduling', planned, (activityId, commandId, asked) => work.activities.reschedule({ commandId, activityId, startsAt: hoursFromNow(24), endsAt: hoursFromNow(26), place: '' }, asked)],
  ['cancelling', planned, (activityId, commandId, asked) => work.activities.cancel({ commandId, activityId, reason: 'weather' }, asked)],
  ['recording as held', planned, (activityId, commandId, asked) => work.activities.recordHeld({ commandId, record: aRecord(activityId, peru.hosts) }, asked)],
  ['recording as did-not-happen', planned, (activityId, commandId, asked) => work.activities.recordDidNotHappen({ commandId, activityId, reason: 'weather' }, asked)],
  ['correcting', held, (activityId, commandId, asked) => work.activities.correct({ commandId, activityId, outcome: 'did-not-happen', reason: 'safety' }, asked)],
];

describe.each(COMMANDS)('%s', (_, make, command) => {
  it('again is the same, and is told once', async () => {
    const [activityId, commandId] = [await make(), randomUUID()];
    const first = await command(activityId, commandId, officer);
    const told = (await work.factsOf(activityId)).length;
    expect(await command(activityId, commandId, officer)).toEqual(first);
    expect(await command(activityId, randomUUID(), officer)).toMatchObject({ version: (first as { version: number }).version });
    const facts = await work.factsOf(activityId);
    expect([facts.length, facts.map(({ sequence }) => sequence)]).toEqual([told, facts.map((_, index) => index + 1)]);
    expect(facts.at(-1)).toMatchObject({ key: peru.interventionId, mission: 'PE', quiet: false, data: { activityId, mission: 'PE', month: '2026-04' } });
  });

  it('many times at once happens once', async () => {
    const [activityId, commandId] = [await make(), randomUUID()];
    const before = (await work.factsOf(activityId)).length;
    const answers = await Promise.all([1, 2, 3, 4].map(() => command(activityId, commandId, officer)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await work.factsOf(activityId)).toHaveLength(before + 1);
  });

  it('is not possible on an activity of another mission, even with a command that was answered', async () => {
    const [activityId, commandId] = [await make(), randomUUID()];
    await command(activityId, commandId, officer);
    await expect(command(activityId, commandId, stranger)).rejects.toMatchObject({ kind: 'not-found', code: 'ACTIVITY_UNKNOWN' });
    await expect(command(activityId, randomUUID(), stranger)).rejects.toMatchObject({ kind: 'not-found', code: 'ACTIVITY_UNKNOWN' });
    await expect(command('7', randomUUID(), officer)).rejects.toMatchObject({ code: 'ID_INVALID' });
  });

  it('refuses a commandId that was used for another activity', async () => {
    const commandId = randomUUID();
    await command(await make(), commandId, officer);
    await expect(command(await make(), commandId, officer)).rejects.toMatchObject({ kind: 'conflict', code: 'COMMAND_ID_REUSED' });
  });
});

describe('planning', () => {
  const plan = (activities: ReturnType<typeof aNewActivity>[], commandId: string = randomUUID(), asked = officer, interventionId = peru.interventionId) => work.activities.plan({ commandId, interventionId, activities }, asked);

  it('again is the same, and the same rows under another command are unchanged', async () => {
    const [rows, commandId] = [[aNewActivity(), aNewActivity({ title: '' })], randomUUID()];
    const outcomes = await plan(rows, commandId);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused']);
    expect(await plan(rows, commandId)).toEqual(outcomes);
    expect((await plan(rows)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'refused']);
    expect(await work.factsOf(rows[0]!.id)).toMatchObject([{ type: 'ActivityPlanned', sequence: 1, data: { title: 'Football on the avenue', month: '2026-04', place: 'Avenue pitch' } }]);
  });

  it('of the same rows twice at once plans each once', async () => {
    const rows = Array.from({ length: 20 }, () => aNewActivity());
    const outcomes = (await Promise.all([plan(rows), plan(rows)])).flat().map(({ outcome }) => outcome);
    expect([outcomes.filter((outcome) => outcome === 'accepted').length, outcomes.filter((outcome) => outcome === 'unchanged').length]).toEqual([20, 20]);
  });

  it('does not tell whether an id is taken by another mission', async () => {
    const mine = aNewActivity();
    await work.plan(turkey, mine);
    expect(await plan([mine])).toMatchObject([{ outcome: 'refused', code: 'ID_TAKEN', path: ['id'] }]);
    await expect(plan([aNewActivity()], randomUUID(), stranger)).rejects.toMatchObject({ kind: 'not-found', code: 'INTERVENTION_UNKNOWN', details: { path: ['interventionId'] } });
  });

  it('takes a thousand at once and no more', async () => {
    const rows = Array.from({ length: 1_000 }, () => aNewActivity());
    expect((await plan(rows)).every(({ outcome }) => outcome === 'accepted')).toBe(true);
    await expect(plan([...rows, aNewActivity()])).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
    await expect(plan([])).rejects.toMatchObject({ code: 'BATCH_EMPTY' });
  });

  it('waits for the fact of an intervention that was designed just now', async () => {
    const fresh = aProgramme('DO');
    const planning = work.activities.plan({ commandId: randomUUID(), interventionId: fresh.interventionId, activities: [aNewActivity()] }, { caller: officerOf('DO'), quiet: false });
    await new Promise((resolve) => setTimeout(resolve, 60));
    await work.consume(...fresh.facts);
    expect(await planning).toMatchObject([{ outcome: 'accepted' }]);
  });
});

describe('a held activity', () => {
  it('is told with everyone by side, 0 included', async () => {
    const activityId = await planned();
    const [one, two] = [...peru.migrants].sort();
    await work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activityId, [one!, two!], { startsAt: hoursFromNow(-3) }) }, { ...officer, quiet: true });
    const [, fact] = await work.factsOf(activityId);
    expect(fact).toMatchObject({
      type: 'ActivityHeld',
      sequence: 2,
      quiet: true,
      data: {
        startsAt: hoursFromNow(-3),
        endsAt: hoursFromNow(-2),
        roster: [{ participantId: one, side: 'migrant', status: 'present' }, { participantId: two, side: 'migrant', status: 'present' }],
        presentBySide: [{ side: 'migrant', count: 2 }, { side: 'host', count: 0 }],
        expectedSides: ['migrant', 'host'],
        groups: [{ name: 'Blue', participantIds: [one, two] }],
        conditions: { equalStatus: 4, commonGoal: 5, cooperation: 3, supportOfAuthorities: 0 },
      },
    });
  });

  it('refuses another record with the hint to correct', async () => {
    const activityId = await held();
    await expect(work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activityId, peru.hosts) }, officer)).rejects.toMatchObject({ kind: 'conflict', code: 'ALREADY_RECORDED', message: expect.stringContaining('correct') });
  });

  it('is told whole when it is corrected', async () => {
    const activityId = await held();
    await work.activities.correct({ commandId: randomUUID(), activityId, outcome: 'held', reason: '', record: aRecord('', peru.hosts) }, officer);
    await work.activities.correct({ commandId: randomUUID(), activityId, outcome: 'did-not-happen', reason: 'safety', record: undefined }, officer);
    expect((await work.factsOf(activityId)).slice(2)).toMatchObject([
      { type: 'ActivityCorrected', sequence: 3, data: { outcome: 'held', reason: '', presentBySide: [{ side: 'migrant', count: 0 }, { side: 'host', count: 3 }] } },
      { type: 'ActivityCorrected', sequence: 4, data: { outcome: 'did-not-happen', reason: 'safety', roster: [], presentBySide: [] } },
    ]);
  });

  it('waits for the fact of somebody who was enrolled just now', async () => {
    const patient = await schedulingAtWork(20_000);
    try {
      const programme = aProgramme('PE');
      const enrolments = programme.facts.filter(({ subject }) => [...programme.migrants, ...programme.hosts].includes(subject));
      await patient.consume(...programme.facts.filter((fact) => !enrolments.includes(fact)));
      const activity = aNewActivity();
      await patient.plan(programme, activity);
      const recording = patient.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activity.id, programme.migrants) }, officer);
      await patient.consume(...enrolments);
      expect(await recording).toMatchObject({ status: 'held', version: 2 });
    } finally {
      await patient.stop();
    }
  });

  it('refuses people of another intervention, and those who left before it', async () => {
    const activityId = await planned();
    const record = (present: string[]) => work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activityId, present) }, { ...officer, caller: administrator });
    await expect(record([turkey.hosts[0]!])).rejects.toMatchObject({ kind: 'not-found', code: 'PARTICIPANT_UNKNOWN', details: { path: ['record', 'roster', '0', 'participantId'] } });
    await expect(record([randomUUID()])).rejects.toMatchObject({ code: 'PARTICIPANT_UNKNOWN' });
    const left = aProgramme('PE');
    const leaves = (participantId: string, time: Date) =>
      registryFact('ParticipantWithdrawn', { mission: 'PE', interventionId: left.interventionId, participantId, code: '', side: 'host', reason: 'other' }, { key: left.interventionId, subject: participantId, sequence: 2, mission: 'PE', time });
    await work.consume(...left.facts, leaves(left.hosts[0]!, hoursFromNow(-10)), leaves(left.hosts[1]!, hoursFromNow(-1)));
    const activity = aNewActivity();
    await work.plan(left, activity);
    const outcomes = await work.activities.recordManyHeld({ commandId: randomUUID(), records: [aRecord(activity.id, [left.hosts[0]!]), aRecord(activity.id, [left.hosts[1]!])] }, officer);
    expect(outcomes).toMatchObject([{ outcome: 'refused', code: 'PARTICIPANT_WITHDRAWN', path: ['roster', '0', 'participantId'] }, { outcome: 'accepted' }]);
  });
});

describe('a facilitator', () => {
  const facilitator = () => ({ caller: facilitatorOf('PE', peru.interventionId), quiet: false });

  it('records and corrects in their own interventions', async () => {
    const activityId = await planned();
    expect(await work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activityId, peru.hosts) }, facilitator())).toMatchObject({ status: 'held' });
    expect(await work.activities.correct({ commandId: randomUUID(), activityId, outcome: 'did-not-happen', reason: 'weather' }, facilitator())).toMatchObject({ status: 'did-not-happen' });
  });

  it('finds nothing in those of others', async () => {
    const other = { caller: facilitatorOf('PE', randomUUID()), quiet: false };
    const activityId = await planned();
    await expect(work.activities.recordDidNotHappen({ commandId: randomUUID(), activityId, reason: 'weather' }, other)).rejects.toMatchObject({ code: 'ACTIVITY_UNKNOWN' });
    expect(await work.activities.getAmong([activityId], other.caller)).toEqual([]);
  });

  it('plans nothing', async () => {
    const activityId = await planned();
    await expect(work.activities.plan({ commandId: randomUUID(), interventionId: peru.interventionId, activities: [aNewActivity()] }, facilitator())).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(work.activities.cancel({ commandId: randomUUID(), activityId, reason: 'weather' }, facilitator())).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('reading', () => {
  it('leaves people and small counts out for headquarters and monitoring', async () => {
    const activityId = await held();
    for (const caller of [analyst, monitor]) expect(await work.activities.getAmong([activityId, randomUUID(), 'x'], caller)).toMatchObject([{ id: activityId, record: { roster: [], groups: [], presentBySide: [{ side: 'host', count: 0 }] } }]);
    expect((await work.activities.list(undefined, { interventionIds: [peru.interventionId], statuses: ['held'], withRoster: true }, analyst)).activities.flatMap(({ record }) => record?.presentBySide.map(({ count }) => count) ?? []).filter((count) => count > 0 && count < 5)).toEqual([]);
    expect((await work.activities.getAmong([activityId], officer.caller))[0]?.record?.roster).toHaveLength(3);
    expect(await work.activities.getAmong([activityId], stranger.caller)).toEqual([]);
  });

  it('pages through a filtered list without losing or repeating a row', async () => {
    const bolivia = aProgramme('BO');
    await work.consume(...bolivia.facts);
    const rows = Array.from({ length: 25 }, (_, index) => aNewActivity({ startsAt: hoursFromNow(-50 - (index % 5)), endsAt: hoursFromNow(-40) }));
    await work.plan(bolivia, ...rows, aNewActivity({ startsAt: hoursFromNow(-60), endsAt: hoursFromNow(-59) }));
    const filter = { interventionIds: [bolivia.interventionId], statuses: ['planned'], from: hoursFromNow(-54), until: hoursFromNow(-49), withRoster: true };
    const seen: string[] = [];
    for (let after = '', more = true; more; ) {
      const { activities, pageInfo } = await work.activities.list({ first: 7, after }, filter, officerOf('BO'));
      expect(pageInfo.totalCount).toBe(25);
      seen.push(...activities.map(({ id }) => id));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect([seen.length, [...seen].sort()]).toEqual([25, rows.map(({ id }) => id).sort()]);
    expect((await work.activities.list(undefined, { ...filter, statuses: ['held'] }, officerOf('BO'))).pageInfo.totalCount).toBe(0);
    expect((await work.activities.list(undefined, filter, stranger.caller)).activities).toEqual([]);
  });

  it.each([
    ['a page too large', { first: 101, after: '' }, {}, 'PAGE_SIZE_INVALID'],
    ['a cursor of somewhere else', { first: 5, after: 'WyJ4Il0' }, {}, 'CURSOR_INVALID'],
    ['a cursor that was made up', { first: 5, after: Buffer.from('["x","y"]').toString('base64url') }, {}, 'MOMENT_INVALID'],
    ['an unknown status', undefined, { statuses: ['lost'] }, 'VALUE_UNKNOWN'],
    ['an id that is none', undefined, { interventionIds: ["' OR 1=1"] }, 'ID_INVALID'],
    ['a moment that is none', undefined, { from: new Date(Number.NaN) }, 'MOMENT_INVALID'],
  ])('refuses %s', async (_, page, change, code) => {
    await expect(work.activities.list(page, { interventionIds: [], statuses: [], withRoster: false, ...change }, officer.caller)).rejects.toMatchObject({ kind: 'invalid', code });
  });

  it('finds nothing without a scope', async () => {
    await held();
    expect((await work.activities.list(undefined, { interventionIds: [], statuses: [], withRoster: false }, { ...officer.caller, scope: { missions: [], interventions: [] } })).pageInfo.totalCount).toBe(0);
    expect(await work.database.read({ missions: [], interventions: [] }, (tx) => tx.query('SELECT 1 FROM known_participant UNION ALL SELECT 1 FROM known_intervention UNION ALL SELECT 1 FROM known_mission'))).toEqual([]);
    expect((await work.database.read(EVERYTHING, (tx) => tx.query('SELECT 1 FROM activity LIMIT 1'))).length).toBe(1);
  });
});
