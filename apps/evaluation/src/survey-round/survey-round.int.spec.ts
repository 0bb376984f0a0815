import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { analyst, anInstrument, aRound, evaluationAtWork, type EvaluationAtWork, facilitatorOf, officerOf } from '../evaluation.fixture.js';
import { keepIntervention } from '../programme/programme.repository.js';

let evaluation: EvaluationAtWork;
let interventionId: string;
let instrumentId: string;
beforeAll(async () => {
  evaluation = await evaluationAtWork();
  interventionId = await evaluation.intervention('none', []);
  instrumentId = (await evaluation.instruments.publish(anInstrument(), officerOf('PE'), false)).id;
});
afterAll(() => evaluation.stop());

const open = (change: Parameters<typeof aRound>[2] = {}, caller = officerOf('PE')) => evaluation.rounds.open(aRound(interventionId, instrumentId, change), caller, false);
const close = (roundId: string, commandId = randomUUID(), caller = officerOf('PE')) => evaluation.rounds.close({ commandId, roundId }, caller, false);

describe('survey rounds on PostgreSQL', () => {
  it('opens and closes one, and tells both in order', async () => {
    const round = await open({ code: 'first' });
    expect(round).toMatchObject({ mission: 'PE', status: 'open', opensOn: '2026-03-01', closesOn: '2026-03-14', respondents: 0, answers: 0 });
    expect(await close(round.id)).toMatchObject({ id: round.id, status: 'closed' });
    expect((await evaluation.factsOf(round.id)).map(({ type, sequence, key, data }) => [type.split('.').at(-1), sequence, key, (data as { roundId: string }).roundId])).toEqual([
      ['SurveyRoundOpened', 1, interventionId, round.id],
      ['SurveyRoundClosed', 2, interventionId, round.id],
    ]);
  });

  it('answers the same commands again with the same, and tells each once', async () => {
    const command = aRound(interventionId, instrumentId);
    const first = await evaluation.rounds.open(command, officerOf('PE'), false);
    expect(await evaluation.rounds.open(command, officerOf('PE'), false)).toEqual(first);
    const closing = randomUUID();
    const closed = await close(command.id, closing);
    expect(await close(command.id, closing)).toEqual(closed);
    expect(await close(command.id)).toEqual(closed);
    expect(await evaluation.factsOf(command.id)).toHaveLength(2);
    await expect(evaluation.rounds.open({ ...command, wave: 'post' }, officerOf('PE'), false)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('keeps one open round per code', async () => {
    const round = await open({ code: 'again' });
    await expect(open({ code: 'again' })).rejects.toMatchObject({ kind: 'conflict', code: 'ROUND_CODE_OPEN' });
    await expect(open({ id: round.id })).rejects.toMatchObject({ kind: 'conflict', code: 'ROUND_ID_TAKEN' });
    await close(round.id);
    expect(await open({ code: 'again' })).toMatchObject({ status: 'open' });
  });

  it('refuses what it does not know, and who may not', async () => {
    await expect(open({ instrumentId: randomUUID() })).rejects.toMatchObject({ code: 'INSTRUMENT_UNKNOWN', details: { path: ['instrumentId'] } });
    const abroad = await evaluation.instruments.publish(anInstrument({ mission: 'TR' }), officerOf('TR'), false);
    await expect(open({ instrumentId: abroad.id }, officerOf('PE', 'TR'))).rejects.toMatchObject({ code: 'INSTRUMENT_UNKNOWN' });
    for (const caller of [analyst, facilitatorOf('PE', interventionId)]) await expect(open({}, caller)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(close(randomUUID())).rejects.toMatchObject({ kind: 'not-found', code: 'ROUND_UNKNOWN' });
  });

  it("does not find another mission's", async () => {
    const round = await open();
    await expect(close(round.id, randomUUID(), officerOf('TR'))).rejects.toMatchObject({ kind: 'not-found', code: 'ROUND_UNKNOWN' });
    await expect(open({}, officerOf('TR'))).rejects.toMatchObject({ kind: 'not-found', code: 'INTERVENTION_UNKNOWN' });
    expect(await evaluation.rounds.getAmong([round.id], officerOf('TR'))).toEqual([]);
    expect(await evaluation.rounds.getAmong([round.id], facilitatorOf('PE', randomUUID()))).toEqual([]);
    expect(await evaluation.rounds.getAmong([round.id], facilitatorOf('PE', interventionId))).toMatchObject([{ id: round.id }]);
  });

  it('waits for an intervention whose fact is on its way', async () => {
    const id = randomUUID();
    const opening = evaluation.rounds.open(aRound(id, instrumentId), officerOf('PE'), false);
    setTimeout(() => void evaluation.database.run(EVERYTHING, (tx) => keepIntervention(tx, { id, mission: 'PE', design: 'none' }, 1)), 200);
    expect(await opening).toMatchObject({ interventionId: id });
  });

  it('lists page by page, by intervention and code', async () => {
    const own = await evaluation.intervention('none', []);
    for (const code of ['b', 'a', 'c']) await evaluation.rounds.open(aRound(own, instrumentId, { code }), officerOf('PE'), false);
    const filter = { interventionIds: [own], codes: [] };
    const first = await evaluation.rounds.list({ first: 2, after: '' }, filter, analyst);
    expect(first.rounds.map(({ code }) => code)).toEqual(['a', 'b']);
    const rest = await evaluation.rounds.list({ first: 2, after: first.pageInfo.endCursor }, filter, analyst);
    expect([rest.rounds.map(({ code }) => code), rest.pageInfo]).toEqual([['c'], { hasNextPage: false, endCursor: expect.any(String), totalCount: 3 }]);
    expect((await evaluation.rounds.list(undefined, { interventionIds: [own], codes: ['c'] }, analyst)).rounds).toHaveLength(1);
    await expect(evaluation.rounds.list(undefined, { interventionIds: ['x'], codes: [] }, analyst)).rejects.toMatchObject({ code: 'ID_INVALID' });
  });
});
