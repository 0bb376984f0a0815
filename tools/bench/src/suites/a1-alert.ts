import { randomUUID } from 'node:crypto';
import { Facts } from '@common-ground/contracts';
import { gatewayMigrations } from '@common-ground/gateway';
import { type EncodedFact, type EventLog, type LogConfig, openLog } from '@common-ground/messaging';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Benchmark, BenchOptions } from '../harness/benchmark.js';
import type { BenchResult } from '../harness/result.js';
import { median, quantile, rounded } from '../harness/rounds.js';
import { drive } from '../stage/load.js';
import { activityId, interventionId, MISSION, rosterOf } from '../stage/programme.js';
import { adminUrl, type App, type Stage, type StagedService, urlOf } from '../stage/stage.js';
import { ask } from './reads-stage.js';

const REGISTRY = 'commonground.registry.v1';
const TOPICS = [REGISTRY, 'commonground.scheduling.v1', 'commonground.risk.v1', 'commonground.evaluation.v1'];
const SERVICES: readonly App[] = ['scheduling', 'risk-monitoring', 'gateway'];
const PATIENCE_MS = 60_000;
const RECORD = 'mutation ($input: RecordActivityHeldInput!) { recordActivityHeld(input: $input) { activity { status } errors { code message } } }';
const PLAN = 'mutation ($input: PlanActivitiesInput!) { planActivities(input: $input) { outcomes { outcome error { code message } } errors { code message } } }';
const SUBSCRIBE = 'mutation ($input: SubscribeToAlertsInput!) { subscribeToAlerts(input: $input) { errors { code message } } }';

/** What arrives, and who waits for it. */
class Arrivals {
  private readonly waiting = new Map<string, (at: number) => void>();

  seen(id: string): void {
    this.waiting.get(id)?.(performance.now());
    this.waiting.delete(id);
  }

  /** Milliseconds, by this process's clock, at which it is seen. */
  next(id: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${id} did not arrive within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS);
      this.waiting.set(id, (at) => {
        clearTimeout(late);
        resolve(at);
      });
    });
  }
}

/** What the registry would have told: interventions with people of two sides. */
const programme = (interventions: number): EncodedFact[] => {
  const fact = <T>(codec: { readonly type: string; encode(value: T): Uint8Array }, data: T, key: string): EncodedFact => ({ id: randomUUID(), type: codec.type, source: 'registry', time: new Date(), key, subject: randomUUID(), sequence: 1, mission: MISSION, quiet: false, data: codec.encode(data) });
  const designed = Array.from({ length: interventions }, (_, index) => {
    const of = { mission: MISSION, interventionId: interventionId(index) };
    return [
      fact(Facts.InterventionDesigned, { ...of, code: `i${index}`, title: 'Football', kind: 'celebrate-and-play', modalities: ['in-person'], startsOn: '2020-01-01', endsOn: '2039-12-31', aim: '', design: 'none', assignmentUnit: '', sides: ['host', 'migrant'] }, of.interventionId),
      ...rosterOf(index).map(({ participantId, side }) => fact(Facts.ParticipantEnrolled, { ...of, participantId, code: participantId.slice(0, 8), side, ageBand: '', gender: '', languages: [], priorContact: '', arm: '', cluster: '', stratum: '' }, of.interventionId)),
    ];
  });
  return [fact(Facts.MissionRegistered, { mission: MISSION, name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'] }, MISSION), ...designed.flat()];
};

type Platform = { readonly gateway: StagedService; readonly officer: string; readonly alerts: Arrivals };

const openPlatform = async (stage: Stage, config: LogConfig, env: Readonly<Record<string, string>>, interventions: number): Promise<Platform> => {
  const log: EventLog = openLog(config);
  await log.ensureTopics(TOPICS);
  await log.publish(REGISTRY, programme(interventions));
  await log.close();
  let gateway: StagedService | undefined;
  for (const app of SERVICES) {
    const database = await stage.database(`${app.replace('-', '_')}_${config.kind}`, app === 'gateway' ? gatewayMigrations : []);
    if (app !== 'gateway') await stage.migrateAs(app, database);
    gateway = await stage.start(app, database, env);
  }
  if (!gateway) throw new Error('there is no gateway');
  const [officer, monitor] = [await stage.issuer.token({ roles: ['mission-officer'], missions: [MISSION], expiresIn: 7_200 }), await stage.issuer.token({ sub: 'monitor', roles: ['monitoring-officer'], expiresIn: 7_200 })];
  await ask(gateway.url, monitor, SUBSCRIBE, { input: { commandId: randomUUID(), id: randomUUID(), channel: 'IN_APP' } });
  const alerts = new Arrivals();
  await listen(stage, gateway, monitor, alerts);
  await planAll(gateway, officer, interventions);
  return { gateway, officer, alerts };
};

const listen = async (stage: Stage, gateway: StagedService, token: string, alerts: Arrivals): Promise<void> => {
  const client = createClient({ url: `${gateway.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${token}` }, lazy: false });
  await new Promise<void>((resolve) => client.on('connected', () => resolve()));
  client.subscribe<{ alertReceived: { interventionId: string } }>({ query: 'subscription { alertReceived { interventionId } }' }, { next: ({ data }) => alerts.seen(data?.alertReceived.interventionId ?? ''), error: () => undefined, complete: () => undefined });
  stage.later(async () => client.dispose());
};

const planAll = async ({ url }: StagedService, officer: string, interventions: number): Promise<void> => {
  const [startsAt, endsAt] = [3, 2].map((hours) => new Date(Date.now() - hours * 3_600_000).toISOString());
  for (let index = 0; index < interventions; index += 1) {
    const activities = [{ id: activityId(index, 0), code: 'a0', title: 'Football', startsAt, endsAt }];
    const { planActivities } = await ask<{ planActivities: { outcomes: { outcome: string; error: unknown }[] } }>(url, officer, PLAN, { input: { commandId: randomUUID(), interventionId: interventionId(index), activities } });
    if (planActivities.outcomes[0]?.outcome !== 'ACCEPTED') throw new Error(`not planned: ${JSON.stringify(planActivities)}`);
  }
};

/** An activity to which one side did not come: a flag opens and monitoring is alerted. */
const alertOnce = async ({ gateway, officer, alerts }: Platform, index: number): Promise<number> => {
  const roster = rosterOf(index).map(({ participantId, side }) => ({ participantId, status: side === 'host' ? 'PRESENT' : 'ABSENT' }));
  const arrival = alerts.next(interventionId(index));
  const started = performance.now();
  await drive({
    url: gateway.url, connections: 1, operations: 1,
    shot: () => ({ path: '/graphql', headers: { authorization: `Bearer ${officer}` }, body: JSON.stringify({ query: RECORD, variables: { input: { commandId: randomUUID(), record: { activityId: activityId(index, 0), roster } } } }) }),
    check: (answer) => {
      if (!answer.includes('"HELD"')) throw new Error(`not accepted: ${answer.slice(0, 300)}`);
    },
  });
  return (await arrival) - started;
};

type Floor = { readonly service: StagedService; readonly arrivals: Arrivals };

const openFloor = async (stage: Stage, name: string): Promise<Floor> => {
  const service = await stage.program('alert-floor.main.js', { DATABASE_URL: adminUrl(await stage.database(name)) });
  const arrivals = new Arrivals();
  const socket = new WebSocket(service.url.replace('http', 'ws'));
  socket.on('message', (data) => arrivals.seen(String(data)));
  await new Promise<void>((resolve, reject) => socket.once('open', () => resolve()).once('error', reject));
  stage.later(async () => socket.close());
  return { service, arrivals };
};

const floorOnce = async ({ service, arrivals }: Floor): Promise<number> => {
  const id = randomUUID();
  const arrival = arrivals.next(id);
  const started = performance.now();
  await drive({ url: service.url, connections: 1, operations: 1, shot: () => ({ path: '/write', body: JSON.stringify({ id }) }), check: (answer) => {
    if (!answer.includes(id)) throw new Error(`the floor answered ${answer.slice(0, 100)}`);
  } });
  return (await arrival) - started;
};

type Transport = { readonly name: string; readonly config: LogConfig; readonly env: Readonly<Record<string, string>> };

const measure = async (stage: Stage, { name, config, env }: Transport, samples: number, warmUp: number): Promise<BenchResult> => {
  const platform = await openPlatform(stage, config, env, samples + warmUp);
  const floor = await openFloor(stage, `floor_${config.kind}`);
  const [ours, bare] = [[] as number[], [] as number[]];
  for (let index = 0; index < samples + warmUp; index += 1) {
    const [alert, least] = [await alertOnce(platform, index), await floorOnce(floor)];
    if (index < warmUp) continue;
    ours.push(alert);
    bare.push(least);
  }
  const [p50, floor50] = [median(ours), median(bare)];
  const [p99, floor99] = [quantile(ours, 0.99), quantile(bare, 0.99)];
  return {
    name: `A1-${name}`, title: `mutation sent to alert at a subscriber, ${name}`, unit: 'ms, p50', machine: stage.machine, rounds: samples, checked: true,
    ours: rounded(p50), anchors: { floor: rounded(floor50) }, ratios: { floor: rounded(p50 / floor50), 'floor p99': rounded(p99 / floor99) },
    also: { 'p99 ms': rounded(p99), 'floor p99 ms': rounded(floor99) }, note: 'floor: one write, one notification, one socket',
  };
};

/** Through gateway, scheduling, outbox, log, risk-monitoring, its outbox, the log again, and a socket. */
export const a1: Benchmark = {
  name: 'A1',
  title: 'accepted mutation to alert at a subscriber, on both transports',
  run: async ({ quick, kafka, say, open }: BenchOptions) => {
    const [samples, warmUp] = quick ? [2, 0] : [120, 10];
    const results: BenchResult[] = [];
    const stage = await open();
    try {
      const { app } = await stage.eventLog('alert_log');
      results.push(await measure(stage, { name: 'postgres', config: { kind: 'postgres', database: app }, env: { LOG_TRANSPORT: 'postgres', LOG_DATABASE_URL: urlOf(app) } }, samples, warmUp));
    } finally {
      await stage.close();
    }
    // The quick run has the Kafka adapter in another benchmark.
    if (quick || !kafka) {
      if (!quick) say('no Kafka: Java 17 and Maven, or KAFKA_BROKERS, are missing');
      return results;
    }
    const other = await open();
    try {
      const brokers = await other.kafka();
      results.push(await measure(other, { name: 'kafka', config: { kind: 'kafka', brokers, clientId: 'bench' }, env: { LOG_TRANSPORT: 'kafka', KAFKA_BROKERS: brokers.join(',') } }, samples, warmUp));
      return results;
    } finally {
      await other.close();
    }
  },
};
