import { randomBytes, randomUUID } from 'node:crypto';
import { Facts, type FactName, decodeFact, type evaluation, type scheduling } from '@common-ground/contracts';
import { type Caller, EVERYTHING, fixedClock } from '@common-ground/kernel';
import { type Fact, FactConsumer, type FactContext, type FactHandler, headersOf, type LogRecord } from '@common-ground/messaging';
import { createDataSource, Database, type Transaction } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { AlertService } from './alert/alert.service.js';
import { DeliveryWorker } from './alert/delivery.worker.js';
import { entities } from './entities.js';
import { FlagConsumer } from './flag/flag.consumer.js';
import { FlagKeeper } from './flag/flag-keeper.js';
import { FlagService } from './flag/flag.service.js';
import { GrowthTeller } from './flag/growth.teller.js';
import { riskMonitoringMigrations } from './migrations/index.js';
import { ProgrammeConsumer } from './programme/programme.consumer.js';
import { RuleService } from './rule/rule.service.js';
import { type AlertSettings, USUAL_DELIVERY } from './settings.js';
import { SecretBox } from './subscription/secret-box.js';
import { actFor } from './subscription/subscription.repository.js';
import { SubscriptionService } from './subscription/subscription.service.js';

export const administrator: Caller = { subject: 'administrator', roles: ['administrator'], scope: EVERYTHING };
export const monitor: Caller = { subject: 'monitor', roles: ['monitoring-officer'], scope: EVERYTHING };
export const analyst: Caller = { subject: 'analyst', roles: ['hq-analyst'], scope: EVERYTHING };
export const facilitator: Caller = { subject: 'facilitator', roles: ['facilitator'], scope: { missions: ['PE'], interventions: '*' } };
export const officerOf = (...missions: string[]): Caller => ({ subject: `officer of ${missions.join()}`, roles: ['mission-officer'], scope: { missions, interventions: '*' } });

export const settings = (change: Partial<AlertSettings> = {}): AlertSettings => ({
  secretsKeys: [randomBytes(32)],
  webhooks: { allowLoopback: true, allowPrivateNetworks: false },
  delivery: { ...USUAL_DELIVERY, firstRetryMs: 1_000 },
  ...change,
});

type Place = { readonly mission: string; readonly interventionId: string };
export const aPlace = (mission = 'PE'): Place => ({ mission, interventionId: randomUUID() });

export const aHeld = (place: Place, change: Partial<scheduling.ActivityHeld> = {}): scheduling.ActivityHeld => ({
  ...place,
  activityId: randomUUID(),
  code: `A-${randomUUID().slice(0, 6)}`,
  startsAt: new Date('2026-03-01T15:00:00Z'),
  endsAt: new Date('2026-03-01T17:00:00Z'),
  month: '2026-03',
  roster: [],
  presentBySide: [{ side: 'migrant', count: 6 }, { side: 'host', count: 7 }],
  groups: [],
  conditions: { equalStatus: 4, commonGoal: 5, cooperation: 4, supportOfAuthorities: 0 },
  expectedSides: ['migrant', 'host'],
  cluster: '',
  ...change,
});
export const ONLY_HOSTS = { presentBySide: [{ side: 'host', count: 12 }] };

export const aCorrection = (held: scheduling.ActivityHeld, change: Partial<scheduling.ActivityCorrected> = {}): scheduling.ActivityCorrected => ({ ...held, outcome: 'held', reason: '', ...change });

export const anEstimate = (place: Place, change: Partial<evaluation.OutcomeEstimated> = {}): evaluation.OutcomeEstimated => ({
  ...Facts.OutcomeEstimated.decode(new Uint8Array()),
  ...place,
  instrumentId: '6a1c2f7e-5d4b-4c3a-8f2e-1a2b3c4d5e6f',
  item: 'numberim',
  wave: 'post',
  method: 'two-arm-change-cr2',
  claim: 'effect',
  n: 97,
  nComparison: 47,
  nTreatment: 50,
  clusters: 12,
  answeredBaseline: 110,
  answeredWave: 100,
  attrition: 0.1,
  attritionComparison: 0.1,
  attritionTreatment: 0.1,
  difference: 0.09,
  standardError: 0.04,
  df: 9,
  intervalLow: 0.0008,
  intervalHigh: 0.18,
  higherIs: 'worse',
  harmful: true,
  caveats: [],
  estimatedAt: new Date('2026-06-01T10:00:00Z'),
  revision: 1,
  primary: true,
  ...change,
});

export type Heard = { readonly name: FactName; readonly data: unknown; readonly id?: string; readonly sequence?: number; readonly quiet?: boolean; readonly time?: Date };
export type Told = { readonly type: string; readonly key: string; readonly subject: string; readonly sequence: number; readonly quiet: boolean; readonly data: Record<string, unknown> };

/** The service's use cases and consumers on a database of the spec's own, under the application role. */
export type RiskMonitoringAtWork = {
  readonly fresh: FreshDatabase;
  readonly database: Database;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly rules: RuleService;
  readonly flags: FlagService;
  readonly subscriptions: SubscriptionService;
  readonly alerts: AlertService;
  readonly teller: GrowthTeller;
  /** A worker of its own each time, as a restarted process has. */
  worker(change?: Partial<AlertSettings>): DeliveryWorker;
  /** Facts arrive in one chunk, at a consumer of its own each time. */
  hear(facts: readonly Heard[], positions?: readonly number[]): Promise<FactConsumer>;
  /** Facts in the outbox, decoded, in order. */
  told(flagId?: string): Promise<Told[]>;
  asEverybody<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

const handlersOf = (flags: FlagConsumer, programme: ProgrammeConsumer): ReadonlyMap<string, FactHandler> => {
  const on = <T>(name: FactName, handle: (fact: Fact<T>, context: FactContext) => Promise<void>): [string, FactHandler] => [Facts[name].type, (fact, context) => handle(fact as Fact<T>, context)];
  return new Map([
    on('MissionRegistered', programme.keepMissionWhenRegistered.bind(programme)),
    on('InterventionDesigned', programme.keepInterventionWhenDesigned.bind(programme)),
    on('InterventionRevised', programme.keepInterventionWhenRevised.bind(programme)),
    on('OutcomeEstimated', flags.flagHarmWhenOutcomeEstimated.bind(flags)),
    on('ActivityHeld', flags.flagContactWhenActivityHeld.bind(flags)),
    on('GroupsFormed', flags.warnOfSidesApartWhenGroupsFormed.bind(flags)),
    on('ActivityCorrected', flags.weighAgainWhenActivityCorrected.bind(flags)),
    on('ActivityUnrecorded', flags.flagSilenceWhenActivityUnrecorded.bind(flags)),
    on('ActivityDidNotHappen', flags.answerWhenActivityDidNotHappen.bind(flags)),
    on('ActivityCancelled', flags.answerWhenActivityCancelled.bind(flags)),
    on('ActivityRescheduled', flags.answerWhenActivityRescheduled.bind(flags)),
  ]);
};

const recordOf = ({ name, data, id = randomUUID(), sequence = 1, quiet = false, time = new Date() }: Heard, position: number): LogRecord => {
  const { mission, interventionId } = data as Partial<Place>;
  const { type, topic, encode } = Facts[name];
  const key = interventionId ?? mission ?? '';
  const value = (encode as (value: unknown) => Uint8Array)(data);
  const fact = { id, type, source: 'spec', time, key, subject: key, sequence, mission: mission ?? '', quiet, data: value };
  return { topic, partition: 0, position: BigInt(position), key, headers: headersOf(fact), value };
};

export const riskMonitoringAtWork = async (alertSettings = settings()): Promise<RiskMonitoringAtWork> => {
  const fresh = await freshDatabase({ service: 'risk-monitoring', migrations: riskMonitoringMigrations });
  const dataSource = await createDataSource(fresh.app, entities).initialize();
  const database = new Database(dataSource);
  const clock = fixedClock(new Date('2026-06-01T12:00:00.123Z'));
  const box = new SecretBox(alertSettings.secretsKeys);
  const handlers = handlersOf(new FlagConsumer(new FlagKeeper(clock)), new ProgrammeConsumer());
  let head = 0;
  return {
    fresh,
    database,
    clock,
    rules: new RuleService(database, clock),
    flags: new FlagService(database, clock),
    subscriptions: new SubscriptionService(database, box, clock, alertSettings),
    alerts: new AlertService(database, clock),
    teller: new GrowthTeller(database),
    worker: (change = {}) => new DeliveryWorker(database, box, clock, { ...alertSettings, ...change }),
    hear: async (facts, positions) => {
      const consumer = new FactConsumer({ group: 'risk-monitoring', database, handlers, decode: decodeFact });
      const records = facts.map((fact, index) => recordOf(fact, positions?.[index] ?? (head += 1)));
      await consumer.handle({ topic: records[0]?.topic ?? '', partition: 0, records, heartbeat: async () => undefined, stopping: () => false });
      if (consumer.counts.parked > 0) throw new Error('a fact was parked');
      return consumer;
    },
    told: async (flagId) => {
      const rows = await database.read(EVERYTHING, (tx) =>
        tx.query<Omit<Told, 'data'> & { data: Buffer }>('SELECT type, key, subject, sequence::integer AS sequence, quiet, data FROM outbox WHERE $1::text IS NULL OR subject = $1 ORDER BY id', [flagId ?? null]),
      );
      return rows.map((row) => ({ ...row, type: row.type.replace(/^.*\./, ''), data: decodeFact(row.type, row.data) as Record<string, unknown> }));
    },
    asEverybody: (work) =>
      database.run(EVERYTHING, async (tx) => {
        await actFor(tx, '*');
        return work(tx);
      }),
    stop: async () => {
      await dataSource.destroy();
      await fresh.drop();
    },
  };
};
