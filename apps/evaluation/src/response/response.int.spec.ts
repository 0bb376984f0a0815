import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { administrator, analyst, anInstrument, answered, aRound, evaluationAtWork, type EvaluationAtWork, facilitatorOf, monitor, officerOf, people } from '../evaluation.fixture.js';
import { keepParticipant } from '../programme/programme.repository.js';
import type { Submission } from './domain/submission.js';

let evaluation: EvaluationAtWork;
let interventionId: string;
let instrumentId: string;
let roundId: string;
const officer = officerOf('PE');

beforeAll(async () => {
  evaluation = await evaluationAtWork();
  interventionId = await evaluation.intervention('none', people(50));
  instrumentId = (await evaluation.instruments.publish(anInstrument(), officer, false)).id;
});
beforeEach(async () => {
  roundId = (await evaluation.rounds.open(aRound(interventionId, instrumentId), officer, false)).id;
});
afterAll(() => evaluation.stop());

const submit = (submission: Submission, { commandId = randomUUID(), caller = officer, quiet = false } = {}) => evaluation.responses.submit({ commandId, roundId, ...submission }, caller, quiet);
const submitAll = (submissions: readonly Submission[], commandId = randomUUID(), caller = officer) => evaluation.responses.submitBatch({ commandId, roundId, submissions }, caller, false);
const outcomes = async (...args: Parameters<typeof submitAll>) => (await submitAll(...args)).map(({ outcome, code }) => [outcome, code].filter(Boolean).join(' '));
const round = async () => (await evaluation.rounds.getAmong([roundId], officer))[0];
const told = async () => (await evaluation.factsOf(interventionId)).filter(({ subject }) => subject.startsWith(`${roundId}/`));

describe('responses on PostgreSQL', () => {
  it('takes one, counts it and tells how much, never what', async () => {
    expect(await submit(answered('P001', { trust: 4 }), { quiet: true })).toBe(1);
    expect(await submit(answered('P001', { threat: 2.5 }))).toBe(2);
    expect(await round()).toMatchObject({ respondents: 1, answers: 2 });
    const facts = await told();
    expect(facts.map(({ sequence, quiet, key }) => [sequence, quiet, key])).toEqual([[1, true, interventionId], [2, false, interventionId]]);
    expect(facts[1]?.data).toEqual({ mission: 'PE', interventionId, roundId, wave: 'baseline', respondent: 'P001', answers: 1, answersInRound: 2 });
  });

  it('answers the same commands again with the same, and counts them once', async () => {
    const one = { commandId: randomUUID(), roundId, ...answered('P001', { trust: 4 }) };
    expect(await Promise.all([1, 2, 3].map(() => evaluation.responses.submit(one, officer, false)))).toEqual([1, 1, 1]);
    const commandId = randomUUID();
    const batch = [answered('P002', { trust: 1 }), answered('P003', { trust: 9 })];
    const first = await submitAll(batch, commandId);
    expect(await submitAll(batch, commandId)).toEqual(first);
    await expect(submitAll(batch.slice(1), commandId)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    expect(await round()).toMatchObject({ respondents: 2, answers: 2 });
    expect(await told()).toHaveLength(2);
  });

  it('leaves unchanged what comes again under another command, and refuses another answer', async () => {
    await submit(answered('P001', { trust: 4, threat: 1 }));
    expect(await submit(answered('P001', { trust: 4, threat: 1 }))).toBe(2);
    await expect(submit(answered('P001', { trust: 5 }))).rejects.toMatchObject({ kind: 'conflict', code: 'DOUBLE_ANSWER', details: { path: ['answers', '0', 'item'] } });
    expect(await outcomes([answered('P001', { trust: 4 }), answered('P001', { threat: 2 }), answered('P002', { threat: 2 })])).toEqual(['unchanged', 'refused DOUBLE_ANSWER', 'accepted']);
    expect(await told()).toHaveLength(2);
  });

  it('refuses by name, whole or not at all', async () => {
    await expect(submit(answered('P001', { trust: 4, threat: 6 }))).rejects.toMatchObject({ kind: 'invalid', code: 'OUT_OF_RANGE', details: { path: ['answers', '1', 'value'] } });
    await expect(submit(answered('P001', { hope: 1 }))).rejects.toMatchObject({ code: 'UNKNOWN_ITEM' });
    await expect(submit(answered('P001', {}))).rejects.toMatchObject({ code: 'SUBMISSION_EMPTY' });
    await expect(submit(answered('P001', { trust: Number.NaN }))).rejects.toMatchObject({ code: 'NOT_A_NUMBER' });
    await expect(submitAll([])).rejects.toMatchObject({ code: 'BATCH_EMPTY' });
    await expect(submitAll(Array.from({ length: 1_001 }, () => answered('P001', { trust: 1 })))).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
    expect(await round()).toMatchObject({ respondents: 0, answers: 0 });
    expect(await told()).toEqual([]);
  });

  it('takes no more once the round is closed', async () => {
    await submit(answered('P001', { trust: 4 }));
    await evaluation.rounds.close({ commandId: randomUUID(), roundId }, officer, false);
    await expect(submit(answered('P002', { trust: 4 }))).rejects.toMatchObject({ kind: 'conflict', code: 'ROUND_CLOSED' });
    expect(await outcomes([answered('P001', { trust: 4 }), answered('P001', { threat: 4 })])).toEqual(['unchanged', 'refused ROUND_CLOSED']);
    expect(await round()).toMatchObject({ respondents: 1, answers: 1, status: 'closed' });
  });

  it('waits for people whose enrolment is on its way, and refuses those who do not come', async () => {
    setTimeout(() => void evaluation.database.run(EVERYTHING, (tx) => keepParticipant(tx, { interventionId, mission: 'PE', code: 'late', arm: '', cluster: '', stratum: '' })), 200);
    expect(await submit(answered('late', { trust: 1 }))).toBe(1);
    const start = performance.now();
    expect(await outcomes([answered('P001', { trust: 1 }), answered('stranger', { trust: 1 })])).toEqual(['accepted', 'refused RESPONDENT_UNKNOWN']);
    expect(performance.now() - start).toBeGreaterThan(4_500);
  });

  it('lets the general public answer under codes of their own', async () => {
    roundId = (await evaluation.rounds.open(aRound(interventionId, instrumentId, { population: 'general-public' }), officer, false)).id;
    expect(await submit(answered('passer-by-1', { trust: 1 }))).toBe(1);
    await expect(submit(answered('\u0000', { trust: 1 }))).rejects.toMatchObject({ code: 'CODE_INVALID' });
  });

  it("does not find another mission's round, and lets only those who may submit", async () => {
    await expect(submit(answered('P001', { trust: 1 }), { caller: officerOf('TR') })).rejects.toMatchObject({ kind: 'not-found', code: 'ROUND_UNKNOWN' });
    for (const caller of [analyst, monitor, facilitatorOf('PE', interventionId)]) await expect(submit(answered('P001', { trust: 1 }), { caller })).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await submit(answered('P001', { trust: 1 }), { caller: administrator })).toBe(1);
    const seen = await evaluation.database.read({ missions: ['TR'], interventions: '*' }, (tx) => tx.query('SELECT 1 FROM response UNION ALL SELECT 1 FROM respondent'));
    expect(seen).toEqual([]);
  });

  it('keeps one answer however many come at once', async () => {
    const settled = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => submit(answered('P001', { trust: 1 + (index % 2) }))));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    const rows = people(50).map(({ code }) => answered(code, { threat: 2 }));
    const batches = await Promise.all([rows, [...rows].reverse(), rows].map((batch) => outcomes(batch)));
    expect(batches.flat().filter((outcome) => outcome === 'accepted')).toHaveLength(50);
    expect(await round()).toMatchObject({ respondents: 50, answers: 51 });
    expect(await told()).toHaveLength(51);
  });

  it('takes a thousand submissions in one go', async () => {
    roundId = (await evaluation.rounds.open(aRound(interventionId, instrumentId, { population: 'general-public' }), officer, false)).id;
    const result = await outcomes(Array.from({ length: 1_000 }, (_, index) => answered(`g${index}`, { trust: 1 + (index % 5), threat: 3 })));
    expect(new Set(result)).toEqual(new Set(['accepted']));
    expect(await round()).toMatchObject({ respondents: 1_000, answers: 2_000 });
  });
});
