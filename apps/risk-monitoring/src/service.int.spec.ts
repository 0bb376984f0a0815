import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeFact, Facts, type FactName, risk as contract, TOPICS } from '@common-ground/contracts';
import { eventLogMigrations, openLog, type EncodedFact, type EventLog, readEnvelope } from '@common-ground/messaging';
import { type CallContext, freePort, type GrpcClient, grpcClient, type RunningService } from '@common-ground/platform';
import { type FreshDatabase, freshDatabase, TestIssuer } from '@common-ground/testing';
import { riskMonitoringMigrations, startRiskMonitoring, USUAL_DELIVERY } from './index.js';
import { aHeld, anEstimate, aPlace, ONLY_HOSTS } from './risk-monitoring.fixture.js';

let database: FreshDatabase;
let logDatabase: FreshDatabase;
let issuer: TestIssuer;
let service: RunningService;
let log: EventLog;
let client: GrpcClient<typeof contract.RiskServiceService>;

const start = async (): Promise<RunningService> =>
  startRiskMonitoring({
    service: 'risk-monitoring',
    grpc: { host: '127.0.0.1', port: await freePort() },
    http: { host: '127.0.0.1', port: 0 },
    database: { app: database.app, migrator: database.migrator },
    log: { kind: 'postgres', database: logDatabase.app },
    identity: { issuer: issuer.issuer, audience: issuer.audience },
    logLevel: 'silent',
    alerts: { secretsKeys: [randomBytes(32)], webhooks: { allowLoopback: false, allowPrivateNetworks: false }, delivery: USUAL_DELIVERY },
  });

beforeAll(async () => {
  [database, logDatabase, issuer] = await Promise.all([
    freshDatabase({ service: 'risk-monitoring', migrations: riskMonitoringMigrations }),
    freshDatabase({ service: 'event-log', migrations: eventLogMigrations }),
    TestIssuer.start(),
  ]);
  log = openLog({ kind: 'postgres', database: logDatabase.app });
  await log.ensureTopics(Object.values(TOPICS));
  service = await start();
  client = grpcClient(contract.RiskServiceService, service.grpcAddress);
});

afterAll(async () => {
  client?.close();
  await service?.close();
  await log?.close();
  await issuer?.close();
  await Promise.all([database?.drop(), logDatabase?.drop()]);
});

const as = async (sub: string, roles: string[], missions: string[] = []): Promise<CallContext> => ({ token: await issuer.token({ sub, roles, missions }) });

const publish = (name: FactName, messages: readonly { mission: string; interventionId: string }[], quiet = false): Promise<void> => {
  const { topic, type, encode } = Facts[name];
  const facts = messages.map(
    (data): EncodedFact => ({ id: randomUUID(), type, source: 'spec', time: new Date(), key: data.interventionId, subject: randomUUID(), sequence: 1, mission: data.mission, quiet, data: (encode as (value: unknown) => Uint8Array)(data) }),
  );
  return log.publish(topic, facts);
};

const until = async <T>(read: () => Promise<T>, enough: (value: T) => boolean): Promise<T> => {
  for (let waited = 0; ; waited += 100) {
    const value = await read();
    if (enough(value) || waited > 15_000) return value;
    await pause(100);
  }
};

const toldFacts = async (): Promise<{ type: string; data: Record<string, unknown> }[]> => {
  const told: { type: string; data: Record<string, unknown> }[] = [];
  await log.replay({
    topics: [TOPICS.risk],
    onBatch: async ({ records }) => {
      for (const record of records) {
        const fact = readEnvelope(record);
        if (!('unreadable' in fact)) told.push({ type: fact.type.replace(/^.*\./, ''), data: decodeFact(fact.type, fact.data) as Record<string, unknown> });
      }
    },
  });
  return told;
};

const filter = (interventionId: string) => ({ page: { first: 10, after: '' }, missions: [], interventionIds: [interventionId], statuses: [], rules: [] });
const subscription = { channel: 'in-app', target: '', missions: [], rules: [], minimumSeverity: 0 };

describe('risk monitoring over gRPC and the event log', () => {
  it('flags what facts say, alerts who subscribed, and follows a flag to its end', async () => {
    const monitor = await as('monitor', ['monitoring-officer']);
    const place = aPlace();
    await client.subscribeToAlerts({ commandId: randomUUID(), id: randomUUID(), ...subscription }, monitor);
    await publish('InterventionDesigned', [{ ...place, code: 'TOURNAMENT', title: '', kind: 'celebrate-and-play', modalities: [], startsOn: '2026-01-01', endsOn: '2026-12-31', aim: '', design: 'none', assignmentUnit: '', sides: [] } as never]);
    await publish('OutcomeEstimated', [anEstimate(place)]);
    await publish('ActivityHeld', Array.from({ length: 90 }, () => aHeld(place, ONLY_HOSTS)));

    const { flags } = await until(() => client.listFlags(filter(place.interventionId), monitor), ({ flags }) => flags.length === 2 && flags.some(({ evidenceCount }) => evidenceCount === 90));
    expect(flags.map(({ rule, evidenceCount, severity }) => [rule, evidenceCount, severity]).sort()).toEqual([['one-side-missing', 90, 20], ['outcome-worsened', 1, 20]]);
    const { alerts } = await client.listAlerts({ page: undefined, channels: [], statuses: [], ids: [] }, monitor);
    expect(alerts.map(({ rule, status }) => [rule, status]).sort()).toEqual([['one-side-missing', 'waiting'], ['outcome-worsened', 'waiting']]);
    await client.confirmAlerts({ alertIds: alerts.map(({ id }) => id) }, monitor);
    expect((await client.listAlerts({ page: undefined, channels: [], statuses: ['waiting'], ids: [] }, monitor)).alerts).toEqual([]);

    const [flag] = flags;
    const officer = await as('officer', ['mission-officer'], ['PE']);
    expect((await client.acknowledgeFlag({ commandId: randomUUID(), flagId: flag!.id }, officer)).flag?.status).toBe('acknowledged');
    expect((await client.resolveFlag({ commandId: randomUUID(), flagId: flag!.id, reason: 'Both sides are invited now.' }, officer)).flag).toMatchObject({ status: 'resolved', reason: 'Both sides are invited now.' });
    const told = await until(toldFacts, (facts) => facts.some(({ type }) => type === 'RiskResolved') && facts.some(({ data }) => data['evidenceCount'] === 90));
    expect(told.filter(({ data }) => data['opened'])).toHaveLength(2);
    expect(told.filter(({ type }) => type === 'RiskFlagged').length).toBeLessThan(10);
    expect(told.filter(({ data }) => data['opened']).map(({ data }) => (data['inAppAlerts'] as { subscriber: string }[]).map(({ subscriber }) => subscriber))).toEqual([['monitor'], ['monitor']]);
  });

  it('alerts nobody to an import that asked for quiet', async () => {
    const monitor = await as('quiet-monitor', ['monitoring-officer']);
    const place = aPlace();
    await client.subscribeToAlerts({ commandId: randomUUID(), id: randomUUID(), ...subscription }, monitor);
    await publish('OutcomeEstimated', [anEstimate(place)], true);
    await until(() => client.listFlags(filter(place.interventionId), monitor), ({ flags }) => flags.length === 1);
    expect((await client.listAlerts({ page: undefined, channels: [], statuses: [], ids: [] }, monitor)).alerts).toEqual([]);
  });

  it('keeps each role to what is theirs, and says what is wrong where', async () => {
    const place = aPlace();
    await publish('OutcomeEstimated', [anEstimate(place)]);
    const analyst = await as('analyst', ['hq-analyst']);
    const { flags } = await until(() => client.listFlags(filter(place.interventionId), analyst), ({ flags }) => flags.length === 1);
    const elsewhere = await as('elsewhere', ['mission-officer'], ['TR']);
    expect((await client.batchGetFlags({ ids: [flags[0]!.id] }, elsewhere)).flags).toEqual([]);
    await expect(client.acknowledgeFlag({ commandId: randomUUID(), flagId: flags[0]!.id }, elsewhere)).rejects.toMatchObject({ kind: 'not-found', code: 'FLAG_UNKNOWN' });
    await expect(client.acknowledgeFlag({ commandId: randomUUID(), flagId: flags[0]!.id }, analyst)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client.listFlags(filter(place.interventionId), await as('f', ['facilitator'], ['PE']))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client.listRules({ mission: '' }, {})).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(client.subscribeToAlerts({ commandId: randomUUID(), id: randomUUID(), ...subscription, channel: 'webhook', target: 'https://127.0.0.1/' }, await as('m', ['monitoring-officer']))).rejects.toMatchObject({ code: 'URL_REFUSED', details: { path: ['target'] } });
    expect((await client.listRules({ mission: '' }, analyst)).rules).toHaveLength(5);
  });

  it('lives through random bytes on its topics', async () => {
    const { topic, type } = Facts.ActivityHeld;
    await log.publish(topic, Array.from({ length: 20 }, (_, index) => ({ id: randomUUID(), type, source: 'spec', time: new Date(), key: randomUUID(), subject: 's', sequence: index, mission: 'PE', quiet: false, data: randomBytes(40) })));
    const place = aPlace();
    await publish('ActivityHeld', [aHeld(place, ONLY_HOSTS)]);
    const { flags } = await until(async () => client.listFlags(filter(place.interventionId), await as('m', ['monitoring-officer'])), ({ flags }) => flags.length === 1);
    expect(flags).toHaveLength(1);
    expect((await fetch(`${service.httpAddress}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${service.httpAddress}/metrics`)).text()).toContain('alerts_oldest_due_seconds');
  });

  it('stops and starts where it was', async () => {
    const place = aPlace();
    client.close();
    await service.close();
    await publish('OutcomeEstimated', [anEstimate(place)]);
    service = await start();
    client = grpcClient(contract.RiskServiceService, service.grpcAddress);
    const { flags } = await until(async () => client.listFlags(filter(place.interventionId), await as('m', ['monitoring-officer'])), ({ flags }) => flags.length === 1);
    expect(flags).toMatchObject([{ rule: 'outcome-worsened', evidenceCount: 1 }]);
  });
});
