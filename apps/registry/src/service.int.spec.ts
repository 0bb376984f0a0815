import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registry as contract } from '@common-ground/contracts';
import { eventLogMigrations } from '@common-ground/messaging';
import { createDataSource } from '@common-ground/persistence';
import { type CallContext, freePort, type GrpcClient, grpcClient, type RunningService } from '@common-ground/platform';
import { type FreshDatabase, freshDatabase, TestIssuer } from '@common-ground/testing';
import { registryMigrations, startRegistry } from './index.js';
import { aMission, anIntervention, aPerson } from './registry.fixture.js';

let database: FreshDatabase;
let log: FreshDatabase;
let issuer: TestIssuer;
let service: RunningService;
let client: GrpcClient<typeof contract.RegistryServiceService>;

beforeAll(async () => {
  [database, log, issuer] = await Promise.all([
    freshDatabase({ service: 'registry', migrations: registryMigrations }),
    freshDatabase({ service: 'event-log', migrations: eventLogMigrations }),
    TestIssuer.start(),
  ]);
  service = await startRegistry({
    service: 'registry',
    grpc: { host: '127.0.0.1', port: await freePort() },
    http: { host: '127.0.0.1', port: 0 },
    database: { app: database.app, migrator: database.migrator },
    log: { kind: 'postgres', database: log.app },
    identity: { issuer: issuer.issuer, audience: issuer.audience },
    logLevel: 'silent',
  });
  client = grpcClient(contract.RegistryServiceService, service.grpcAddress);
});

afterAll(async () => {
  client?.close();
  await service?.close();
  await issuer?.close();
  await Promise.all([database?.drop(), log?.drop()]);
});

const inLog = async (sql: string): Promise<{ headers: Record<string, string> }[]> => {
  const dataSource = await createDataSource(log.app, []).initialize();
  try {
    return (await dataSource.query(sql)) as { headers: Record<string, string> }[];
  } finally {
    await dataSource.destroy();
  }
};

const as = async (roles: string[], missions: string[] = [], interventions: string[] = []): Promise<CallContext> => ({ token: await issuer.token({ roles, missions, interventions }) });

describe('the registry over gRPC', () => {
  it('takes a programme from mission to people, and shows each role what is theirs', async () => {
    const administrator = await as(['administrator']);
    const officer = await as(['mission-officer'], ['PE']);
    const { mission } = await client.registerMission(aMission(), administrator);
    expect(mission).toMatchObject({ mission: 'PE', timeZone: 'America/Lima' });
    expect(mission?.registeredAt).toBeInstanceOf(Date);

    const wanted = anIntervention();
    const { intervention } = await client.designIntervention(wanted, officer);
    expect(intervention).toMatchObject({ id: wanted.id, startsOn: '2026-03-01', design: 'none', sides: ['migrant', 'host'], version: 1 });
    const revised = await client.reviseIntervention({ ...wanted, commandId: randomUUID(), title: 'Football and more' }, officer);
    expect(revised.intervention).toMatchObject({ title: 'Football and more', version: 2 });

    const people = [aPerson(), aPerson({ side: 'visitor' })];
    const { outcomes } = await client.enrolParticipants({ commandId: randomUUID(), interventionId: wanted.id, participants: people }, { ...officer, quiet: true });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused']);
    const { participant } = await client.withdrawParticipant({ commandId: randomUUID(), participantId: people[0]!.id, reason: 'moved-away' }, officer);
    expect(participant).toMatchObject({ status: 'withdrawn' });
    expect(participant?.withdrawnAt).toBeInstanceOf(Date);

    const facilitator = await as(['facilitator'], ['PE'], [wanted.id]);
    const page = { first: 10, after: '' };
    const who = { page, interventionId: wanted.id, side: '', status: '' };
    expect((await client.listParticipants(who, facilitator)).participants).toHaveLength(1);
    await expect(client.listParticipants(who, await as(['hq-analyst']))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client.listParticipants(who, await as(['mission-officer'], ['TR']))).rejects.toMatchObject({ kind: 'not-found', code: 'INTERVENTION_UNKNOWN' });
    expect((await client.listInterventions({ page, missions: [], kinds: [], codes: [] }, await as(['hq-analyst']))).pageInfo).toMatchObject({ totalCount: 1 });
    expect((await client.batchGetInterventions({ ids: [wanted.id] }, await as(['mission-officer'], ['TR']))).interventions).toEqual([]);
    expect((await client.listMissions({ page: undefined }, facilitator)).missions).toHaveLength(1);
    expect((await client.batchGetMissions({ missions: ['PE', 'ZZ'] }, officer)).missions).toHaveLength(1);
  });

  it('says what is wrong and where, all of it at once', async () => {
    const refused = client.registerMission(aMission({ mission: 'peru', country: 'XX' }), await as(['administrator']));
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      code: 'MISSION_CODE_INVALID',
      details: { path: ['mission'] },
      refusals: [expect.objectContaining({ path: ['mission'] }), expect.objectContaining({ path: ['country'] })],
    });
  });

  it.each([
    ['no token', async () => undefined],
    ['a token that is none', async () => 'random'],
    ['a token that has ended', () => issuer.token({ roles: ['administrator'], expiresIn: -600 })],
    ['a token for another audience', () => issuer.token({ roles: ['administrator'], audience: 'elsewhere' })],
    ['a token of another issuer', () => issuer.token({ roles: ['administrator'], issuer: 'https://elsewhere.example' })],
  ])('refuses %s', async (_, token) => {
    await expect(client.listMissions({ page: undefined }, { token: await token() })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('publishes what it told, each fact once and in order', async () => {
    const published = () => inLog('SELECT headers FROM log_fact ORDER BY position');
    while ((await published()).length < 5) await pause(50);
    expect((await published()).map(({ headers }) => [headers['ce_type']?.split('.').at(-1), headers['ce_sequence'], headers['ce_quiet']])).toEqual([
      ['MissionRegistered', '1', 'false'],
      ['InterventionDesigned', '1', 'false'],
      ['InterventionRevised', '2', 'false'],
      ['ParticipantEnrolled', '1', 'true'],
      ['ParticipantWithdrawn', '2', 'false'],
    ]);
  });

  it('is ready and counts what waits', async () => {
    const ready = await fetch(`${service.httpAddress}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', checks: { database: 'ok', 'event-log': 'ok', consumer: 'ok' } }]);
    expect(await (await fetch(`${service.httpAddress}/metrics`)).text()).toContain('outbox_oldest_unpublished_seconds');
  });
});
