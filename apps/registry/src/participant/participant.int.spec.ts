import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Caller } from '@common-ground/kernel';
import type { Intervention } from '../intervention/domain/intervention.js';
import { aMission, anIntervention, aPerson, administrator, analyst, facilitatorOf, monitor, officerOf, registryAtWork, type RegistryAtWork } from '../registry.fixture.js';
import type { NewParticipant } from './domain/participant.js';

let registry: RegistryAtWork;
let football: Intervention;
const lima = officerOf('PE');
const ankara = officerOf('TR');

beforeAll(async () => {
  registry = await registryAtWork();
  await registry.missions.register(aMission(), administrator, false);
  await registry.missions.register(aMission({ mission: 'TR', country: 'TR', timeZone: 'Europe/Istanbul', languages: ['tr'] }), administrator, false);
});
beforeEach(async () => {
  football = await registry.interventions.design(anIntervention(), lima, false);
});
afterAll(() => registry.stop());

const command = (participants: readonly NewParticipant[], interventionId = football.id) => ({ commandId: randomUUID(), interventionId, participants });
const enrol = async (participants: readonly NewParticipant[], caller: Caller = lima, interventionId = football.id) =>
  (await registry.participants.enrol(command(participants, interventionId), caller, false)).map(({ outcome, code }) => code || outcome);
const list = (caller: Caller, filter: { side?: string; status?: string; first?: number; after?: string; interventionId?: string } = {}) =>
  registry.participants.list({ first: filter.first ?? 100, after: filter.after ?? '' }, { interventionId: filter.interventionId ?? football.id, side: filter.side ?? '', status: filter.status ?? '' }, caller);
const withdraw = (participantId: string, reason = 'no-time', caller: Caller = lima, commandId: string = randomUUID()) => registry.participants.withdraw({ commandId, participantId, reason }, caller, false);

describe('enrolling on PostgreSQL', () => {
  it('writes each sound row and tells each person once', async () => {
    const person = aPerson({ languages: ['ES', 'qu'] });
    const outcomes = await registry.participants.enrol(command([person, aPerson({ side: 'visitor' })]), lima, true);
    expect(outcomes).toEqual([
      { row: 0, outcome: 'accepted', code: '', message: '', path: [] },
      { row: 1, outcome: 'refused', code: 'SIDE_UNKNOWN', message: expect.stringContaining('migrant, host'), path: ['side'] },
    ]);
    const { id: participantId, ...rest } = person;
    expect(await registry.factsOf(person.id)).toEqual([
      {
        type: 'commonground.registry.v1.ParticipantEnrolled',
        key: football.id,
        subject: person.id,
        sequence: 1,
        mission: 'PE',
        quiet: true,
        data: { mission: 'PE', interventionId: football.id, participantId, ...rest, languages: ['es', 'qu'] },
      },
    ]);
    const { participants, pageInfo } = await list(lima);
    expect(participants).toEqual([expect.objectContaining({ ...person, languages: ['es', 'qu'], status: 'enrolled', enrolledAt: registry.clock.now() })]);
    expect(pageInfo.totalCount).toBe(1);
  });

  it('answers the same command again with the same, also at the same time, and tells everyone once', async () => {
    const batch = command([aPerson(), aPerson({ gender: 'x' }), aPerson()]);
    const answers = await Promise.all(Array.from({ length: 4 }, () => registry.participants.enrol(batch, lima, false)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await list(lima)).pageInfo.totalCount).toBe(2);
    expect(await registry.factsOf(batch.participants[0]!.id)).toHaveLength(1);
    await expect(registry.participants.enrol({ ...batch, participants: [aPerson()] }, lima, false)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('leaves who is there already as they are when the rows come under another command', async () => {
    const [one, other] = [aPerson(), aPerson()];
    expect(await enrol([one])).toEqual(['accepted']);
    expect(await enrol([one, other, aPerson({ code: one.code }), { ...other, code: 'new' }])).toEqual(['unchanged', 'accepted', 'CODE_TWICE', 'ID_TWICE']);
    expect(await enrol([aPerson({ code: one.code })])).toEqual(['CODE_TAKEN']);
    expect(await enrol([{ ...one, side: 'host' }])).toEqual(['PARTICIPANT_DIFFERS']);
    expect(await registry.factsOf(one.id)).toHaveLength(1);
  });

  it('gives nobody the id of someone out of sight, and says no more about them', async () => {
    const theirs = await registry.interventions.design(anIntervention({ mission: 'TR' }), ankara, false);
    const person = aPerson();
    await enrol([person], ankara, theirs.id);
    expect(await enrol([aPerson(), { ...person, code: 'mine' }])).toEqual(['accepted', 'ID_TAKEN']);
    expect(await registry.factsOf(person.id)).toHaveLength(1);
  });

  it('gives a code to one person when batches come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => enrol([aPerson({ code: 'P-1' })])));
    expect(answers.flat().sort()).toEqual(['CODE_TAKEN', 'CODE_TAKEN', 'CODE_TAKEN', 'CODE_TAKEN', 'accepted']);
  });

  it('keeps a cluster in one arm when batches come at once', async () => {
    const trial = await registry.interventions.design(anIntervention({ design: 'cluster-randomised', assignmentUnit: 'school' }), lima, false);
    const answers = await Promise.all(['treatment', 'comparison', 'treatment', 'comparison'].map((arm) => enrol([aPerson({ arm, cluster: 'Norte 1' })], lima, trial.id)));
    expect(answers.flat().sort()).toEqual(['CLUSTER_IN_TWO_ARMS', 'CLUSTER_IN_TWO_ARMS', 'accepted', 'accepted']);
  });

  it('takes 1,000 rows in a handful of statements', async () => {
    const queries = jest.spyOn(registry.database, 'run');
    let statements = 0;
    queries.mockImplementationOnce((scope, work) =>
      registry.database.run(scope, (tx) => work({ ...tx, query: (sql, parameters) => ((statements += 1), tx.query(sql, parameters)) })),
    );
    const outcomes = await registry.participants.enrol(command(Array.from({ length: 1_000 }, () => aPerson())), lima, false);
    queries.mockRestore();
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1_000);
    expect(statements).toBeLessThanOrEqual(7);
    expect((await list(lima)).pageInfo.totalCount).toBe(1_000);
  });

  it('refuses no rows, too many, an unknown intervention, and text that cannot be stored', async () => {
    await expect(enrol([])).rejects.toMatchObject({ code: 'BATCH_EMPTY', details: { path: ['participants'] } });
    await expect(enrol(Array<NewParticipant>(1_001).fill(aPerson()))).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
    await expect(enrol([aPerson()], lima, randomUUID())).rejects.toMatchObject({ kind: 'not-found', code: 'INTERVENTION_UNKNOWN' });
    await expect(enrol([aPerson()], lima, 'one')).rejects.toMatchObject({ code: 'ID_INVALID' });
    expect(await enrol([aPerson({ code: 'a\0' }), aPerson({ cluster: '\0' }), aPerson({ id: '\0' }), aPerson({ side: '\0' }), aPerson({ languages: ['\0'] })])).toEqual([
      'CODE_INVALID', 'TEXT_HAS_CONTROL_CHARACTERS', 'ID_INVALID', 'SIDE_UNKNOWN', 'LANGUAGE_INVALID',
    ]);
  });

  it.each([
    ['hq-analyst', () => analyst, 'forbidden'],
    ['monitoring-officer', () => monitor, 'forbidden'],
    ['facilitator of it', () => facilitatorOf('PE', football.id), 'forbidden'],
    ['officer of another mission', () => ankara, 'not-found'],
  ])('does not let a %s enrol or withdraw', async (_, caller, kind) => {
    const person = aPerson();
    await enrol([person]);
    await expect(enrol([aPerson()], caller())).rejects.toMatchObject({ kind });
    await expect(withdraw(person.id, 'no-time', caller())).rejects.toMatchObject({ kind });
  });
});

describe('withdrawing on PostgreSQL', () => {
  it('tells who left and why, once however often it is sent', async () => {
    const person = aPerson();
    await enrol([person]);
    const commandId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 4 }, () => withdraw(person.id, 'safety', lima, commandId)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 'withdrawn', withdrawnAt: registry.clock.now(), enrolledAt: registry.clock.now() });
    const facts = await registry.factsOf(person.id);
    expect(facts[1]).toMatchObject({ sequence: 2, key: football.id, data: { participantId: person.id, interventionId: football.id, mission: 'PE', code: person.code, side: 'migrant', reason: 'safety' } });
    await withdraw(person.id, 'safety');
    await expect(withdraw(person.id, 'other')).rejects.toMatchObject({ kind: 'conflict', code: 'PARTICIPANT_WITHDRAWN' });
    expect(await registry.factsOf(person.id)).toHaveLength(2);
    expect(await enrol([person])).toEqual(['PARTICIPANT_WITHDRAWN']);
  });

  it('refuses who is nobody, and a reason that is none', async () => {
    const person = aPerson();
    await enrol([person]);
    await expect(withdraw(randomUUID())).rejects.toMatchObject({ kind: 'not-found', code: 'PARTICIPANT_UNKNOWN' });
    await expect(withdraw('one')).rejects.toMatchObject({ code: 'ID_INVALID' });
    await expect(withdraw(person.id, 'bored')).rejects.toMatchObject({ code: 'VALUE_UNKNOWN', details: { path: ['reason'] } });
  });
});

describe('listing participants on PostgreSQL', () => {
  it('filters, orders and pages', async () => {
    const people = ['c', 'a', 'b', 'd'].map((code, index) => aPerson({ code, side: index % 2 === 0 ? 'migrant' : 'host' }));
    await enrol(people);
    await withdraw(people[1]!.id);
    expect((await list(lima)).participants.map(({ code }) => code)).toEqual(['a', 'b', 'c', 'd']);
    expect((await list(lima, { side: 'host' })).participants.map(({ code }) => code)).toEqual(['a', 'd']);
    expect((await list(lima, { status: 'withdrawn' })).participants.map(({ code }) => code)).toEqual(['a']);
    const first = await list(lima, { first: 3 });
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, totalCount: 4 });
    expect((await list(lima, { first: 3, after: first.pageInfo.endCursor })).participants.map(({ code }) => code)).toEqual(['d']);
    await expect(list(lima, { side: '\0' })).rejects.toMatchObject({ code: 'CODE_INVALID' });
    await expect(list(lima, { status: 'gone' })).rejects.toMatchObject({ code: 'VALUE_UNKNOWN' });
  });

  it('shows people to officers of the mission and facilitators of the intervention, and to nobody else', async () => {
    await enrol([aPerson()]);
    for (const caller of [administrator, lima, facilitatorOf('PE', football.id)]) expect((await list(caller)).participants).toHaveLength(1);
    for (const caller of [analyst, monitor]) await expect(list(caller)).rejects.toMatchObject({ kind: 'forbidden' });
    for (const caller of [ankara, facilitatorOf('PE', randomUUID()), facilitatorOf('TR', football.id)]) await expect(list(caller)).rejects.toMatchObject({ kind: 'not-found' });
    const both: Caller = { ...analyst, roles: ['hq-analyst', 'mission-officer'] };
    await expect(list(both)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('is backed by row-level security: a forgotten check returns nothing', async () => {
    await enrol([aPerson()]);
    for (const table of ['mission', 'intervention', 'participant']) {
      const seen = (caller: Caller) => registry.database.read(caller.scope, (tx) => tx.query<{ mission: string }>(`SELECT DISTINCT mission FROM ${table}`));
      expect((await seen(lima)).map(({ mission }) => mission)).toEqual(['PE']);
      expect((await seen(officerOf())).length).toBe(0);
      expect((await seen({ ...lima, scope: { missions: ['XX'], interventions: '*' } })).length).toBe(0);
    }
    const [counted] = await registry.database.read(facilitatorOf('PE', randomUUID()).scope, (tx) => tx.query<{ people: number }>('SELECT count(*)::integer AS people FROM participant'));
    expect(counted?.people).toBe(0);
    const moved = registry.database.run(lima.scope, (tx) => tx.query("UPDATE participant SET mission = 'TR' WHERE intervention_id = $1", [football.id]));
    await expect(moved).rejects.toThrow('row-level security');
  });
});
