import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scheduling as contract, TOPICS } from '@common-ground/contracts';
import { type EventLog, eventLogMigrations, openLog } from '@common-ground/messaging';
import { type CallContext, freePort, type GrpcClient, grpcClient, type RunningService } from '@common-ground/platform';
import { type FreshDatabase, freshDatabase, TestIssuer } from '@common-ground/testing';
import { schedulingMigrations, startScheduling } from './index.js';
import { aNewActivity, aProgramme, aRecord, registryFact } from './scheduling.fixture.js';

let database: FreshDatabase;
let logDatabase: FreshDatabase;
let issuer: TestIssuer;
let log: EventLog;
let service: RunningService;
let client: GrpcClient<typeof contract.SchedulingServiceService>;
const HOUR_MS = 3_600_000;
const ago = (hours: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 - hours * HOUR_MS);
const everyDay = { startsOn: '2000-01-01', endsOn: '2099-12-31' };

beforeAll(async () => {
  [database, logDatabase, issuer] = await Promise.all([
    freshDatabase({ service: 'scheduling', migrations: schedulingMigrations }),
    freshDatabase({ service: 'event-log', migrations: eventLogMigrations }),
    TestIssuer.start(),
  ]);
  log = openLog({ kind: 'postgres', database: logDatabase.app });
  await log.ensureTopics(Object.values(TOPICS));
  service = await startScheduling({
    service: 'scheduling',
    grpc: { host: '127.0.0.1', port: await freePort() },
    http: { host: '127.0.0.1', port: 0 },
    database: { app: database.app, migrator: database.migrator },
    log: { kind: 'postgres', database: logDatabase.app },
    identity: { issuer: issuer.issuer, audience: issuer.audience },
    logLevel: 'silent',
    unrecorded: { afterEndMs: 24 * HOUR_MS, afterPlanningMs: 500, everyMs: 100 },
  });
  client = grpcClient(contract.SchedulingServiceService, service.grpcAddress);
});

afterAll(async () => {
  client?.close();
  await service?.close();
  await log?.close();
  await issuer?.close();
  await Promise.all([database?.drop(), logDatabase?.drop()]);
});

const as = async (roles: string[], missions: string[] = [], interventions: string[] = []): Promise<CallContext> => ({ token: await issuer.token({ roles, missions, interventions }) });

/** What the service has published about something so far, as `type sequence quiet`. */
const publishedAbout = async (subject: string): Promise<string[]> => {
  const seen: string[] = [];
  await log.replay({
    topics: [TOPICS.scheduling],
    onBatch: async ({ records }) => {
      for (const { headers } of records) if (headers['ce_subject'] === subject) seen.push(`${headers['ce_type']?.split('.').at(-1)} ${headers['ce_sequence']} ${headers['ce_quiet']}`);
    },
  });
  return seen;
};
const published = async (subject: string, count: number): Promise<string[]> => {
  for (const until = Date.now() + 20_000; Date.now() < until; await pause(50)) {
    const seen = await publishedAbout(subject);
    if (seen.length >= count) return seen;
  }
  return publishedAbout(subject);
};

describe('scheduling over gRPC', () => {
  it('takes an activity from planned to corrected, and publishes each step once and in order', async () => {
    const peru = aProgramme('PE', 3, everyDay);
    const officer = await as(['mission-officer'], ['PE']);
    const activity = aNewActivity({ startsAt: ago(3), endsAt: ago(2) });
    const planning = client.planActivities({ commandId: randomUUID(), interventionId: peru.interventionId, activities: [activity, aNewActivity({ title: '' })] }, { ...officer, quiet: true });
    await log.publish(TOPICS.registry, peru.facts);
    expect((await planning).outcomes.map(({ outcome, code }) => [outcome, code])).toEqual([['accepted', ''], ['refused', 'TEXT_MISSING']]);

    const moved = await client.rescheduleActivity({ commandId: randomUUID(), activityId: activity.id, startsAt: ago(2), endsAt: ago(1), place: 'Hall' }, officer);
    expect(moved.activity).toMatchObject({ status: 'rescheduled', place: 'Hall', startsAt: ago(2), version: 2, recordedAt: undefined, conditions: undefined });

    const late = randomUUID();
    const recording = client.recordActivityHeld({ commandId: randomUUID(), record: aRecord(activity.id, [...peru.hosts, late]) }, await as(['facilitator'], ['PE'], [peru.interventionId]));
    await pause(200);
    await log.publish(TOPICS.registry, [
      registryFact('ParticipantEnrolled', { mission: 'PE', interventionId: peru.interventionId, participantId: late, code: 'late', side: 'migrant', ageBand: '', gender: '', languages: [], priorContact: '', arm: '', cluster: '', stratum: '' }, { key: peru.interventionId, subject: late, mission: 'PE' }),
    ]);
    const { activity: held } = await recording;
    expect(held).toMatchObject({ status: 'held', version: 3, presentBySide: [{ side: 'migrant', count: 1 }, { side: 'host', count: 3 }], conditions: { commonGoal: 5 } });
    expect(held?.recordedAt).toBeInstanceOf(Date);

    const { outcomes } = await client.recordActivitiesHeld({ commandId: randomUUID(), records: [aRecord(activity.id, [...peru.hosts, late])] }, officer);
    expect(outcomes).toMatchObject([{ outcome: 'unchanged' }]);
    const { activity: corrected } = await client.correctActivity({ commandId: randomUUID(), activityId: activity.id, outcome: 'did-not-happen', reason: 'weather', record: undefined }, officer);
    expect(corrected).toMatchObject({ status: 'did-not-happen', reason: 'weather', roster: [], version: 4 });
    expect(await published(activity.id, 4)).toEqual(['ActivityPlanned 1 true', 'ActivityRescheduled 2 false', 'ActivityHeld 3 false', 'ActivityCorrected 4 false']);
  });

  it('shows each role what is theirs', async () => {
    const [dominican, officer] = [aProgramme('DO', 3, everyDay), await as(['mission-officer'], ['DO'])];
    await log.publish(TOPICS.registry, dominican.facts);
    const [held, cancelled, missed] = [1, 2, 3].map(() => aNewActivity({ startsAt: ago(3), endsAt: ago(2) })) as [contract.NewActivity, contract.NewActivity, contract.NewActivity];
    await client.planActivities({ commandId: randomUUID(), interventionId: dominican.interventionId, activities: [held, cancelled, missed] }, officer);
    await client.recordActivityHeld({ commandId: randomUUID(), record: aRecord(held.id, dominican.hosts) }, officer);
    await client.cancelActivity({ commandId: randomUUID(), activityId: cancelled.id, reason: 'weather' }, officer);
    await client.recordActivityDidNotHappen({ commandId: randomUUID(), activityId: missed.id, reason: 'no-place' }, officer);
    const wanted = { page: { first: 10, after: '' }, interventionIds: [dominican.interventionId], statuses: [], from: undefined, until: undefined, withRoster: true };
    const rosters = async (context: CallContext) => (await client.listActivities(wanted, context)).activities.map(({ roster }) => roster.length).sort();
    expect(await rosters(officer)).toEqual([0, 0, 3]);
    expect(await rosters(await as(['facilitator'], ['DO'], [dominican.interventionId]))).toEqual([0, 0, 3]);
    expect(await rosters(await as(['hq-analyst']))).toEqual([0, 0, 0]);
    expect(await rosters(await as(['mission-officer'], ['PE']))).toEqual([]);
    expect((await client.batchGetActivities({ ids: [held.id] }, officer)).activities).toMatchObject([{ groups: [{ name: 'Blue' }], startsAt: held.startsAt }]);
    const plan = { commandId: randomUUID(), interventionId: dominican.interventionId, activities: [aNewActivity()] };
    for (const context of [await as(['facilitator'], ['DO'], [dominican.interventionId]), await as(['hq-analyst']), await as(['monitoring-officer'])]) await expect(client.planActivities(plan, context)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(client.listActivities(wanted, {})).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(client.cancelActivity({ commandId: randomUUID(), activityId: held.id, reason: 'weather' }, await as(['mission-officer'], ['PE']))).rejects.toMatchObject({ kind: 'not-found', code: 'ACTIVITY_UNKNOWN' });
  });

  it('notices by itself what nobody recorded', async () => {
    const bolivia = aProgramme('BO', 1, everyDay);
    await log.publish(TOPICS.registry, bolivia.facts);
    const activity = aNewActivity({ startsAt: ago(30), endsAt: ago(28) });
    await client.planActivities({ commandId: randomUUID(), interventionId: bolivia.interventionId, activities: [activity] }, { ...(await as(['administrator'])), quiet: true });
    expect(await published(activity.id, 2)).toEqual(['ActivityPlanned 1 true', 'ActivityUnrecorded 2 true']);
  });

  it('refuses what it waited for in vain, by name', async () => {
    const waited = Date.now();
    await expect(client.planActivities({ commandId: randomUUID(), interventionId: randomUUID(), activities: [aNewActivity()] }, await as(['administrator']))).rejects.toMatchObject({ kind: 'not-found', code: 'INTERVENTION_UNKNOWN', details: { path: ['interventionId'] } });
    expect(Date.now() - waited).toBeGreaterThanOrEqual(5_000);
  });

  it('is ready', async () => {
    const ready = await fetch(`${service.httpAddress}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', checks: { database: 'ok', 'event-log': 'ok', consumer: 'ok' } }]);
    expect(await (await fetch(`${service.httpAddress}/metrics`)).text()).toContain('consumer_lag_facts');
  });
});
