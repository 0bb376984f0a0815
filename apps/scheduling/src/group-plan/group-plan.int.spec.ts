import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyst, aNewActivity, aProgramme, aRecord, facilitatorOf, hoursFromNow, monitor, officerOf, type Programme, type SchedulingAtWork, schedulingAtWork } from '../scheduling.fixture.js';
import type { GroupPlan } from './domain/group-plan.js';

let work: SchedulingAtWork;
let peru: Programme;
const officer = { caller: officerOf('PE'), quiet: false };
const stranger = { caller: officerOf('TR'), quiet: false };
beforeAll(async () => {
  work = await schedulingAtWork();
  peru = aProgramme('PE', 12);
  await work.consume(...peru.facts);
});
afterAll(() => work?.stop());

const NO_RULES = { sizeMin: 0, sizeMax: 0, keepApart: [], keepTogether: [], loneMember: '', sharedLanguage: false, superiors: [] };

const planned = async (hours = 24): Promise<string> => {
  const activity = aNewActivity({ startsAt: hoursFromNow(hours), endsAt: hoursFromNow(hours + 2) });
  await work.plan(peru, activity);
  return activity.id;
};
const form = (activityId: string, more: object = {}, commandId = randomUUID()) => work.groupPlans.form({ commandId, activityId, rules: undefined, absentIds: [], ...more }, officer);
const groupsOf = ({ groups }: GroupPlan) => groups.map(({ participantIds }) => participantIds);
const peopleIn = (plan: GroupPlan) => groupsOf(plan).flat().sort();
/** Room for one more in each. */
const formed = async (hours?: number) => form(await planned(hours), { rules: { ...NO_RULES, sizeMin: 4, sizeMax: 7 } });

describe('groups for one activity', () => {
  it('are formed of everyone expected, mixed, and explained', async () => {
    const absent = peru.hosts.slice(0, 2);
    const plan = await form(await planned(), { absentIds: absent });
    expect(peopleIn(plan)).toEqual([...peru.migrants, ...peru.hosts.slice(2)].sort());
    for (const { participantIds, bySide } of plan.groups) {
      expect(participantIds.length).toBeGreaterThanOrEqual(4);
      expect(participantIds.length).toBeLessThanOrEqual(6);
      for (const { count } of bySide) expect(count).toBeGreaterThanOrEqual(2);
    }
    const objective = plan.drawn.measures.find(({ measure }) => measure === 'objective');
    expect(objective?.value).toBeGreaterThan(objective?.randomMean as number);
    expect(objective?.value).toBeLessThanOrEqual(objective?.bound as number);
    expect(plan.drawn).toMatchObject({ by: 'formed', bent: [], steps: expect.any(Number) });
  });

  it('are the same for the same command, and for the same seed under another', async () => {
    const activityId = await planned();
    const commandId = randomUUID();
    const [first, ...others] = await Promise.all([0, 1, 2].map(() => form(activityId, {}, commandId)));
    for (const other of others) expect(other).toEqual(first);
    expect(await work.factsOf(activityId)).toHaveLength(2);
    const again = await form(await planned(), { seed: first!.drawn.seed });
    expect(groupsOf(again)).toEqual(groupsOf(first!));
    await expect(form(activityId, { seed: 7 }, commandId)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('are told as a fact of ids, sides and codes', async () => {
    const plan = await formed();
    const [, fact] = await work.factsOf(plan.activityId);
    expect(fact).toMatchObject({ type: 'GroupsFormed', key: peru.interventionId, sequence: 1, mission: 'PE', data: { activityId: plan.activityId, by: 'formed', seed: plan.drawn.seed, oneSidedGroups: 0, loneMemberGroups: 0, rulesBent: [] } });
    expect((fact?.data as { groups: { participantIds: string[] }[] }).groups.map(({ participantIds }) => participantIds)).toEqual(groupsOf(plan));
  });

  it('keep people apart and together, and say which rules cannot hold', async () => {
    const [one, two] = peru.hosts as [string, string];
    const apart = await form(await planned(), { rules: { ...NO_RULES, keepApart: [{ participantIds: [one, two] }], keepTogether: [{ participantIds: [one, peru.migrants[0]!] }] } });
    const home = groupsOf(apart).find((group) => group.includes(one));
    expect(home).toContain(peru.migrants[0]);
    expect(home).not.toContain(two);
    const pair = [{ participantIds: [one, two] }];
    await expect(form(await planned(), { rules: { ...NO_RULES, keepApart: pair, keepTogether: pair } })).rejects.toMatchObject({ code: 'RULES_CONFLICT', message: expect.stringMatching(/kept apart.*kept together|kept together.*kept apart/), details: { path: ['rules'] } });
  });

  it('keep a subordinate out of the group of every superior', async () => {
    const [under, ...above] = peru.hosts.slice(0, 4) as [string, ...string[]];
    const plan = await form(await planned(), { rules: { ...NO_RULES, superiors: above.map((superior) => ({ participantIds: [superior, under] })) } });
    const home = groupsOf(plan).find((group) => group.includes(under));
    expect(above.filter((superior) => home?.includes(superior))).toEqual([]);
  });

  it('bend what cannot hold, and say why in plain words', async () => {
    const plan = await form(await planned(), { absentIds: peru.migrants.slice(1) });
    expect(plan.drawn.bent).toMatchObject([{ rule: 'lone-member', because: expect.stringMatching(/only one of the side migrant/) }]);
    const [, fact] = await work.factsOf(plan.activityId);
    expect(fact?.data).toMatchObject({ rulesBent: ['lone-member'], loneMemberGroups: 1 });
  });

  it('are refused with everything that is wrong, by field', async () => {
    const rules = { ...NO_RULES, sizeMin: 1, keepApart: [{ participantIds: [randomUUID()] }], loneMember: 'never' };
    await expect(form(await planned(), { seed: -1, rules, absentIds: [randomUUID()] })).rejects.toMatchObject({
      refusals: [
        { code: 'SEED_OUT_OF_RANGE', path: ['seed'] },
        { code: 'GROUP_SIZE_OUT_OF_RANGE', path: ['rules', 'sizeMin'] },
        { code: 'VALUE_UNKNOWN', path: ['rules', 'loneMember'] },
        { code: 'RULE_OF_ONE', path: ['rules', 'keepApart', '0', 'participantIds'] },
        { code: 'PARTICIPANT_UNKNOWN', path: ['absentIds', '0'] },
      ],
    });
    await expect(form(await planned(), { absentIds: [...peru.hosts, ...peru.migrants] })).rejects.toMatchObject({ code: 'NOBODY_EXPECTED' });
    await expect(form(await planned(), { rules: { ...NO_RULES, sizeMin: 7, sizeMax: 7 } })).rejects.toMatchObject({ code: 'GROUP_SIZES_IMPOSSIBLE' });
    await expect(form(randomUUID())).rejects.toMatchObject({ code: 'ACTIVITY_UNKNOWN' });
    const past = await planned(-4);
    await work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(past, peru.hosts.slice(0, 3)) }, officer);
    await expect(form(past)).rejects.toMatchObject({ code: 'ACTIVITY_NOT_TO_COME', kind: 'conflict' });
  });

  it('belong to those who run the programme', async () => {
    const plan = await formed();
    await expect(work.groupPlans.form({ commandId: randomUUID(), activityId: plan.activityId, rules: undefined, absentIds: [] }, stranger)).rejects.toMatchObject({ code: 'ACTIVITY_UNKNOWN' });
    for (const caller of [analyst, monitor]) await expect(work.groupPlans.form({ commandId: randomUUID(), activityId: plan.activityId, rules: undefined, absentIds: [] }, { caller, quiet: false })).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    const seen = async (caller: typeof analyst) => (await work.groupPlans.getAmong([plan.activityId], caller)).length;
    expect([await seen(officer.caller), await seen(facilitatorOf('PE', peru.interventionId)), await seen(facilitatorOf('PE', randomUUID())), await seen(stranger.caller), await seen(analyst), await seen(monitor)]).toEqual([1, 1, 0, 0, 0, 0]);
  });
});

type Change = readonly [string, string, (plan: GroupPlan, commandId: string, asked: typeof officer) => Promise<GroupPlan>];
const CHANGES: readonly Change[] = [
  ['moving a person', 'moved', ({ activityId, groups: [first, second] }, commandId, asked) => work.groupPlans.move({ commandId, activityId, participantId: first!.participantIds[0]!, toGroup: second!.name }, asked)],
  ['regrouping on the spot', 'regrouped', async ({ activityId }, commandId, asked) => (await work.groupPlans.regroup({ commandId, activityId, missingIds: [peru.hosts[0]!], unannouncedIds: [] }, asked)).plan],
  ['assigning roles', 'roles', ({ activityId }, commandId, asked) => work.groupPlans.assignRoles({ commandId, activityId, roles: [], wishes: [] }, asked)],
  ['assigning facilitators', 'facilitators', ({ activityId }, commandId, asked) => work.groupPlans.assignFacilitators({ commandId, activityId, facilitators: ['F1', 'F2', 'F3', 'F4', 'F5'].map((code) => ({ code, languages: ['es'], background: '' })) }, asked)],
];

describe('groups that are there', () => {
  it.each(CHANGES)('%s again is the same, tells once, and is closed to other missions', async (_, by, change) => {
    const plan = await formed();
    await expect(change(plan, randomUUID(), stranger)).rejects.toMatchObject({ code: 'ACTIVITY_UNKNOWN' });
    const commandId = randomUUID();
    const answers = await Promise.all([0, 1, 2].map(() => change(plan, commandId, officer)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ version: 2, drawn: { by } });
    expect((await work.factsOf(plan.activityId)).map(({ type }) => type)).toEqual(['ActivityPlanned', 'GroupsFormed', 'GroupsFormed']);
    await expect(change(plan, commandId, stranger)).rejects.toMatchObject({ code: 'ACTIVITY_UNKNOWN' });
  });

  it('tell nothing when roles and facilitators come out as they are', async () => {
    const { activityId } = await formed();
    for (const [, , change] of CHANGES.slice(2)) {
      const { version } = await change({ activityId, groups: [] } as unknown as GroupPlan, randomUUID(), officer);
      expect((await change({ activityId, groups: [] } as unknown as GroupPlan, randomUUID(), officer)).version).toBe(version);
    }
  });

  it('move one person and nobody else, refusing what must never be', async () => {
    const plan = await form(await planned(), { rules: { ...NO_RULES, sizeMin: 4, sizeMax: 7, keepApart: [{ participantIds: [peru.hosts[0]!, peru.hosts[1]!] }] } });
    const home = (id: string) => plan.groups.find(({ participantIds }) => participantIds.includes(id))!.name;
    const move = (participantId: string, toGroup: string) => work.groupPlans.move({ commandId: randomUUID(), activityId: plan.activityId, participantId, toGroup }, officer);
    await expect(move(peru.hosts[0]!, home(peru.hosts[1]!))).rejects.toMatchObject({ code: expect.stringMatching(/RULES_CONFLICT/), message: expect.stringMatching(/kept apart/) });
    await expect(move(peru.hosts[0]!, 'kitchen')).rejects.toMatchObject({ code: 'GROUP_UNKNOWN', details: { path: ['toGroup'] } });
    await expect(move(randomUUID(), home(peru.hosts[1]!))).rejects.toMatchObject({ code: 'PARTICIPANT_UNKNOWN', details: { path: ['participantId'] } });
    const free = plan.groups.find(({ name, participantIds }) => name !== home(peru.migrants[3]!) && participantIds.length < 7)!;
    const moved = await move(peru.migrants[3]!, free.name);
    for (const { name, participantIds } of moved.groups) {
      const before = plan.groups.find((group) => group.name === name)!.participantIds;
      expect(participantIds).toEqual(name === free.name ? [...before, peru.migrants[3]].sort() : before.filter((id) => id !== peru.migrants[3]));
    }
    expect((await move(peru.migrants[3]!, free.name)).version).toBe(moved.version);
  });

  it('take those out who are missing and those in who came, with few moves', async () => {
    const plan = await form(await planned(), { absentIds: [peru.hosts[0]!] });
    const { plan: here, movedIds } = await work.groupPlans.regroup({ commandId: randomUUID(), activityId: plan.activityId, missingIds: [peru.hosts[1]!], unannouncedIds: [peru.hosts[0]!] }, officer);
    expect(peopleIn(here)).toEqual([...peru.migrants, ...peru.hosts].filter((id) => id !== peru.hosts[1]).sort());
    expect(movedIds.length).toBeLessThanOrEqual(1);
    for (const { bySide } of here.groups) for (const { count } of bySide) expect(count).toBeGreaterThanOrEqual(2);
    const wrong = work.groupPlans.regroup({ commandId: randomUUID(), activityId: plan.activityId, missingIds: [peru.hosts[1]!], unannouncedIds: [peru.hosts[0]!] }, officer);
    await expect(wrong).rejects.toMatchObject({ refusals: [{ code: 'PARTICIPANT_NOT_IN_GROUPS', path: ['missingIds', '0'] }, { code: 'PARTICIPANT_IN_GROUPS', path: ['unannouncedIds', '0'] }] });
  });

  it('need to be formed first', async () => {
    await expect(work.groupPlans.assignRoles({ commandId: randomUUID(), activityId: await planned(), roles: [], wishes: [] }, officer)).rejects.toMatchObject({ code: 'GROUPS_NOT_FORMED', kind: 'conflict' });
  });

  it('hand the lead on to those who have not led, counting what was held', async () => {
    const programme = aProgramme('PE', 4);
    await work.consume(...programme.facts);
    const led = new Map<string, number>();
    const times = (id: string): number => led.get(id) ?? 0;
    for (let week = 0; week < 4; week += 1) {
      const activity = aNewActivity({ startsAt: hoursFromNow(-100 + week * 10), endsAt: hoursFromNow(-98 + week * 10) });
      await work.plan(programme, activity);
      await work.groupPlans.form({ commandId: randomUUID(), activityId: activity.id, rules: { ...NO_RULES, sizeMin: 4, sizeMax: 4 }, absentIds: [] }, officer);
      const plan = await work.groupPlans.assignRoles({ commandId: randomUUID(), activityId: activity.id, roles: ['leader'], wishes: [] }, officer);
      for (const { participantIds, roles: [leader] } of plan.groups) {
        expect(times(leader!.participantId)).toBe(Math.min(...participantIds.map(times)));
        led.set(leader!.participantId, times(leader!.participantId) + 1);
      }
      await work.activities.recordHeld({ commandId: randomUUID(), record: aRecord(activity.id, [...programme.hosts, ...programme.migrants], { groups: plan.groups.map(({ name, participantIds }) => ({ name, participantIds: [...participantIds] })) }) }, officer);
    }
    expect(led.size).toBeGreaterThanOrEqual(6);
  });
});

describe('groups for a series', () => {
  const series = async (activityIds: readonly string[], more: object = {}, commandId = randomUUID()) => work.groupPlans.formSeries({ commandId, interventionId: peru.interventionId, activityIds, rules: undefined, absences: [], ...more }, officer);

  it('let people meet more new people across sides than random groups do, and again is the same', async () => {
    const ids = [await planned(48), await planned(24), await planned(72)];
    const commandId = randomUUID();
    const first = await series(ids, {}, commandId);
    expect(first.plans.map(({ activityId }) => activityId)).toEqual([ids[1], ids[0], ids[2]]);
    expect(first.coverage).toBeGreaterThan(first.randomCoverage);
    for (const plan of first.plans) expect(plan.drawn.by).toBe('series');
    expect(await series(ids, {}, commandId)).toEqual(first);
    for (const id of ids) expect((await work.factsOf(id)).map(({ type }) => type)).toEqual(['ActivityPlanned', 'GroupsFormed']);
  });

  it('keep what is planned when a series is drawn up again, but for the moves that an absence needs', async () => {
    const ids = [await planned(24), await planned(48)];
    const { plans } = await series(ids);
    const gone = plans[1]!.groups[0]!.participantIds[0]!;
    const again = await series(ids, { absences: [{ activityId: ids[1], participantIds: [gone] }] });
    expect(again.plans[0]).toEqual(plans[0]);
    expect(again.plans[1]!.version).toBe(2);
    const homeIn = (plan: GroupPlan, id: string) => plan.groups.find(({ participantIds }) => participantIds.includes(id))?.name;
    const moved = peopleIn(again.plans[1]!).filter((id) => homeIn(again.plans[1]!, id) !== homeIn(plans[1]!, id));
    expect(peopleIn(again.plans[1]!)).not.toContain(gone);
    expect(moved.length).toBeLessThanOrEqual(1);
    expect((await work.factsOf(ids[0]!)).map(({ type }) => type)).toEqual(['ActivityPlanned', 'GroupsFormed']);
  });

  it('leave out who is known to be absent, activity by activity', async () => {
    const ids = [await planned(24), await planned(48)];
    const { plans } = await series(ids, { absences: [{ activityId: ids[1], participantIds: peru.hosts.slice(0, 3) }] });
    expect(plans.map((plan) => peopleIn(plan).length)).toEqual([24, 21]);
  });

  it('are refused by field: unknown, twice, of another intervention, absent from what is not asked', async () => {
    const other = aProgramme('PE', 3);
    await work.consume(...other.facts);
    const elsewhere = aNewActivity({ startsAt: hoursFromNow(24), endsAt: hoursFromNow(26) });
    await work.plan(other, elsewhere);
    const id = await planned();
    await expect(series([id, id, elsewhere.id, randomUUID()])).rejects.toMatchObject({
      refusals: [{ code: 'ACTIVITY_TWICE', path: ['activityIds', '1'] }, { code: 'ACTIVITY_OF_ANOTHER', path: ['activityIds', '2'] }, { code: 'ACTIVITY_UNKNOWN', path: ['activityIds', '3'] }],
    });
    await expect(series([id], { absences: [{ activityId: elsewhere.id, participantIds: [] }] })).rejects.toMatchObject({ code: 'ACTIVITY_NOT_IN_SERIES', details: { path: ['absences', '0', 'activityId'] } });
    await expect(series([])).rejects.toMatchObject({ code: 'BATCH_EMPTY' });
  });
});
