import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { analyst, aProgramme, facilitatorOf, monitor, officerOf, type Programme, type SchedulingAtWork, schedulingAtWork } from '../scheduling.fixture.js';

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

let next = 0;
const aPair = () => {
  const at = (next += 1) - 1;
  return { pairingId: randomUUID(), interventionId: peru.interventionId, supporterId: peru.hosts[at]!, supportedId: peru.migrants[at]!, startsOn: '2026-03-01', endsOn: '2026-09-01' };
};
const start = async () => {
  const pair = aPair();
  await work.pairings.start({ commandId: randomUUID(), ...pair }, officer);
  return pair;
};

type Run = (pairingId: string, commandId: string, asked: typeof officer) => Promise<{ readonly version: number }>;
const COMMANDS: readonly (readonly [string, string, Run])[] = [
  ['checking in', 'PairingCheckedIn', (pairingId, commandId, asked) => work.pairings.checkIn({ commandId, pairingId, checkedInOn: '2026-04-01', course: 'well' }, asked)],
  ['ending', 'PairingEnded', (pairingId, commandId, asked) => work.pairings.end({ commandId, pairingId, endedOn: '2026-04-02', reason: 'completed' }, asked)],
];

describe('pairings', () => {
  it('start with a fact that carries ids and sides alone, and again is the same', async () => {
    const command = { commandId: randomUUID(), ...aPair() };
    const [first, ...others] = await Promise.all([0, 1, 2, 3].map(() => work.pairings.start(command, officer)));
    for (const other of others) expect(other).toEqual(first);
    const { commandId: _, pairingId, ...rest } = command;
    expect(await work.factsOf(pairingId)).toEqual([expect.objectContaining({ type: 'PairingStarted', sequence: 1, key: peru.interventionId, data: { mission: 'PE', pairingId, ...rest, supporterSide: 'host', supportedSide: 'migrant', month: '2026-03' } })]);
    // The same under another command id, as after a reinstall, changes nothing either.
    expect(await work.pairings.start({ ...command, commandId: randomUUID() }, officer)).toEqual(first);
    await expect(work.pairings.start({ ...command, endsOn: '2026-08-01' }, officer)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('never support one person twice, even asked at the same moment', async () => {
    const one = aPair();
    const settled = await Promise.allSettled([one, { ...one, pairingId: randomUUID(), supporterId: peru.hosts[11]! }].map((pair) => work.pairings.start({ commandId: randomUUID(), ...pair }, officer)));
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it.each(COMMANDS)('%s again is the same, tells once, and is closed to other missions', async (_, type, run) => {
    const { pairingId } = await start();
    await expect(run(pairingId, randomUUID(), stranger)).rejects.toMatchObject({ code: 'PAIRING_UNKNOWN', kind: 'not-found' });
    const commandId = randomUUID();
    const answers = await Promise.all([0, 1, 2].map(() => run(pairingId, commandId, officer)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ version: 2 });
    expect((await work.factsOf(pairingId)).map((fact) => fact.type)).toEqual(['PairingStarted', type]);
    await run(pairingId, randomUUID(), officer);
    expect(await work.factsOf(pairingId)).toHaveLength(2);
    // A stored answer is not for another mission.
    await expect(run(pairingId, commandId, stranger)).rejects.toMatchObject({ code: 'PAIRING_UNKNOWN' });
  });

  it('are listed page by page to those who run the programme, and to nobody else', async () => {
    const all = await work.pairings.list({ first: 100, after: '' }, { interventionIds: [peru.interventionId], statuses: [] }, officer.caller);
    const first = await work.pairings.list({ first: 2, after: '' }, { interventionIds: [], statuses: [] }, officer.caller);
    const second = await work.pairings.list({ first: 100, after: first.pageInfo.endCursor }, { interventionIds: [], statuses: [] }, officer.caller);
    expect([...first.pairings, ...second.pairings]).toEqual(all.pairings);
    expect(all.pageInfo.totalCount).toBe(all.pairings.length);
    expect((await work.pairings.list(undefined, { interventionIds: [], statuses: ['ended'] }, officer.caller)).pairings.every(({ status }) => status === 'ended')).toBe(true);
    expect((await work.pairings.list(undefined, { interventionIds: [], statuses: [] }, stranger.caller)).pairings).toEqual([]);
    expect((await work.pairings.list(undefined, { interventionIds: [], statuses: [] }, facilitatorOf('PE', peru.interventionId))).pairings.length).toBeGreaterThan(0);
    for (const caller of [analyst, monitor]) await expect(work.pairings.list(undefined, { interventionIds: [], statuses: [] }, caller)).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    await expect(work.pairings.list(undefined, { interventionIds: ['x'], statuses: ['open'] }, officer.caller)).rejects.toMatchObject({ code: 'ID_INVALID' });
  });

  it('are proposed from what is known of people, and nothing is started', async () => {
    const said = { availability: ['mon'], interests: [], area: '', prefersGender: '', vetted: false, capacity: 1 };
    const proposal = { interventionId: peru.interventionId, supporters: [{ participantId: peru.hosts[10]!, ...said }], supported: [{ participantId: peru.migrants[10]!, ...said }], keepApart: [] };
    // Nobody said a language at enrolment.
    expect(await work.pairings.propose(proposal, officer.caller)).toEqual({ pairs: [], unpaired: [{ id: peru.migrants[10], because: ['no-shared-language'] }], totalScore: 0 });
    await expect(work.pairings.propose(proposal, stranger.caller)).rejects.toMatchObject({ code: 'INTERVENTION_UNKNOWN' });
    await expect(work.pairings.propose({ ...proposal, supported: [{ participantId: 'x', ...said }] }, officer.caller)).rejects.toMatchObject({ code: 'ID_INVALID' });
  });
});
