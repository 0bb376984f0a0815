import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './embedded-databases.fixture.js';
import { type EmbeddedUnderTest, startEmbedded } from './platform-under-test/embedded.js';
import { Person } from './verify-trial/person.js';

const PLAN = `plan { by seed version oneSidedGroups loneMemberGroups groups { name participantIds facilitator bySide { side count } roles { role participantId side } }
  measures { measure value randomMean bound higherIsBetter } bent { rule group because } }`;
const MIXING = `{ portfolio(first: 50) { edges { node { interventionId code mixing { whole { activities mixingIndex coverage oneSidedShare oneSidedByChance withheld roles { side leadShare peopleShare } } months { month figures { activities } } } } } } }`;
const ACTIVITIES = 'query($statuses: [ActivityStatus!]) { activities(first: 100, filter: { statuses: $statuses }) { edges { node { id code interventionId startsAt } } } }';
const ACTIVITY = `query($id: ID!) { activity(id: $id) { status groupPlan { by version groups { name participantIds roles { role side } } } } }`;

type Group = { readonly name: string; readonly participantIds: readonly string[]; readonly facilitator: string | null; readonly bySide: readonly { side: string; count: number }[]; readonly roles: readonly { role: string; participantId: string; side: string }[] };
type Plan = { readonly by: string; readonly seed: number; readonly version: number; readonly oneSidedGroups: number; readonly loneMemberGroups: number; readonly groups: readonly Group[]; readonly measures: readonly { measure: string; value: number; randomMean: number | null; bound: number | null }[]; readonly bent: readonly object[] };
type Answer = { readonly errors: readonly { code: string; path: readonly string[] }[]; readonly plan: Plan; readonly movedIds?: readonly string[] };
type Activity = { readonly id: string; readonly code: string; readonly interventionId: string; readonly startsAt: string };
type Mixing = { readonly whole: { activities: number; mixingIndex: number; coverage: number; oneSidedShare: number; oneSidedByChance: number; withheld: boolean } | null; readonly months: readonly { month: string }[] };
type Portfolio = { readonly portfolio: { readonly edges: readonly { readonly node: { readonly code: string; readonly mixing: Mixing } }[] } };

let platform: EmbeddedUnderTest;
let officer: Person;
let analyst: Person;
let next: Activity;

const send = async (name: string, input: object, ask = PLAN, person = officer): Promise<Answer> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const answer = await person.ask<Record<string, Answer>>(`mutation($input: ${type}!) { ${name}(input: $input) { errors { code path } ${ask} } }`, { input: { commandId: randomUUID(), ...input } });
  return answer[name] as Answer;
};
const activities = async (person: Person, ...statuses: string[]): Promise<readonly Activity[]> => (await person.ask<{ activities: { edges: { node: Activity }[] } }>(ACTIVITIES, { statuses })).activities.edges.map(({ node }) => node);
const mixingOf = async (code: string): Promise<Mixing | undefined> => (await analyst.ask<Portfolio>(MIXING)).portfolio.edges.find(({ node }) => node.code === code)?.node.mixing;

beforeAll(async () => {
  platform = await startEmbedded({ demonstration: true });
  [officer, analyst] = (await Promise.all(['mission-officer-tr', 'hq-analyst'].map((name) => Person.signIn(platform, name)))) as [Person, Person];
  next = (await activities(officer, 'PLANNED'))[0] as Activity;
});
afterAll(() => platform?.close());

describe('groups, from a first look to the portfolio', () => {
  it('show a season of mixed and rotating groups on a first start', async () => {
    const { activity } = await officer.ask<{ activity: { groupPlan: Plan } }>(ACTIVITY, { id: next.id });
    expect(activity.groupPlan.groups.length).toBeGreaterThan(4);
    for (const { roles } of activity.groupPlan.groups) expect(roles.map(({ role }) => role).sort()).toEqual(['leader', 'notetaker', 'timekeeper']);
    const mixing = await eventually(async () => {
      const found = await mixingOf('cinaralti-kitchen');
      expect(found?.whole?.activities).toBeGreaterThan(10);
      return found;
    });
    expect(mixing?.whole).toMatchObject({ withheld: false, oneSidedShare: 0 });
    expect(mixing?.whole?.mixingIndex).toBeGreaterThan(1);
    expect(mixing?.whole?.oneSidedByChance).toBeGreaterThan(0);
    expect(mixing?.whole?.coverage).toBeGreaterThan(0.9);
    expect(mixing?.months.length).toBeGreaterThan(2);
  });

  it('are formed, explained, and the same again for the same seed', async () => {
    const first = await send('formGroups', { activityId: next.id, seed: 7, rules: { sizeMin: 4, sizeMax: 6 } });
    expect(first).toMatchObject({ errors: [], plan: { by: 'FORMED', seed: 7, oneSidedGroups: 0, loneMemberGroups: 0, bent: [] } });
    const objective = first.plan.measures.find(({ measure }) => measure === 'objective');
    expect(objective?.value).toBeGreaterThan(objective?.randomMean as number);
    expect(objective?.value).toBeLessThanOrEqual(objective?.bound as number);
    const again = await send('formGroups', { activityId: next.id, seed: 7, rules: { sizeMin: 4, sizeMax: 6 } });
    expect(again.plan.groups.map(({ participantIds }) => participantIds)).toEqual(first.plan.groups.map(({ participantIds }) => participantIds));
    const wrong = await send('formGroups', { activityId: next.id, rules: { sizeMin: 1 } });
    expect(wrong).toMatchObject({ errors: [{ code: 'GROUP_SIZE_OUT_OF_RANGE', path: ['rules', 'sizeMin'] }], plan: null });
  });

  it('are regrouped on the spot, given roles and facilitators, recorded, and survive a kill', async () => {
    const { plan } = await send('formGroups', { activityId: next.id, seed: 8, rules: { sizeMin: 4, sizeMax: 6 } });
    const missing = plan.groups[0]?.participantIds[0] as string;
    const regrouped = await send('regroupActivity', { activityId: next.id, missingIds: [missing] }, `${PLAN} movedIds`);
    expect(regrouped.errors).toEqual([]);
    expect(regrouped.movedIds?.length).toBeLessThanOrEqual(1);
    expect(regrouped.plan.groups.flatMap(({ participantIds }) => participantIds)).not.toContain(missing);
    expect((await send('assignRoles', { activityId: next.id })).plan.groups.every(({ roles }) => roles.length === 3)).toBe(true);
    const staffed = await send('assignFacilitators', { activityId: next.id, facilitators: Array.from({ length: 10 }, (_, at) => ({ code: `F${at}`, languages: ['tr', 'ar'] })) });
    expect(staffed.plan.groups.every(({ facilitator }) => facilitator !== null)).toBe(true);
    await platform.kill();
    await platform.restart();
    officer = await Person.signIn(platform, 'mission-officer-tr');
    analyst = await Person.signIn(platform, 'hq-analyst');
    const { activity } = await officer.ask<{ activity: { groupPlan: Plan } }>(ACTIVITY, { id: next.id });
    expect(activity.groupPlan.version).toBe(staffed.plan.version);
    expect((await analyst.ask<{ activity: { groupPlan: Plan | null } }>(ACTIVITY, { id: next.id })).activity.groupPlan).toBeNull();
  });

  it('pair people one to one, check in and end, for those who run the programme alone', async () => {
    const { activity } = await officer.ask<{ activity: { groupPlan: Plan } }>(ACTIVITY, { id: next.id });
    const [supporterId, supportedId] = activity.groupPlan.groups[0]?.participantIds as [string, string];
    const pairingId = randomUUID();
    const day = new Date().toISOString().slice(0, 10);
    const asked = 'pairing { status checkIns { checkedInOn course } }';
    const start = await send('startPairing', { pairingId, interventionId: next.interventionId, supporterId, supportedId, startsOn: day, endsOn: day }, asked);
    expect(start).toMatchObject({ errors: [], pairing: { status: 'ACTIVE' } });
    expect(await send('startPairing', { pairingId: randomUUID(), interventionId: next.interventionId, supporterId, supportedId, startsOn: day, endsOn: day }, asked)).toMatchObject({ errors: [{ code: 'PAIRED_ALREADY' }] });
    // "Today" is the mission's; whoever is east of us has it already.
    expect(await send('checkInPairing', { pairingId, checkedInOn: day, course: 'WELL' }, asked)).toMatchObject({ errors: [], pairing: { checkIns: [{ checkedInOn: day, course: 'WELL' }] } });
    expect(await send('endPairing', { pairingId, endedOn: day, reason: 'COMPLETED' }, asked)).toMatchObject({ errors: [], pairing: { status: 'ENDED' } });
    await expect(analyst.ask('{ pairings { totalCount } }')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
