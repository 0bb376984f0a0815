import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { administrator, analyst, anInstrument, anItem, evaluationAtWork, type EvaluationAtWork, facilitatorOf, monitor, officerOf } from '../evaluation.fixture.js';
import { keepMission } from '../programme/programme.repository.js';

let evaluation: EvaluationAtWork;
beforeAll(async () => {
  evaluation = await evaluationAtWork();
});
afterAll(() => evaluation.stop());

const publish = (change: Parameters<typeof anInstrument>[0] = {}, caller = officerOf('PE'), quiet = false) => evaluation.instruments.publish(anInstrument(change), caller, quiet);

describe('instruments on PostgreSQL', () => {
  it('publishes one and tells it without its wording', async () => {
    const command = anInstrument();
    const instrument = await evaluation.instruments.publish(command, officerOf('PE'), true);
    expect(instrument).toMatchObject({ id: command.id, version: 1, publishedAt: evaluation.clock.now(), items: command.items });
    const [fact, ...others] = await evaluation.factsOf(command.id);
    expect(others).toEqual([]);
    expect(fact).toMatchObject({ type: 'commonground.evaluation.v1.InstrumentPublished', key: 'PE', sequence: 1, quiet: true, data: { instrumentId: command.id, version: 1 } });
    expect(JSON.stringify(fact?.data)).not.toContain('I trust');
  });

  it('answers the same command again with the same, also at the same time, and tells it once', async () => {
    const command = anInstrument();
    const answers = await Promise.all(Array.from({ length: 4 }, () => evaluation.instruments.publish(command, officerOf('PE'), false)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await evaluation.factsOf(command.id)).toHaveLength(1);
    await expect(evaluation.instruments.publish({ ...command, title: 'Another' }, officerOf('PE'), false)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('counts versions up per code and mission, also when published at once', async () => {
    const versions = await Promise.all(Array.from({ length: 5 }, () => publish({ code: 'feelings' })));
    expect(versions.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5]);
    expect((await publish({ code: 'feelings', mission: 'TR' }, administrator)).version).toBe(1);
  });

  it('refuses an id that is taken, a mission out of scope, and roles that may not', async () => {
    const { id } = await publish();
    await expect(publish({ id })).rejects.toMatchObject({ kind: 'conflict', code: 'INSTRUMENT_ID_TAKEN' });
    for (const caller of [analyst, monitor, facilitatorOf('PE')]) await expect(publish({}, caller)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(publish({ items: [anItem({ maximum: 0 })] })).rejects.toMatchObject({ code: 'RANGE_INVALID', details: { path: ['items', '0', 'maximum'] } });
    await expect(publish({ mission: 'TR' })).rejects.toMatchObject({ kind: 'not-found', code: 'MISSION_UNKNOWN' });
  });

  it('waits for a mission whose fact is on its way', async () => {
    const publishing = publish({ mission: 'CL' }, officerOf('CL'));
    setTimeout(() => void evaluation.database.run(EVERYTHING, (tx) => keepMission(tx, 'CL')), 200);
    expect(await publishing).toMatchObject({ mission: 'CL' });
  });

  it('lists page by page, by mission and code, within the scope', async () => {
    const { id } = await publish({ code: 'paged' });
    await publish({ code: 'paged' });
    const first = await evaluation.instruments.list({ first: 1, after: '' }, { missions: [], codes: ['paged'] }, officerOf('PE'));
    expect(first).toMatchObject({ instruments: [{ id, version: 1 }], pageInfo: { hasNextPage: true, totalCount: 2 } });
    const second = await evaluation.instruments.list({ first: 1, after: first.pageInfo.endCursor }, { missions: ['PE'], codes: ['paged'] }, analyst);
    expect(second).toMatchObject({ instruments: [{ version: 2 }], pageInfo: { hasNextPage: false } });
    expect((await evaluation.instruments.list(undefined, { missions: ['PE'], codes: [] }, officerOf('TR'))).instruments).toEqual([]);
    expect(await evaluation.instruments.getAmong([id, randomUUID(), 'no id'], officerOf('PE'))).toMatchObject([{ id }]);
    expect(await evaluation.instruments.getAmong([id], officerOf('TR'))).toEqual([]);
    await expect(evaluation.instruments.list({ first: 1, after: 'WyJQRSIsImEiLCJ4Il0' }, { missions: [], codes: [] }, analyst)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });
});
