import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '@common-ground/kernel';
import { aMission, anIntervention, aPerson, administrator, analyst, facilitatorOf, monitor, officerOf, registryAtWork, type RegistryAtWork } from '../registry.fixture.js';
import type { InterventionFilter } from './intervention.repository.js';

let registry: RegistryAtWork;
const lima = officerOf('PE');
const ankara = officerOf('TR');

beforeAll(async () => {
  registry = await registryAtWork();
  await registry.missions.register(aMission(), administrator, false);
  await registry.missions.register(aMission({ mission: 'TR', country: 'TR', timeZone: 'Europe/Istanbul', languages: ['tr'] }), administrator, false);
});
afterAll(() => registry.stop());

const design = (change: Parameters<typeof anIntervention>[0] = {}, caller: Caller = lima) => registry.interventions.design(anIntervention(change), caller, false);
const everything: InterventionFilter = { missions: [], kinds: [], codes: [] };

describe('designing interventions on PostgreSQL', () => {
  it('writes one, tells it, and gives it back', async () => {
    const intervention = await design({ code: 'PE-football', sides: ['migrant', 'host', 'returnee'] });
    const { designedAt, version, ...told } = intervention;
    expect([designedAt, version]).toEqual([registry.clock.now(), 1]);
    const [fact] = await registry.factsOf(intervention.id);
    const { id: interventionId, ...rest } = told;
    expect(fact).toMatchObject({ type: 'commonground.registry.v1.InterventionDesigned', key: interventionId, sequence: 1, mission: 'PE', quiet: false, data: { interventionId, ...rest } });
    expect(await registry.interventions.getAmong([interventionId, randomUUID(), 'no id'], analyst)).toEqual([intervention]);
  });

  it('answers the same command again with the same, also at the same time, and tells it once', async () => {
    const command = anIntervention();
    const answers = await Promise.all(Array.from({ length: 5 }, () => registry.interventions.design(command, lima, true)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await registry.factsOf(command.id)).map(({ quiet }) => quiet)).toEqual([true]);
  });

  it('refuses a code and an id that are taken, also by another mission', async () => {
    const { id, code } = await design();
    await expect(design({ code })).rejects.toMatchObject({ kind: 'conflict', code: 'INTERVENTION_CODE_TAKEN', details: { path: ['code'] } });
    await expect(design({ id, mission: 'TR' }, ankara)).rejects.toMatchObject({ code: 'INTERVENTION_ID_TAKEN', details: { path: ['id'] } });
    await expect(design({ code, mission: 'TR' }, ankara)).resolves.toMatchObject({ mission: 'TR', code });
  });

  it('does not see another mission, nor one that is none', async () => {
    const command = anIntervention();
    await registry.interventions.design(command, lima, false);
    await expect(registry.interventions.design(command, ankara, false)).rejects.toMatchObject({ kind: 'not-found', code: 'MISSION_UNKNOWN' });
    await expect(design({ mission: 'ZW' }, administrator)).rejects.toMatchObject({ code: 'MISSION_UNKNOWN' });
  });

  it.each([
    ['hq-analyst', analyst],
    ['monitoring-officer', monitor],
    ['facilitator', facilitatorOf('PE')],
  ])('does not let a %s design or revise one', async (_, caller) => {
    const intervention = await design();
    await expect(design({}, caller)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(registry.interventions.revise({ ...intervention, commandId: randomUUID() }, caller, false)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('revising interventions on PostgreSQL', () => {
  it('tells the whole of it under the next version, once however often it is sent', async () => {
    const { mission: _mission, code: _code, designedAt: _at, version: _version, ...plan } = await design();
    const command = { ...plan, commandId: randomUUID(), title: 'Football and more', endsOn: '2026-12-31' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => registry.interventions.revise(command, lima, false)));
    for (const answer of answers) expect(answer).toMatchObject({ title: 'Football and more', endsOn: '2026-12-31', version: 2 });
    const facts = await registry.factsOf(plan.id);
    expect(facts.map(({ type, sequence }) => [type.split('.').at(-1), sequence])).toEqual([['InterventionDesigned', 1], ['InterventionRevised', 2]]);
    expect(facts[1]?.data).toMatchObject({ title: 'Football and more', interventionId: plan.id });
    await registry.interventions.revise({ ...command, commandId: randomUUID() }, lima, false);
    expect(await registry.factsOf(plan.id)).toHaveLength(2);
    expect(await registry.interventions.getAmong([plan.id], lima)).toEqual([answers[0]]);
  });

  it('loses no revision when several come at once', async () => {
    const { mission: _mission, code: _code, designedAt: _at, version: _version, ...plan } = await design();
    await Promise.all(Array.from({ length: 6 }, (_, index) => registry.interventions.revise({ ...plan, commandId: randomUUID(), title: `Title ${index}` }, lima, false)));
    expect((await registry.factsOf(plan.id)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('does not find another mission’s, nor one that is none', async () => {
    const intervention = await design();
    const command = { ...intervention, commandId: randomUUID() };
    await expect(registry.interventions.revise(command, ankara, false)).rejects.toMatchObject({ kind: 'not-found', code: 'INTERVENTION_UNKNOWN' });
    await expect(registry.interventions.revise({ ...command, id: randomUUID() }, lima, false)).rejects.toMatchObject({ code: 'INTERVENTION_UNKNOWN' });
    await expect(registry.interventions.revise({ ...command, id: 'one' }, lima, false)).rejects.toMatchObject({ code: 'ID_INVALID' });
  });

  it('keeps sides and designs that enrolment relies on', async () => {
    const intervention = await design({ design: 'comparison' });
    await registry.participants.enrol({ commandId: randomUUID(), interventionId: intervention.id, participants: [aPerson({ arm: 'treatment' })] }, lima, false);
    const revise = (change: object) => registry.interventions.revise({ ...intervention, commandId: randomUUID(), ...change }, lima, false);
    await expect(revise({ sides: ['host', 'returnee'] })).rejects.toMatchObject({ code: 'SIDE_IN_USE' });
    await expect(revise({ design: 'none' })).rejects.toMatchObject({ code: 'DESIGN_IN_USE' });
    await expect(revise({ design: 'individually-randomised' })).resolves.toMatchObject({ design: 'individually-randomised', version: 2 });
  });
});

describe('listing interventions on PostgreSQL', () => {
  it('shows each caller those in scope, filtered, in order, page by page', async () => {
    const theirs = await design({ mission: 'TR', code: 'TR-cooking', kind: 'discover' }, ankara);
    const list = (filter: Partial<InterventionFilter>, caller: Caller, first = 100, after = '') => registry.interventions.list({ first, after }, { ...everything, ...filter }, caller);
    const all = await list({}, analyst);
    expect(all.interventions.map(({ mission, code }) => `${mission} ${code}`)).toEqual(all.interventions.map(({ mission, code }) => `${mission} ${code}`).sort());
    expect((await list({}, lima)).interventions.every(({ mission }) => mission === 'PE')).toBe(true);
    expect((await list({ codes: ['TR-cooking'] }, analyst)).interventions).toEqual([theirs]);
    expect((await list({ codes: ['TR-cooking'] }, lima)).pageInfo.totalCount).toBe(0);
    expect((await list({ missions: ['TR'], kinds: ['discover'] }, monitor)).interventions.map(({ id }) => id)).toEqual([theirs.id]);
    expect((await list({}, facilitatorOf('TR', theirs.id))).interventions).toEqual([theirs]);
    expect((await list({}, facilitatorOf('PE', theirs.id))).interventions).toEqual([]);
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { interventions, pageInfo } = await list({}, analyst, 2, after);
      seen.push(...interventions.map(({ id }) => id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(all.interventions.map(({ id }) => id));
  });

  it('refuses filters that can match nothing, by their path', async () => {
    const list = (filter: Partial<InterventionFilter>) => registry.interventions.list(undefined, { ...everything, ...filter }, analyst);
    await expect(list({ kinds: ['party'] })).rejects.toMatchObject({ code: 'VALUE_UNKNOWN', details: { path: ['kinds', '0'] } });
    await expect(list({ codes: ['a', 'b\0'] })).rejects.toMatchObject({ code: 'CODE_INVALID', details: { path: ['codes', '1'] } });
    await expect(list({ missions: Array<string>(1_001).fill('PE') })).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
  });
});
