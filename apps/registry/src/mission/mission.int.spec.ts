import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NOTHING } from '@common-ground/kernel';
import { aMission, administrator, analyst, facilitatorOf, monitor, officerOf, registryAtWork, type RegistryAtWork } from '../registry.fixture.js';

let registry: RegistryAtWork;
beforeAll(async () => {
  registry = await registryAtWork();
});
afterAll(() => registry.stop());

const register = (change: Parameters<typeof aMission>[0], quiet = false) => registry.missions.register(aMission(change), administrator, quiet);
const page = (first: number, after = '') => ({ first, after });

describe('missions on PostgreSQL', () => {
  it('registers one and tells it', async () => {
    const mission = await register({ mission: 'PE' });
    expect(mission).toEqual({ mission: 'PE', name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'], registeredAt: registry.clock.now() });
    expect(await registry.factsOf('PE')).toEqual([
      {
        type: 'commonground.registry.v1.MissionRegistered',
        key: 'PE',
        subject: 'PE',
        sequence: 1,
        mission: 'PE',
        quiet: false,
        data: { mission: 'PE', name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'] },
      },
    ]);
  });

  it('answers the same command again with the same, and tells it once', async () => {
    const command = aMission({ mission: 'CL', country: 'CL', timeZone: 'America/Santiago' });
    const first = await registry.missions.register(command, administrator, true);
    expect(await registry.missions.register(command, administrator, true)).toEqual(first);
    const facts = await registry.factsOf('CL');
    expect(facts.map(({ quiet }) => quiet)).toEqual([true]);
  });

  it('lets the same command come twice at the same time', async () => {
    const command = aMission({ mission: 'EC', country: 'EC', timeZone: 'America/Guayaquil' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => registry.missions.register(command, administrator, false)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await registry.factsOf('EC')).toHaveLength(1);
  });

  it('refuses a command id used for something else, and a code that is taken', async () => {
    const command = aMission({ mission: 'BO', country: 'BO', timeZone: 'America/La_Paz' });
    await registry.missions.register(command, administrator, false);
    await expect(registry.missions.register({ ...command, name: 'Another' }, administrator, false)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    await expect(register({ mission: 'BO' })).rejects.toMatchObject({ kind: 'conflict', code: 'MISSION_EXISTS', details: { path: ['mission'] } });
    await expect(register({ mission: 'UY', commandId: 'one' })).rejects.toMatchObject({ code: 'COMMAND_ID_INVALID' });
    expect(await registry.factsOf('UY')).toEqual([]);
  });

  it.each([
    ['hq-analyst', analyst],
    ['monitoring-officer', monitor],
    ['mission-officer', officerOf('AR')],
    ['facilitator', facilitatorOf('AR')],
  ])('does not let a %s register one', async (_, caller) => {
    await expect(registry.missions.register(aMission({ mission: 'AR', country: 'AR' }), caller, false)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('shows each caller the missions in scope, by list and by code', async () => {
    const { missions, pageInfo } = await registry.missions.list(page(10), officerOf('PE', 'CL'));
    expect(missions.map(({ mission }) => mission)).toEqual(['CL', 'PE']);
    expect(pageInfo).toMatchObject({ totalCount: 2, hasNextPage: false });
    expect((await registry.missions.getAmong(['PE', 'EC', 'ZZ', 'no code'], officerOf('PE'))).map(({ mission }) => mission)).toEqual(['PE']);
    expect((await registry.missions.list(undefined, facilitatorOf('PE'))).missions).toHaveLength(1);
    await expect(registry.missions.list(page(10), { subject: 'nobody', roles: [], scope: NOTHING })).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('walks through all of them page by page, each once', async () => {
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const { missions, pageInfo } = await registry.missions.list(page(1, after), analyst);
      seen.push(...missions.map(({ mission }) => mission));
      expect(pageInfo.totalCount).toBe(4);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(['BO', 'CL', 'EC', 'PE']);
  });

  it('refuses pages of no size, too large ones, and cursors of another list', async () => {
    await expect(registry.missions.list(page(0), analyst)).rejects.toMatchObject({ code: 'PAGE_SIZE_INVALID' });
    await expect(registry.missions.list(page(101), analyst)).rejects.toMatchObject({ code: 'PAGE_SIZE_INVALID' });
    await expect(registry.missions.list(page(10, randomUUID()), analyst)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect(registry.missions.getAmong(Array<string>(1_001).fill('PE'), analyst)).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
  });
});
