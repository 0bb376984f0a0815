import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { evaluation as contract, findFactCodec, Facts, TOPICS } from '@common-ground/contracts';
import { EVERYTHING } from '@common-ground/kernel';
import { type EncodedFact, type EventLog, eventLogMigrations, type Fact, FactTransport, openLog } from '@common-ground/messaging';
import { Database } from '@common-ground/persistence';
import { type CallContext, freePort, type GrpcClient, grpcClient, type RunningService } from '@common-ground/platform';
import { type FreshDatabase, freshDatabase, TestIssuer } from '@common-ground/testing';
import { parse } from 'csv-parse/sync';
import { anInstrument, anItem, answered, aRound, people, type Person, told } from './evaluation.fixture.js';
import { evaluationMigrations, startEvaluation } from './index.js';

let database: FreshDatabase;
let log: FreshDatabase;
let issuer: TestIssuer;
let registryLog: EventLog;
let service: RunningService;
let client: GrpcClient<typeof contract.EvaluationServiceService>;

const start = async (): Promise<void> => {
  service = await startEvaluation({
    service: 'evaluation',
    grpc: { host: '127.0.0.1', port: await freePort() },
    http: { host: '127.0.0.1', port: 0 },
    database: { app: database.app, migrator: database.migrator },
    log: { kind: 'postgres', database: log.app },
    identity: { issuer: issuer.issuer, audience: issuer.audience },
    logLevel: 'silent',
  });
  client = grpcClient(contract.EvaluationServiceService, service.grpcAddress);
};

beforeAll(async () => {
  [database, log, issuer] = await Promise.all([
    freshDatabase({ service: 'evaluation', migrations: evaluationMigrations }),
    freshDatabase({ service: 'event-log', migrations: eventLogMigrations }),
    TestIssuer.start(),
  ]);
  registryLog = openLog({ kind: 'postgres', database: log.app });
  await registryLog.ensureTopics([TOPICS.registry]);
  await start();
});

afterAll(async () => {
  client?.close();
  await service?.close();
  await registryLog?.close();
  await issuer?.close();
  await Promise.all([database?.drop(), log?.drop()]);
});

const as = async (roles: string[], missions: string[] = []): Promise<CallContext> => ({ token: await issuer.token({ roles, missions }) });
const encoded = (fact: Fact): EncodedFact => ({ ...fact, data: findFactCodec(fact.type)!.encode(fact.data) });
const publish = (facts: readonly Fact[]) => registryLog.publish(TOPICS.registry, facts.map(encoded));
const inDatabase = <T>(sql: string, parameters: unknown[] = []) => service.app.get(Database).read(EVERYTHING, (tx) => tx.query<T>(sql, parameters));

const eventually = async <T>(look: () => Promise<T>, arrived: (seen: T) => boolean, patienceMs = 15_000): Promise<T> => {
  const end = performance.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (arrived(seen) || performance.now() > end) return seen;
    await pause(50);
  }
};

/** What evaluation published on an intervention, read from the log. */
const published = async (interventionId: string): Promise<{ type: string; quiet: boolean; data: contract.OutcomeEstimated }[]> => {
  const seen: { type: string; quiet: boolean; data: contract.OutcomeEstimated }[] = [];
  await registryLog.replay({
    topics: [TOPICS.evaluation],
    onBatch: async ({ records }) => {
      for (const { key, headers, value } of records) {
        const type = headers['ce_type'] ?? '';
        if (key === interventionId && value) seen.push({ type, quiet: headers['ce_quiet'] === 'true', data: findFactCodec(type)!.decode(value) as contract.OutcomeEstimated });
      }
    },
  });
  return seen;
};
const estimates = async (interventionId: string) => (await published(interventionId)).filter(({ type }) => type === Facts.OutcomeEstimated.type);

type Answers = { readonly wave: string; readonly who: string; readonly answers: Readonly<Record<string, number>> };

/** A programme told by the registry and answered over gRPC, in batches of 20 people. */
const runProgramme = async (enrolled: readonly Person[], items: ReturnType<typeof anItem>[], said: readonly Answers[], quiet: boolean) => {
  const interventionId = randomUUID();
  const officer = { ...(await as(['mission-officer'], ['PE'])), quiet };
  await publish([told.mission('PE'), told.designed(interventionId, 'PE', 'cluster-randomised'), ...enrolled.map((one) => told.enrolled(interventionId, 'PE', one))]);
  const { instrument } = await client.publishInstrument(anInstrument({ items }), officer);
  for (const wave of ['baseline', 'post']) {
    const { round } = await client.openSurveyRound(aRound(interventionId, instrument!.id, { wave, code: wave }), officer);
    const rows = said.filter((one) => one.wave === wave);
    for (let index = 0; index < rows.length; index += 20) {
      const submissions = rows.slice(index, index + 20).map(({ who, answers }) => answered(who, answers));
      const { outcomes } = await client.submitResponses({ commandId: randomUUID(), roundId: round!.id, submissions }, officer);
      expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    }
  }
  return { interventionId, instrument: instrument!, officer };
};

describe('the evaluation over gRPC', () => {
  it('turns 720 answers into estimates, told a few times and never once per answer', async () => {
    const enrolled = people(120, (index) => ({ arm: index % 2 ? 'treatment' : 'comparison', cluster: `c${index % 18}` }));
    const items = ['one', 'two', 'three'].map((code) => anItem({ code, higherIs: 'worse' }));
    const said = ['baseline', 'post'].flatMap((wave) =>
      enrolled.map(({ code: who }, index) => {
        const value = 2 + (index % 3) / 2 + (wave === 'post' ? (index % 2) / 2 + (index % 7) / 10 : 0);
        return { wave, who, answers: { one: value, two: value, three: 3 } };
      }),
    );
    const { interventionId } = await runProgramme(enrolled, items, said, false);
    const analyst = await as(['hq-analyst']);
    const list = async () => (await client.listEstimates({ interventionIds: [interventionId] }, analyst)).estimates;
    const done = await eventually(list, (shown) => shown.length === 3 && shown.every(({ n }) => n === 120));
    expect(done.map(({ item, method, claim, clusters, harmful }) => [item, method, claim, clusters, harmful])).toEqual([
      ['one', 'two-arm-change-cr2', 'effect', 18, true],
      ['three', 'two-arm-change-cr2', 'effect', 18, false],
      ['two', 'two-arm-change-cr2', 'effect', 18, true],
    ]);
    expect(done[1]).toMatchObject({ difference: 0, caveats: ['no-variation'], standardError: undefined, estimatedAt: expect.any(Date) });
    const facts = await eventually(() => estimates(interventionId), (seen) => seen.filter(({ data }) => data.n === 120).length === 3);
    expect(facts.length).toBeLessThanOrEqual(9);
    expect((await published(interventionId)).filter(({ type }) => type === Facts.SurveySubmitted.type)).toHaveLength(240);
    const { rounds } = await client.listSurveyRounds({ page: { first: 10, after: '' }, interventionIds: [interventionId], codes: [] }, analyst);
    expect(rounds.map(({ wave, respondents, answers }) => [wave, respondents, answers])).toEqual([['baseline', 120, 360], ['post', 120, 360]]);
  });

  const trial = join(import.meta.dirname, '../../../../shared/data/trial-enos-2014');
  const present = existsSync(trial);
  (present || process.env['CI'] ? it : it.skip)(`meets a real contact trial to six decimals${present ? '' : ` (skipped: ${trial} is absent)`}`, async () => {
    const rows = (file: string) => parse<Record<string, string>>(readFileSync(join(trial, file)), { columns: true });
    const enrolled = rows('participants.csv').map(({ participant: code = '', arm = '', cluster = '' }) => ({ code, arm, cluster }));
    const byPerson = new Map<string, { wave: string; who: string; answers: Record<string, number> }>();
    for (const { round = '', participant = '', item = '', value } of rows('responses.csv')) {
      const one = byPerson.get(round + participant) ?? { wave: round.replace('enos-2014-', ''), who: participant, answers: {} };
      one.answers[item] = Number(value);
      byPerson.set(round + participant, one);
    }
    const items = ['numberim', 'remain', 'english'].map((code) => anItem({ code, higherIs: 'worse' }));
    const { interventionId } = await runProgramme(enrolled, items, [...byPerson.values()], true);
    const analyst = await as(['hq-analyst']);
    const shown = await eventually(async () => (await client.listEstimates({ interventionIds: [interventionId] }, analyst)).estimates, (seen) => seen.filter(({ n }) => n >= 115).length === 3);
    const expected: [string, number, number, number, number, number, number, boolean][] = [
      ['english', 118, -0.023077, 0.009434, 0.032511, 0.036073, 9.183, false],
      ['numberim', 115, -0.046875, 0.029412, 0.076287, 0.033477, 9.185, true],
      ['remain', 118, -0.030769, 0.051887, 0.082656, 0.042359, 9.183, false],
    ];
    for (const [index, [item, n, comparison, treatment, difference, standardError, df, harmful]] of expected.entries()) {
      const one = shown[index]!;
      expect(one).toMatchObject({ item, n, harmful, claim: 'effect', caveats: [] });
      expect(one.changeComparison).toBeCloseTo(comparison, 6);
      expect(one.changeTreatment).toBeCloseTo(treatment, 6);
      expect(one.difference).toBeCloseTo(difference, 6);
      expect(one.standardError).toBeCloseTo(standardError, 6);
      expect(one.df).toBeCloseTo(df, 3);
    }
    const facts = await eventually(() => estimates(interventionId), (seen) => seen.length >= 3);
    expect(facts.every(({ quiet }) => quiet)).toBe(true);
  });

  it('applies what the registry says once, however often it comes', async () => {
    const interventionId = randomUUID();
    const [person] = people(1, () => ({ arm: 'treatment', cluster: 'c' }));
    const enrolled = told.enrolled(interventionId, 'PE', person!);
    await publish([told.designed(interventionId, 'PE', 'none'), enrolled, told.revised(interventionId, 'PE', 'comparison'), told.withdrawn(interventionId, 'PE', person!.code)]);
    const state = async () => ({
      interventions: await inDatabase('SELECT * FROM intervention ORDER BY id'),
      participants: await inDatabase<{ withdrawn: boolean }>('SELECT * FROM participant WHERE intervention_id = $1', [interventionId]),
      missions: await inDatabase('SELECT * FROM mission'),
      marks: (await inDatabase('SELECT 1 FROM recomputation_mark')).length,
    });
    const once = await eventually(state, ({ participants, marks }) => participants[0]?.withdrawn === true && marks === 0);
    expect(once.interventions).toContainEqual({ id: interventionId, mission: 'PE', design: 'comparison', version: '2' });
    const consumer = service.app.get(FactTransport).consumer!;
    const before = consumer.counts.redelivered;
    await registryLog.replay({ topics: [TOPICS.registry], onBatch: (batch) => consumer.handle(batch) });
    expect(consumer.counts.redelivered - before).toBeGreaterThanOrEqual(4);
    expect(await state()).toEqual(once);
    // The same, told again as other facts: an older version of an intervention changes nothing.
    await publish([told.mission('PE'), told.designed(interventionId, 'PE', 'none'), { ...enrolled, id: randomUUID() }, told.revised(interventionId, 'PE', 'none', 2), told.withdrawn(interventionId, 'PE', person!.code), told.mission('ZZ')]);
    await eventually(state, ({ missions }) => missions.length > once.missions.length);
    expect({ ...(await state()), missions: once.missions }).toEqual(once);
  });

  it('lets a revised design change the claim', async () => {
    const enrolled = people(20, (index) => ({ arm: index % 2 ? 'treatment' : 'comparison', cluster: `c${index % 6}` }));
    const said = ['baseline', 'post'].flatMap((wave) => enrolled.map(({ code: who }, index) => ({ wave, who, answers: { trust: wave === 'post' ? 3 + (index % 3) / 2 : 2 } })));
    const { interventionId } = await runProgramme(enrolled, [anItem()], said, false);
    const analyst = await as(['hq-analyst']);
    const claims = async () => (await client.listEstimates({ interventionIds: [interventionId] }, analyst)).estimates.map(({ claim, n }) => `${claim} of ${n}`);
    expect(await eventually(claims, ([claim]) => claim === 'effect of 20')).toEqual(['effect of 20']);
    await publish([told.revised(interventionId, 'PE', 'comparison')]);
    expect(await eventually(claims, ([claim]) => claim === 'adjusted-difference of 20')).toEqual(['adjusted-difference of 20']);
  });

  it('makes after a restart the estimates that were due before', async () => {
    const enrolled = people(12, (index) => ({ arm: index % 2 ? 'treatment' : 'comparison', cluster: `c${index % 6}` }));
    const { interventionId, instrument, officer } = await runProgramme(enrolled, [anItem()], [], false);
    const { rounds } = await client.listSurveyRounds({ page: undefined, interventionIds: [interventionId], codes: [] }, officer);
    for (const { id: roundId, wave } of rounds) {
      const submissions = enrolled.map(({ code }, index) => answered(code, { trust: wave === 'post' ? 3 + (index % 2) : 2 }));
      await client.submitResponses({ commandId: randomUUID(), roundId, submissions }, officer);
    }
    client.close();
    await service.close();
    await start();
    const list = async () => (await client.listEstimates({ interventionIds: [interventionId] }, await as(['hq-analyst']))).estimates;
    expect(await eventually(list, (shown) => shown[0]?.n === 12)).toMatchObject([{ item: 'trust', instrumentId: instrument.id, n: 12 }]);
  });

  it('closes rounds, takes single answers, and tells refusals by code and path', async () => {
    const { interventionId, officer } = await runProgramme(people(3), [anItem()], [], false);
    const { rounds } = await client.listSurveyRounds({ page: undefined, interventionIds: [interventionId], codes: ['post'] }, officer);
    const roundId = rounds[0]!.id;
    const submit = (answers: Record<string, number>, who: CallContext = officer) => client.submitResponse({ commandId: randomUUID(), roundId, ...answered('P001', answers) }, who);
    expect(await submit({ trust: 5 })).toEqual({ answersInRound: 1 });
    await expect(submit({ trust: 6 })).rejects.toMatchObject({ kind: 'invalid', code: 'OUT_OF_RANGE', details: { path: ['answers', '0', 'value'] } });
    await expect(submit({ trust: 5 }, await as(['hq-analyst']))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(submit({ trust: 5 }, await as(['mission-officer'], ['TR']))).rejects.toMatchObject({ kind: 'not-found', code: 'ROUND_UNKNOWN' });
    expect((await client.closeSurveyRound({ commandId: randomUUID(), roundId }, officer)).round).toMatchObject({ status: 'closed', answers: 1 });
    expect((await client.batchGetSurveyRounds({ ids: [roundId] }, officer)).rounds).toMatchObject([{ status: 'closed' }]);
    const { instruments } = await client.listInstruments({ page: { first: 1, after: '' }, missions: ['PE'], codes: [] }, officer);
    expect((await client.batchGetInstruments({ ids: instruments.map(({ id }) => id) }, officer)).instruments).toEqual(instruments);
    await expect(client.listEstimates({ interventionIds: [interventionId] }, { token: 'none' })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('is ready', async () => {
    const ready = await fetch(`${service.httpAddress}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', checks: { database: 'ok', 'event-log': 'ok', consumer: 'ok' } }]);
  });
});
