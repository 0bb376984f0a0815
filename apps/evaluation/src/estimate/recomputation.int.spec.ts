import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { evaluation as contract } from '@common-ground/contracts';
import { EVERYTHING } from '@common-ground/kernel';
import { analyst, anInstrument, answered, aRound, evaluationAtWork, type EvaluationAtWork, facilitatorOf, monitor, officerOf, people, type Person } from '../evaluation.fixture.js';
import { RecomputationService } from './recomputation.service.js';
import { keepWithdrawal } from '../programme/programme.repository.js';
import { statisticsOutcomeEstimator } from './statistics-outcome-estimator.js';

let evaluation: EvaluationAtWork;
const officer = officerOf('PE', 'TR');
beforeAll(async () => {
  evaluation = await evaluationAtWork();
});
afterAll(() => evaluation.stop());

const armed = (count: number): Person[] => people(count, (index) => ({ arm: index % 2 ? 'treatment' : 'comparison', cluster: `c${index % 8}` }));

const programme = async (design: string, who: readonly Person[]) => {
  const interventionId = await evaluation.intervention(design, who);
  const instrument = await evaluation.instruments.publish(anInstrument(), officer, false);
  const open = async (wave: string, population = 'participants-and-comparison') => (await evaluation.rounds.open(aRound(interventionId, instrument.id, { wave, population }), officer, false)).id;
  return { interventionId, instrumentId: instrument.id, who, baseline: await open('baseline'), post: await open('post'), open };
};

const value = (index: number): number => 2 + (index % 3);
const submit = (roundId: string, who: readonly Person[], answer: (index: number) => Record<string, number>, quiet = false) =>
  evaluation.responses.submitBatch({ commandId: randomUUID(), roundId, submissions: who.map(({ code }, index) => answered(code, answer(index))) }, officer, quiet);
const recomputeAll = async (service = evaluation.recomputation): Promise<number> => {
  let rounds = 0;
  while (await service.recomputeOne()) rounds += 1;
  return rounds;
};
const estimated = async (interventionId: string) =>
  (await evaluation.factsOf(interventionId)).filter(({ type }) => type.endsWith('OutcomeEstimated')).map(({ data, quiet, sequence }) => ({ ...(data as contract.OutcomeEstimated), quiet, sequence }));

describe('estimates on PostgreSQL', () => {
  it('follow answers, each item and wave by itself, once', async () => {
    const { interventionId, who, baseline, post } = await programme('cluster-randomised', armed(24));
    await submit(baseline, who, (index) => ({ trust: value(index), threat: value(index + 1) }));
    expect(await recomputeAll()).toBe(1);
    expect(await estimated(interventionId)).toEqual([]);
    await submit(post, who, (index) => ({ trust: value(index) + (index % 2 ? 0.5 : 0), threat: value(index + 1) + (index % 2 ? 0.75 : 0) + (index % 5) / 100 }));
    await recomputeAll();
    const [threat, trust] = (await estimated(interventionId)).sort((left, right) => (left.item < right.item ? -1 : 1));
    expect(threat).toMatchObject({ item: 'threat', wave: 'post', method: 'two-arm-change-cr2', claim: 'effect', n: 24, clusters: 8, higherIs: 'worse', harmful: true, revision: 1, sequence: 1, quiet: false, primary: false });
    expect(trust).toMatchObject({ item: 'trust', difference: 0.125, changeComparison: 0, changeTreatment: 0.125, caveats: ['no-variation'], harmful: false, primary: true });
    expect(trust?.standardError).toBeUndefined();
    const listed = await evaluation.estimates.list([interventionId], analyst);
    expect(listed.map(({ item, revision }) => [item, revision])).toEqual([['threat', 1], ['trust', 1]]);
  });

  it('make a revision of what changed and of nothing else', async () => {
    const { interventionId, who, baseline, post } = await programme('none', people(12));
    await submit(baseline, who, (index) => ({ trust: value(index), threat: value(index) }));
    await submit(post, who.slice(0, 10), (index) => ({ trust: 4 - (index % 2), threat: 4 }));
    await recomputeAll();
    await submit(post, who.slice(10), () => ({ trust: 4 }));
    await recomputeAll();
    expect((await estimated(interventionId)).map(({ item, revision, n }) => [item, revision, n])).toEqual([['trust', 1, 10], ['threat', 1, 10], ['trust', 2, 12]]);
    await evaluation.database.run(EVERYTHING, (tx) => tx.query('INSERT INTO recomputation_mark (mission, intervention_id, quiet) VALUES ($1, $2, false)', ['PE', interventionId]));
    expect(await recomputeAll()).toBe(1);
    expect(await estimated(interventionId)).toHaveLength(3);
    expect(await evaluation.count(`estimate WHERE intervention_id = '${interventionId}'`)).toBe(3);
  });

  it('are quiet only when all that caused them was', async () => {
    const { interventionId, who, baseline, post } = await programme('none', people(10));
    await submit(baseline, who, (index) => ({ trust: value(index), threat: value(index) }), true);
    await submit(post, who, (index) => ({ trust: 4 - (index % 2) }), true);
    await recomputeAll();
    await submit(post, who.slice(0, 5), () => ({ threat: 4 }), true);
    await submit(post, who.slice(5), () => ({ threat: 4 }), false);
    await recomputeAll();
    expect((await estimated(interventionId)).map(({ item, quiet }) => [item, quiet])).toEqual([['trust', true], ['threat', false]]);
  });

  it('wait for quiet, but not for ever', async () => {
    const { who, baseline } = await programme('none', people(10));
    const [patient, impatient] = [evaluation.recomputationWith(400, 60_000), evaluation.recomputationWith(60_000, 700)];
    await submit(baseline, who.slice(0, 5), () => ({ trust: 2 }));
    expect([await recomputeAll(patient), await recomputeAll(impatient)]).toEqual([0, 0]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await submit(baseline, who.slice(5), () => ({ trust: 2 }));
    expect([await recomputeAll(patient), await recomputeAll(impatient)]).toEqual([0, 0]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await recomputeAll(patient)).toBe(0);
    expect(await recomputeAll(impatient)).toBe(1);
    expect(await evaluation.recomputation.isAnythingMarked()).toBe(false);
  });

  it('are made once by many workers, and leave 720 answers with few recomputations', async () => {
    const { interventionId, who, baseline, post } = await programme('cluster-randomised', armed(180));
    for (const [roundId, shift] of [[baseline, 0], [post, 1]] as const)
      for (let start = 0; start < who.length; start += 20) await submit(roundId, who.slice(start, start + 20), (index) => ({ trust: value(start + index) + shift * (index % 2), threat: value(index) }));
    expect(await evaluation.count(`response WHERE intervention_id = '${interventionId}'`)).toBe(720);
    const rounds = await Promise.all(Array.from({ length: 4 }, () => recomputeAll()));
    expect(rounds.reduce((sum, count) => sum + count, 0)).toBeLessThan(4);
    expect((await estimated(interventionId)).map(({ revision }) => revision)).toEqual([1, 1]);
  });

  it('survive a failure: the mark stays, the others go on, and it is tried again later', async () => {
    const broken = await programme('none', people(8));
    const sound = await programme('none', people(8));
    for (const { baseline, post, who } of [broken, sound]) {
      await submit(baseline, who, () => ({ trust: 2 }));
      await submit(post, who, (index) => ({ trust: 3 + (index % 2) }));
    }
    const failing = new RecomputationService(evaluation.database, { ...statisticsOutcomeEstimator, estimate: () => { throw new TypeError('planted'); } }, { quietMs: 0, latestMs: 0 }, evaluation.clock);
    await expect(failing.recomputeOne()).rejects.toThrow(broken.interventionId);
    expect(await recomputeAll()).toBe(1);
    expect([(await estimated(broken.interventionId)).length, (await estimated(sound.interventionId)).length]).toEqual([0, 1]);
    expect(await evaluation.count(`recomputation_mark WHERE intervention_id = '${broken.interventionId}'`)).toBe(2);
    await evaluation.database.run(EVERYTHING, (tx) => tx.query(`UPDATE recomputation_mark SET marked_at = now() - interval '1 second'`));
    await recomputeAll();
    expect(await estimated(broken.interventionId)).toHaveLength(1);
  });

  it('keep the answers of who left, and leave the general public out', async () => {
    const { interventionId, who, baseline, post, open } = await programme('none', people(8));
    const street = await open('post', 'general-public');
    await submit(baseline, who, () => ({ trust: 2 }));
    await submit(post, who, (index) => ({ trust: 3 + (index % 2) }));
    await submit(street, people(40), () => ({ trust: 5 }));
    await evaluation.database.run(EVERYTHING, (tx) => keepWithdrawal(tx, { interventionId, code: 'P001' }));
    await recomputeAll();
    expect(await estimated(interventionId)).toMatchObject([{ n: 8, answeredWave: 8, attrition: 0 }]);
  });

  it('tell how far participants were from the public before, and call that no comparison', async () => {
    const { interventionId, who, baseline, post, open } = await programme('none', people(8));
    const street = await open('baseline', 'general-public');
    await submit(baseline, who, (index) => ({ trust: 3 + (index % 2) }));
    await submit(street, people(20), (index) => ({ trust: 1 + (index % 3) }));
    await submit(post, who, (index) => ({ trust: 3 + (index % 3) }));
    await recomputeAll();
    const [only] = await estimated(interventionId);
    expect(only).toMatchObject({ n: 8, rung: 3, claim: 'change' });
    expect(only?.caveats).toContain('public-is-no-comparison');
    expect(only?.sentence).toContain('Gap to the public at baseline: +');
  });

  it('show groups of fewer than five to nobody', async () => {
    const { interventionId, who, baseline, post } = await programme('none', people(4));
    await submit(baseline, who, () => ({ trust: 2 }));
    await submit(post, who, () => ({ trust: 3 }));
    await recomputeAll();
    const [only] = await estimated(interventionId);
    expect(only).toMatchObject({ n: 4, caveats: ['too-few-pairs', 'no-comparison'], harmful: false });
    expect([only?.changeTreatment, only?.difference, only?.intervalLow]).toEqual([undefined, undefined, undefined]);
    for (const caller of [analyst, monitor]) expect(await evaluation.estimates.list([interventionId], caller)).toEqual([]);
    expect(await evaluation.estimates.list([interventionId], officerOf('PE'))).toHaveLength(1);
  });

  it('are read by analysts, monitors and officers within their scope, by no facilitator', async () => {
    const { interventionId, who, baseline, post } = await programme('none', people(8));
    await submit(baseline, who, () => ({ trust: 2 }));
    await submit(post, who, (index) => ({ trust: 3 + (index % 2) }));
    await recomputeAll();
    for (const caller of [analyst, monitor, officerOf('PE')]) expect(await evaluation.estimates.list([interventionId], caller)).toHaveLength(1);
    expect(await evaluation.estimates.list([interventionId, randomUUID()], officerOf('TR'))).toEqual([]);
    await expect(evaluation.estimates.list([interventionId], facilitatorOf('PE', interventionId))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(evaluation.estimates.list(['x'], analyst)).rejects.toMatchObject({ code: 'ID_INVALID' });
    await expect(evaluation.estimates.list([], analyst)).rejects.toMatchObject({ code: 'BATCH_EMPTY' });
  });
});
