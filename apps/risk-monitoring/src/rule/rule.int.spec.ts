import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findSchemaDrift } from '@common-ground/persistence';
import { analyst, facilitator, monitor, officerOf, type RiskMonitoringAtWork, riskMonitoringAtWork } from '../risk-monitoring.fixture.js';

let risk: RiskMonitoringAtWork;
beforeAll(async () => {
  risk = await riskMonitoringAtWork();
  const missions = ['PE', 'TR'].map((mission) => ({ name: 'MissionRegistered' as const, data: { mission, name: mission, country: mission, timeZone: 'America/Lima', languages: ['es'] } }));
  await risk.hear(missions);
});
afterAll(() => risk.stop());

const configure = (change = {}) => ({ commandId: randomUUID(), mission: 'PE', code: 'poor-contact', enabled: true, thresholds: { minimumCondition: 3 }, ...change });

describe('rules', () => {
  it('come with the organisation’s defaults', async () => {
    const rules = await risk.rules.list('', analyst);
    expect(rules.map(({ code, mission, enabled }) => [code, mission, enabled])).toEqual([['one-side-missing', '', true], ['outcome-worsened', '', true], ['poor-contact', '', true], ['sides-apart', '', true], ['unrecorded-activity', '', true]]);
    expect(rules.find(({ code }) => code === 'poor-contact')).toMatchObject({ family: 'negative-contact', thresholds: { minimumCondition: 2.5 } });
  });

  it('are configured for a mission, and again is the same', async () => {
    const command = configure();
    const first = await risk.rules.configure(command, officerOf('PE'));
    expect(first).toMatchObject({ code: 'poor-contact', mission: 'PE', thresholds: { minimumCondition: 3 } });
    await risk.rules.configure(configure({ enabled: false }), officerOf('PE'));
    expect(await risk.rules.configure(command, officerOf('PE'))).toEqual(first);
    expect((await risk.rules.list('PE', monitor)).find(({ code }) => code === 'poor-contact')).toMatchObject({ mission: 'PE', enabled: false });
    expect((await risk.rules.list('TR', monitor)).find(({ code }) => code === 'poor-contact')).toMatchObject({ mission: '', enabled: true });
    await expect(risk.rules.configure({ ...command, enabled: false }, officerOf('PE'))).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('of another mission are not there', async () => {
    await expect(risk.rules.configure(configure({ mission: 'TR' }), officerOf('PE'))).rejects.toMatchObject({ kind: 'not-found', code: 'MISSION_UNKNOWN' });
    await expect(risk.rules.list('TR', officerOf('PE'))).rejects.toMatchObject({ code: 'MISSION_UNKNOWN' });
    await expect(risk.rules.list('peru', monitor)).rejects.toMatchObject({ code: 'MISSION_UNKNOWN' });
  });

  it('wait for a mission that is on its way, and no longer than five seconds', async () => {
    const waiting = risk.rules.configure(configure({ mission: 'CL' }), monitor);
    await risk.hear([{ name: 'MissionRegistered', data: { mission: 'CL', name: 'Chile', country: 'CL', timeZone: 'America/Santiago', languages: ['es'] } }]);
    await expect(waiting).resolves.toMatchObject({ mission: 'CL' });
    await expect(risk.rules.configure(configure({ mission: 'ZZ' }), monitor)).rejects.toMatchObject({ code: 'MISSION_UNKNOWN' });
  });

  it('are configured by those who handle flags', async () => {
    for (const caller of [analyst, facilitator]) await expect(risk.rules.configure(configure(), caller)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(risk.rules.list('', facilitator)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('the schema', () => {
  it('is what the entities say', async () => {
    expect(await findSchemaDrift(risk.database.dataSource)).toEqual([]);
  });
});
