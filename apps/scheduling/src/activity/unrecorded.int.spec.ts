import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aNewActivity, aProgramme, aRecord, hoursFromNow, officerOf, type Programme, schedulingAtWork, type SchedulingAtWork } from '../scheduling.fixture.js';

let work: SchedulingAtWork;
let peru: Programme;
beforeAll(async () => {
  work = await schedulingAtWork();
  peru = aProgramme('PE');
  await work.consume(...peru.facts);
});
afterAll(() => work?.stop());

const officer = { caller: officerOf('PE'), quiet: false };
const kindsOf = async (id: string) => (await work.factsOf(id)).map(({ type, sequence }) => `${type} ${sequence}`);

describe('the sweeper', () => {
  it('notices what nobody recorded, once, however often and by however many it is looked for', async () => {
    work.clock.moveTo(hoursFromNow(0));
    const many = Array.from({ length: 450 }, () => aNewActivity({ startsAt: hoursFromNow(-30), endsAt: hoursFromNow(-28) }));
    const [recent, recorded, cancelled] = [aNewActivity({ startsAt: hoursFromNow(-12), endsAt: hoursFromNow(-10) }), aNewActivity({ startsAt: hoursFromNow(-30), endsAt: hoursFromNow(-28) }), aNewActivity({ startsAt: hoursFromNow(-30), endsAt: hoursFromNow(-28) })];
    await work.plan(peru, ...many, recent, recorded, cancelled);
    await work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(recorded.id, []) }, officer);
    await work.activities.cancel({ commandId: randomUUID(), activityId: cancelled.id, reason: 'weather' }, officer);
    expect(await work.sweeper().sweep()).toBe(0);
    work.clock.moveTo(hoursFromNow(1));
    const found = await Promise.all([1, 2, 3].map(() => work.sweeper().sweep()));
    const rest = await work.sweeper().sweep();
    expect(found.reduce((sum, count) => sum + count, rest)).toBe(450);
    expect(await work.sweeper().sweep()).toBe(0);
    for (const { id } of many.slice(0, 20)) expect(await kindsOf(id)).toEqual(['ActivityPlanned 1', 'ActivityUnrecorded 2']);
    expect((await work.factsOf(many[0]!.id))[1]).toMatchObject({ key: peru.interventionId, mission: 'PE', quiet: false, data: { endedAt: hoursFromNow(-28), month: '2026-04', code: many[0]!.code } });
    expect(await kindsOf(recent.id)).toEqual(['ActivityPlanned 1']);
    expect(await kindsOf(recorded.id)).toEqual(['ActivityPlanned 1', 'ActivityHeld 2']);
    expect(await kindsOf(cancelled.id)).toEqual(['ActivityPlanned 1', 'ActivityCancelled 2']);
  });

  it('is quiet about what was past when it was planned quietly, and a late record is fine', async () => {
    work.clock.moveTo(hoursFromNow(0));
    const activity = aNewActivity({ startsAt: hoursFromNow(-30), endsAt: hoursFromNow(-28) });
    await work.activities.plan({ commandId: randomUUID(), interventionId: peru.interventionId, activities: [activity] }, { ...officer, quiet: true });
    work.clock.moveTo(hoursFromNow(1));
    expect(await work.sweeper().sweep()).toBe(1);
    expect((await work.factsOf(activity.id)).map(({ quiet }) => quiet)).toEqual([true, true]);
    expect(await work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activity.id, peru.hosts) }, officer)).toMatchObject({ status: 'held', version: 3 });
  });

  it('speaks up about what was planned quietly for days to come', async () => {
    work.clock.moveTo(hoursFromNow(-60));
    const activity = aNewActivity({ startsAt: hoursFromNow(-30), endsAt: hoursFromNow(-28) });
    await work.activities.plan({ commandId: randomUUID(), interventionId: peru.interventionId, activities: [activity] }, { ...officer, quiet: true });
    work.clock.moveTo(hoursFromNow(1));
    expect(await work.sweeper().sweep()).toBe(1);
    expect((await work.factsOf(activity.id)).map(({ type, quiet }) => [type, quiet])).toEqual([['ActivityPlanned', true], ['ActivityUnrecorded', false]]);
  });

  it('leaves to whoever is recording what they are recording', async () => {
    work.clock.moveTo(hoursFromNow(0));
    const planned = Array.from({ length: 30 }, () => aNewActivity({ startsAt: hoursFromNow(-30), endsAt: hoursFromNow(-28) }));
    await work.plan(peru, ...planned);
    work.clock.moveTo(hoursFromNow(1));
    const records = planned.map(({ id }) => aRecord(id, peru.hosts));
    const [outcomes] = await Promise.all([work.activities.recordManyHeld({ commandId: randomUUID(), records }, officer), work.sweeper().sweep(), work.sweeper().sweep()]);
    expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    for (const { id } of planned) expect((await kindsOf(id)).at(-1)).toMatch(/^ActivityHeld/);
  });

  it('starts with the service and stops when it does', async () => {
    const sweeper = work.sweeper();
    sweeper.onApplicationBootstrap();
    await sweeper.beforeApplicationShutdown();
    expect(await sweeper.sweep()).toBe(0);
  });
});
