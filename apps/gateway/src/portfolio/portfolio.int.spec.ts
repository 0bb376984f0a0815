import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { decodeFact, Facts, type evaluation, type registry, type risk, type scheduling } from '@common-ground/contracts';
import { type Caller, EVERYTHING } from '@common-ground/kernel';
import { type DeliveredFact, type EncodedFact, type EventLog, eventLogMigrations, FactConsumer, headersOf, messagingMigrations, openLog, type LogRecord } from '@common-ground/messaging';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import type { DataSource } from 'typeorm';
import { PortfolioModels } from './portfolio-models.js';
import { portfolioMigrations } from './portfolio.migrations.js';
import { PortfolioReads } from './portfolio-reads.js';
import { PortfolioService } from './portfolio.service.js';
import { handlersFor } from './projection/projection.js';
import { PORTFOLIO_PROJECTION } from './projection/portfolio-projection.js';
import { registryFold } from './projection/registry.projection.js';
import { schedulingFold } from './projection/scheduling.projection.js';

const INTERVENTION = randomUUID();
const people = Array.from({ length: 12 }, (_, index) => ({ id: randomUUID(), side: index < 9 ? 'host' : 'migrant' }));
const activities = Array.from({ length: 6 }, () => randomUUID());
const hq: Caller = { subject: 'hq', roles: ['hq-analyst'], scope: EVERYTHING };
const start = new Date('2025-03-01T10:00:00Z').getTime();

const encode = <T>(codec: { type: string; encode(value: T): Uint8Array }, data: T, subject: string = INTERVENTION): EncodedFact => ({
  id: randomUUID(), type: codec.type, source: 'test', time: new Date(start), key: INTERVENTION, subject, sequence: 1, mission: 'PE', quiet: false, data: codec.encode(data),
});
const base = { mission: 'PE', interventionId: INTERVENTION };
const at = (index: number) => new Date(start + index * 7 * 86_400_000);
const activity = (index: number) => ({ ...base, activityId: activities[index] ?? '', code: `a${index}`, startsAt: at(index), endsAt: at(index), month: at(index).toISOString().slice(0, 7), cluster: '' });
const held = (index: number, present: readonly { id: string; side: string }[]): scheduling.ActivityHeld => ({
  ...activity(index), roster: present.map(({ id, side }) => ({ participantId: id, side, status: 'present' })), presentBySide: [], groups: [], expectedSides: ['host', 'migrant'],
  conditions: { equalStatus: 4, commonGoal: 0, cooperation: 2 + index, supportOfAuthorities: 5 },
});
const intervention: registry.InterventionDesigned = { ...base, code: 'one', title: 'One', kind: 'discover', modalities: ['in-person'], startsOn: '2025-03-01', endsOn: '2025-06-01', aim: '', design: 'cluster-randomised', assignmentUnit: 'school', sides: ['host', 'migrant'] };
const estimate: evaluation.OutcomeEstimated = {
  ...Facts.OutcomeEstimated.decode(new Uint8Array()),
  ...base, instrumentId: randomUUID(), item: 'trust', wave: 'post', method: 'two-arm-change-cr2', claim: 'effect', n: 115, nComparison: 60, nTreatment: 55, clusters: 16, answeredBaseline: 120, answeredWave: 115, attrition: 0.04, attritionComparison: 0.03, attritionTreatment: 0.05,
  changeComparison: -0.046875, changeTreatment: 0.029411764705882353, difference: 0.07628676470588236, standardError: 0.0334771, df: 9.185, intervalLow: 0.0008, intervalHigh: 0.1518, higherIs: 'worse', harmful: true, caveats: [], estimatedAt: at(9), revision: 2, primary: true,
};
const flag: risk.RiskFlagged = { ...base, flagId: randomUUID(), rule: 'outcome-worsened', subject: 'trust', status: 'open', likelihood: 4, impact: 4, severity: 16, evidenceCount: 1, latestEvidence: [], openedAt: at(9), opened: true, inAppAlerts: [], revision: 1 };

/** What each service said, in its own order. */
const told: Record<'registry' | 'scheduling' | 'evaluation' | 'risk', EncodedFact[]> = {
  registry: [
    encode(Facts.MissionRegistered, { mission: 'PE', name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'] }, 'PE'),
    encode(Facts.InterventionDesigned, intervention),
    ...people.map(({ id, side }) => encode(Facts.ParticipantEnrolled, { ...base, participantId: id, code: id, side, ageBand: '', gender: '', languages: [], priorContact: '', arm: 'treatment', cluster: 'c', stratum: '' }, id)),
  ],
  scheduling: [
    ...activities.map((id, index) => encode(Facts.ActivityPlanned, { ...activity(index), title: 't', place: '' }, id)),
    encode(Facts.ActivityHeld, held(0, people)),
    encode(Facts.ActivityHeld, held(1, people.slice(0, 10))),
    encode(Facts.ActivityUnrecorded, { ...activity(2), endedAt: at(2) }),
    encode(Facts.ActivityDidNotHappen, { ...activity(3), reason: 'weather' }),
    encode(Facts.ActivityCancelled, { ...activity(4), reason: 'other' }),
    encode(Facts.ActivityRescheduled, { ...activity(5), startsAt: new Date('2025-05-20T10:00:00Z'), previousStartsAt: at(5), place: '', month: '2025-05' }),
    encode(Facts.ActivityCorrected, { ...held(1, people.slice(0, 8)), outcome: 'held', reason: '' }),
  ],
  evaluation: [
    ...people.slice(0, 7).map(({ id }) => encode(Facts.SurveySubmitted, { ...base, roundId: activities[0] ?? '', wave: 'baseline', respondent: id, answers: 3, answersInRound: 3 })),
    ...people.slice(0, 2).map(({ id }) => encode(Facts.SurveySubmitted, { ...base, roundId: activities[1] ?? '', wave: 'post', respondent: id, answers: 3, answersInRound: 3 })),
    encode(Facts.OutcomeEstimated, { ...estimate, revision: 1, difference: 0.5, harmful: false }),
    encode(Facts.OutcomeEstimated, estimate),
  ],
  risk: [encode(Facts.RiskFlagged, flag), encode(Facts.RiskAcknowledged, { ...base, flagId: flag.flagId, rule: flag.rule })],
};

let fresh: FreshDatabase;
let logDatabase: FreshDatabase;
let source: DataSource;
let database: Database;
let log: EventLog;
let service: PortfolioService;
const reads = new PortfolioReads();
beforeEach(async () => {
  fresh = await freshDatabase({ service: 'gateway', migrations: [...messagingMigrations, ...portfolioMigrations] });
  logDatabase = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
  source = await createDataSource(fresh.app, []).initialize();
  database = new Database(source);
  log = openLog({ kind: 'postgres', database: logDatabase.app });
  service = new PortfolioService(database, 5, reads);
});
afterEach(async () => {
  await log.close();
  await source.destroy();
  await Promise.all([fresh.drop(), logDatabase.drop()]);
});

const read = (caller = hq, filter = {}) => service.read({ first: 20, after: '', filter }, caller);
const topicOf = { registry: 'commonground.registry.v1', scheduling: 'commonground.scheduling.v1', evaluation: 'commonground.evaluation.v1', risk: 'commonground.risk.v1' };
const publishAll = async (): Promise<void> => {
  await log.ensureTopics(Object.values(topicOf));
  for (const [owner, facts] of Object.entries(told)) await log.publish(topicOf[owner as keyof typeof topicOf], facts);
};
const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
  const until = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('never came true');
    await pause(50);
  }
};
const following = async (): Promise<PortfolioModels> => {
  const models = new PortfolioModels(database, log, reads);
  await models.onApplicationBootstrap();
  await eventually(async () => (await log.lag('gateway-portfolio-1', Object.values(topicOf))).facts === 0);
  return models;
};

describe('the portfolio', () => {
  it('shows what the facts say', async () => {
    await publishAll();
    const models = await following();
    const { edges, totals, totalCount, missions } = await read();
    const row = edges[0]?.node;
    expect(totalCount).toBe(1);
    expect(row).toMatchObject({
      mission: 'PE', missionName: 'Peru', code: 'one',
      activities: { planned: 5, held: 2, unrecorded: 1, didNotHappen: 1, cancelled: 1 },
      regularity: { heldPerWeek: 2, meanDaysBetween: 7, keptShare: 0.5 },
      conditions: { equalStatus: { mean: 4, activities: 2 }, commonGoal: { mean: null, activities: 0 }, cooperation: { mean: 2.5, activities: 2 } },
      openFlags: { total: 1, byRule: [{ rule: 'outcome-worsened', flags: 1, severity: 16 }] },
    });
    expect(row?.estimates).toHaveLength(1);
    expect(row?.estimates[0]).toMatchObject({ difference: estimate.difference, changeTreatment: estimate.changeTreatment, n: 115, harmful: true, sentence: expect.stringContaining('Effect on trust') });
    // Three migrants are too few to be told, and so is the total that would give them away.
    expect(row?.reach).toEqual({
      bySide: [
        { side: 'host', enrolled: { value: 9, withheld: false, atLeast: 9 }, reached: { value: 9, withheld: false, atLeast: 9 } },
        { side: 'migrant', enrolled: { value: null, withheld: true, atLeast: 0 }, reached: { value: null, withheld: true, atLeast: 0 } },
      ],
      enrolled: { value: null, withheld: true, atLeast: 9 },
      reached: { value: null, withheld: true, atLeast: 9 },
    });
    expect(row?.responsesByWave).toEqual([
      { wave: 'baseline', respondents: { value: 7, withheld: false, atLeast: 7 }, answers: 21 },
      { wave: 'post', respondents: { value: null, withheld: true, atLeast: 0 }, answers: null },
    ]);
    expect(missions).toEqual([expect.objectContaining({ mission: 'PE', name: 'Peru', interventions: 1, activities: row?.activities, reach: row?.reach, conditions: row?.conditions, openFlags: 1, harmfulEstimates: 1 })]);
    expect(totals).toMatchObject({ missions: 1, interventions: 1, harmfulEstimates: 1, openFlags: 1 });
    await models.onApplicationShutdown();
  });

  it('takes in what a newer service says: a side as it is named, a word it does not know for nothing that happened, a rule in the total alone', async () => {
    const [activityId = '', other = ''] = activities;
    const corrected = { ...held(0, []), outcome: 'postponed', reason: '' };
    told.scheduling.push(encode(Facts.ActivityCorrected, { ...corrected, activityId }, activityId));
    told.registry.push(...Array.from({ length: 6 }, () => randomUUID()).map((id) => encode(Facts.ParticipantEnrolled, { ...base, participantId: id, code: id, side: 'returnee', ageBand: '', gender: '', languages: [], priorContact: '', arm: '', cluster: '', stratum: '' }, id)));
    told.risk.push(encode(Facts.RiskFlagged, { ...flag, flagId: other, rule: 'a-rule-to-come' }, other));
    try {
      await publishAll();
      const models = await following();
      const row = (await read()).edges[0]?.node;
      expect(row?.activities).toMatchObject({ planned: 5, held: 1 });
      expect(row?.reach.bySide.map(({ side }) => side)).toEqual(['host', 'migrant', 'returnee']);
      expect(row?.openFlags).toEqual({ total: 2, byRule: [{ rule: 'outcome-worsened', flags: 1, severity: 16 }] });
      await models.onApplicationShutdown();
    } finally {
      for (const [owner, many] of [['scheduling', 1], ['registry', 6], ['risk', 1]] as const) told[owner].splice(-many);
    }
  });

  it('counts only the months asked for', async () => {
    await publishAll();
    const models = await following();
    const { edges } = await read(hq, { fromMonth: '2025-05', untilMonth: '2025-05' });
    expect(edges[0]?.node.activities).toMatchObject({ planned: 1, held: 0 });
    await expect(read(hq, { fromMonth: '2025-13' })).rejects.toMatchObject({ code: 'MONTH_INVALID', details: { path: ['filter', 'fromMonth'] } });
    await models.onApplicationShutdown();
  });

  it('shows a mission officer the own mission only, and a facilitator nothing', async () => {
    await publishAll();
    const models = await following();
    const officer = (mission: string): Caller => ({ subject: 'o', roles: ['mission-officer'], scope: { missions: [mission], interventions: '*' } });
    expect([(await read(officer('PE'))).totalCount, (await read(officer('TR'))).totalCount]).toEqual([1, 0]);
    await expect(read({ subject: 'f', roles: ['facilitator'], scope: { missions: ['PE'], interventions: [INTERVENTION] } })).rejects.toMatchObject({ kind: 'forbidden' });
    await models.onApplicationShutdown();
  });

  it('gives no small number away to somebody who subtracts answers under different filters', async () => {
    const ids = Array.from({ length: 4 }, () => randomUUID());
    // So far apart that no two sums of told numbers lie close by chance.
    const reached = [[100, 3], [200, 4], [400, 800], [1600, 3200]] as const;
    await database.run(EVERYTHING, async (tx) => {
      await tx.query(`INSERT INTO portfolio_model (model, state) VALUES (1, 'live')`);
      for (const [index, id] of ids.entries()) {
        const mission = index < 3 ? 'PE' : 'TR';
        await tx.query(
          `INSERT INTO portfolio_intervention (model, intervention_id, mission, code, title, kind, modalities, design, sides, starts_on, ends_on)
           VALUES (1, $1, $2, $3, 'T', $4, '{}', 'none', '{host,migrant}', '2026-01-01', '2026-12-31')`,
          [id, mission, `i${index}`, index % 2 ? 'discover' : 'campaign'],
        );
        for (const [side, people] of ['host', 'migrant'].entries())
          await tx.query('INSERT INTO portfolio_reach (model, intervention_id, side, mission, enrolled, reached) VALUES (1, $1, $2, $3, $4, $5)', [id, people, mission, (reached[index]?.[side] ?? 0) + (index === 3 && side === 1 ? 2 : 0), reached[index]?.[side]]);
      }
    });
    const subsets = Array.from({ length: 15 }, (_, index) => ids.filter((__, at) => ((index + 1) >> at) & 1));
    const filters = [...subsets.map((interventions) => ({ interventions })), {}, { missions: ['PE'] }, { missions: ['TR'] }, { kinds: ['discover'] }, { kinds: ['campaign'], missions: ['PE'] }];
    const told: number[][] = [[], [], [], [], [], []];
    for (const filter of filters) {
      const { totals, missions } = await read(hq, filter);
      for (const { reach } of [totals, ...missions])
        [...reach.bySide.flatMap(({ enrolled, reached: came }) => [enrolled, came]), reach.enrolled, reach.reached].forEach(({ value, atLeast }, figure) => told[figure]?.push(value ?? atLeast));
    }
    for (const figures of told) {
      const differences = new Set(figures.flatMap((one) => figures.map((other) => Math.abs(one - other))));
      expect([...differences].filter((people) => people > 0 && people < 5)).toEqual([]);
    }
    // Two of the last one's migrants never came, and three and four of the first ones' are too few.
    expect((await read(hq)).totals.reach.bySide[1]).toMatchObject({ enrolled: { value: null, atLeast: 4002 }, reached: { value: null, atLeast: 800 } });
  });

  it('is the same whatever the order in which topics interleave, and however often they come', async () => {
    const shown: unknown[] = [];
    for (const [model, seed] of [[1, 1], [2, 7], [3, 23]] as const) {
      await database.run(EVERYTHING, (tx) => tx.query(`UPDATE portfolio_model SET state = 'retired'`));
      await database.run(EVERYTHING, (tx) => tx.query(`INSERT INTO portfolio_model (model, state) VALUES ($1, 'live')`, [model]));
      const consumer = new FactConsumer({ group: `model-${model}`, database, decode: decodeFact, batchHandlers: handlersFor(model, PORTFOLIO_PROJECTION) });
      for (const [owner, facts] of shuffled(seed)) {
        const records: LogRecord[] = facts.map((fact, index) => ({ topic: topicOf[owner], partition: 0, position: BigInt(index), key: fact.key, headers: headersOf(fact), value: fact.data }) as LogRecord);
        const batch = { topic: topicOf[owner], partition: 0, records, heartbeat: async () => undefined, stopping: () => false };
        await consumer.handle(batch);
        await consumer.handle(batch);
      }
      shown.push(await read());
    }
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[2]).toEqual(shown[0]);
  });

  it('counts people of two services that are folded at the same moment', async () => {
    const [model, [person]] = [1, people];
    const counted = () => database.read(EVERYTHING, (tx) => tx.query('SELECT enrolled, reached FROM portfolio_reach WHERE model = $1 AND intervention_id = $2', [model, INTERVENTION]));
    const delivered = (fact: EncodedFact): DeliveredFact => ({ ...fact, data: decodeFact(fact.type, fact.data), delivery: { replayed: false, quiet: false, topic: '', partition: 0, position: 1n } });
    const presence = database.run(EVERYTHING, async (tx) => {
      await schedulingFold.apply(tx, model, [delivered(encode(Facts.ActivityHeld, held(0, people.slice(0, 1))))]);
      await pause(600);
    });
    await pause(200);
    const enrolled = encode(Facts.ParticipantEnrolled, { ...base, participantId: person?.id ?? '', code: 'one', side: 'host', ageBand: '', gender: '', languages: [], priorContact: '', arm: '', cluster: '', stratum: '' });
    const enrolment = database.run(EVERYTHING, (tx) => registryFold.apply(tx, model, [delivered(enrolled)]));
    await Promise.all([presence, enrolment]);
    expect(await counted()).toEqual([{ enrolled: 1, reached: 1 }]);
  });

  it('is rebuilt beside the one that is read, and swapped in whole', async () => {
    await publishAll();
    const models = await following();
    const before = await read();
    const commandId = randomUUID();
    expect(await models.rebuild(commandId)).toMatchObject({ model: 2, state: 'building' });
    await expect(models.rebuild(randomUUID())).rejects.toMatchObject({ code: 'REBUILD_UNDER_WAY' });
    while (models.progress().state === 'building') {
      expect(await read()).toEqual(before);
      await pause(20);
    }
    expect(models.progress()).toMatchObject({ model: 2, state: 'swapped' });
    expect(await models.rebuild(commandId)).toMatchObject({ model: 2, state: 'swapped' });
    expect(await read()).toEqual(before);
    const left = await database.read(EVERYTHING, (tx) => tx.query('SELECT DISTINCT model FROM portfolio_activity'));
    expect(left).toEqual([{ model: 2 }]);
    // And it follows the log on.
    await log.publish(topicOf.scheduling, [encode(Facts.ActivityHeld, held(5, people))]);
    await eventually(async () => (await read()).edges[0]?.node.activities.held === 3);
    await models.onApplicationShutdown();
  });

  it('goes on with a rebuild that was cut off', async () => {
    await publishAll();
    const first = await following();
    await first.rebuild(randomUUID());
    await first.onApplicationShutdown();
    const second = new PortfolioModels(database, log, reads);
    await second.onApplicationBootstrap();
    await eventually(async () => {
      const [live] = await database.read(EVERYTHING, (tx) => tx.query<{ model: number }>(`SELECT model FROM portfolio_model WHERE state = 'live'`));
      return live?.model === 2;
    });
    expect((await read()).totalCount).toBe(1);
    await second.onApplicationShutdown();
  });

  it('takes an old model away that a killed process has left, at the next start', async () => {
    await publishAll();
    const first = await following();
    await first.onApplicationShutdown();
    await database.run(EVERYTHING, (tx) => tx.query(`INSERT INTO portfolio_model (model, state) VALUES (0, 'retired')`));
    await database.run(EVERYTHING, (tx) => tx.query('INSERT INTO portfolio_mission SELECT 0, mission, name, country, time_zone FROM portfolio_mission'));
    // More than one statement takes away.
    await database.run(EVERYTHING, (tx) => tx.query(`INSERT INTO portfolio_presence SELECT 0, gen_random_uuid(), gen_random_uuid(), $1, 'PE', 'host' FROM generate_series(1, 25000)`, [INTERVENTION]));
    const second = new PortfolioModels(database, log, reads);
    await second.onApplicationBootstrap();
    await eventually(async () => (await modelsKept()).length === 1);
    expect(await modelsKept()).toEqual([{ model: 1, state: 'live' }]);
    expect(await database.read(EVERYTHING, (tx) => tx.query('SELECT model FROM portfolio_mission UNION SELECT model FROM portfolio_presence'))).toEqual([{ model: 1 }]);
    await second.onApplicationShutdown();
  });

  it('is not rebuilt on from the remains of a model that was given up, when the process ends while it takes them away', async () => {
    await publishAll();
    const first = await following();
    // The live model has what no fact tells of, so the new one would shrink.
    await database.run(EVERYTHING, (tx) => tx.query(`INSERT INTO portfolio_mission SELECT 1, 'ZZ', name, country, time_zone FROM portfolio_mission`));
    // Like a process that ends there: nothing of the model can be taken away.
    const forget = jest.spyOn(log, 'forgetGroup').mockImplementation(async () => undefined);
    await first.rebuild(randomUUID());
    forget.mockRejectedValue(new Error('the process ended'));
    await eventually(async () => first.progress().state === 'failed');
    await first.onApplicationShutdown();
    forget.mockRestore();
    expect(await modelsKept()).toEqual([{ model: 1, state: 'live' }, { model: 2, state: 'retired' }]);
    const second = new PortfolioModels(database, log, reads);
    await second.onApplicationBootstrap();
    expect(second.progress().state).toBe('none');
    await eventually(async () => (await modelsKept()).length === 1);
    await second.onApplicationShutdown();
  });

  it('is rebuilt from the first fact, though a model of the same number was given up and its group never forgotten', async () => {
    await publishAll();
    const models = await following();
    const before = await read();
    await log.subscribe({ group: 'gateway-portfolio-2', topics: Object.values(topicOf), from: 'earliest', onBatch: async () => undefined }).then(async (left) => {
      await eventually(async () => (await log.lag('gateway-portfolio-2', Object.values(topicOf))).facts === 0);
      await left.close();
    });
    await models.rebuild(randomUUID());
    await eventually(async () => models.progress().state !== 'building');
    expect(models.progress()).toMatchObject({ model: 2, state: 'swapped' });
    expect(await read()).toEqual(before);
    await models.onApplicationShutdown();
  });
});

const modelsKept = () => database.read(EVERYTHING, (tx) => tx.query('SELECT model, state FROM portfolio_model ORDER BY model'));

/** Each topic's facts in their order, cut into pieces that are dealt out in a seeded order. */
const shuffled = (seed: number): [keyof typeof told, EncodedFact[]][] => {
  const queues = Object.entries(told).map(([owner, facts]) => ({ owner: owner as keyof typeof told, left: [...facts] }));
  const dealt: [keyof typeof told, EncodedFact[]][] = [];
  let state = seed;
  while (queues.some(({ left }) => left.length > 0)) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const open = queues.filter(({ left }) => left.length > 0);
    const queue = open[state % open.length];
    if (queue) dealt.push([queue.owner, queue.left.splice(0, 1 + (state % 3))]);
  }
  return dealt;
};
