import { randomUUID } from 'node:crypto';
import { type Caller, EVERYTHING, fixedClock } from '@common-ground/kernel';
import { decodeFact, Facts, type registry, type scheduling } from '@common-ground/contracts';
import { type EncodedFact, FactConsumer, type FactContext, type FactHandler, headersOf } from '@common-ground/messaging';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { ActivityService } from './activity/activity.service.js';
import { UnrecordedSweeper } from './activity/unrecorded.sweeper.js';
import { GroupPlanService } from './group-plan/group-plan.service.js';
import { entities } from './entities.js';
import { KnowledgeConsumer } from './knowledge/knowledge.consumer.js';
import { KnowledgeService } from './knowledge/knowledge.service.js';
import { schedulingMigrations } from './migrations/index.js';
import { PairingService } from './pairing/pairing.service.js';

export const administrator: Caller = { subject: 'administrator', roles: ['administrator'], scope: EVERYTHING };
export const analyst: Caller = { subject: 'analyst', roles: ['hq-analyst'], scope: EVERYTHING };
export const monitor: Caller = { subject: 'monitor', roles: ['monitoring-officer'], scope: EVERYTHING };
export const officerOf = (...missions: string[]): Caller => ({ subject: `officer of ${missions.join()}`, roles: ['mission-officer'], scope: { missions, interventions: '*' } });
export const facilitatorOf = (mission: string, ...interventions: string[]): Caller => ({ subject: 'facilitator', roles: ['facilitator'], scope: { missions: [mission], interventions } });

/** A quarter past six in the evening in Lima. */
export const NOW = new Date('2026-04-10T23:15:00.000Z');
const HOUR_MS = 3_600_000;
export const hoursFromNow = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR_MS);

export const aNewActivity = (change: Partial<scheduling.NewActivity> = {}): scheduling.NewActivity => ({
  id: randomUUID(),
  code: `A-${randomUUID().slice(0, 8)}`,
  title: 'Football on the avenue',
  startsAt: hoursFromNow(-4),
  endsAt: hoursFromNow(-2),
  place: 'Avenue pitch',
  cluster: '',
  ...change,
});

export const aRecord = (activityId: string, present: readonly string[], change: Partial<scheduling.HeldRecord> = {}): scheduling.HeldRecord => ({
  activityId,
  startsAt: undefined,
  endsAt: undefined,
  roster: present.map((participantId) => ({ participantId, status: 'present' })),
  groups: present.length > 0 ? [{ name: 'Blue', participantIds: [...present] }] : [],
  conditions: { equalStatus: 4, commonGoal: 5, cooperation: 3, supportOfAuthorities: 0 },
  ...change,
});

/** A fact of the registry, as its relay publishes it. */
export const registryFact = <Name extends 'MissionRegistered' | 'InterventionDesigned' | 'InterventionRevised' | 'ParticipantEnrolled' | 'ParticipantWithdrawn'>(
  name: Name,
  data: Parameters<(typeof Facts)[Name]['encode']>[0],
  about: { readonly key: string; readonly subject: string; readonly sequence?: number; readonly mission: string; readonly time?: Date },
): EncodedFact => ({
  id: randomUUID(),
  type: Facts[name].type,
  source: 'registry',
  time: NOW,
  sequence: 1,
  quiet: false,
  ...about,
  data: (Facts[name].encode as (value: unknown) => Uint8Array)(data),
});

export type Programme = { readonly mission: string; readonly interventionId: string; readonly migrants: readonly string[]; readonly hosts: readonly string[]; readonly facts: readonly EncodedFact[] };

/** A mission with one intervention and people of both sides, as the registry tells of them. */
export const aProgramme = (mission: string, eachSide = 3, change: Partial<registry.InterventionDesigned> = {}): Programme => {
  const interventionId = randomUUID();
  const [migrants, hosts] = [1, 2].map(() => Array.from({ length: eachSide }, () => randomUUID())) as [string[], string[]];
  const designed = {
    mission, interventionId, code: 'football', title: 'Football', kind: 'celebrate-and-play', modalities: ['in-person'], startsOn: '2026-01-01', endsOn: '2026-12-31',
    aim: '', design: 'none', assignmentUnit: '', sides: ['migrant', 'host'], ...change,
  };
  const enrolled = (side: string) => (participantId: string) =>
    registryFact(
      'ParticipantEnrolled',
      { mission, interventionId, participantId, code: participantId.slice(0, 8), side, ageBand: '', gender: '', languages: [], priorContact: '', arm: '', cluster: '', stratum: '' },
      { key: interventionId, subject: participantId, mission },
    );
  return {
    mission,
    interventionId,
    migrants,
    hosts,
    facts: [
      registryFact('MissionRegistered', { mission, name: mission, country: mission.slice(0, 2), timeZone: 'America/Lima', languages: ['es'] }, { key: mission, subject: mission, mission }),
      registryFact('InterventionDesigned', designed, { key: interventionId, subject: interventionId, mission }),
      ...migrants.map(enrolled('migrant')),
      ...hosts.map(enrolled('host')),
    ],
  };
};

const handlersOf = (consumer: KnowledgeConsumer): ReadonlyMap<string, FactHandler> => {
  const handler = <T>(method: (fact: never, context: FactContext) => Promise<T>): FactHandler => (fact, context) => method.call(consumer, fact as never, context) as Promise<never>;
  return new Map([
    [Facts.MissionRegistered.type, handler(consumer.keepTimeZoneWhenMissionRegistered)],
    [Facts.InterventionDesigned.type, handler(consumer.keepInterventionWhenDesigned)],
    [Facts.InterventionRevised.type, handler(consumer.keepInterventionWhenRevised)],
    [Facts.ParticipantEnrolled.type, handler(consumer.keepProfileWhenParticipantEnrolled)],
    [Facts.ParticipantWithdrawn.type, handler(consumer.keepDayWhenParticipantWithdrew)],
  ]);
};

export type TellingFact = { readonly type: string; readonly key: string; readonly subject: string; readonly sequence: number; readonly mission: string; readonly quiet: boolean; readonly data: unknown };

/** Scheduling's use cases on a database of the spec's own, under the application role. */
export type SchedulingAtWork = {
  readonly fresh: FreshDatabase;
  readonly database: Database;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly activities: ActivityService;
  readonly groupPlans: GroupPlanService;
  readonly pairings: PairingService;
  /** Another instance each time. */
  sweeper(): UnrecordedSweeper;
  /** Facts as they come from the log, through inbox and handlers. */
  consume(...facts: readonly EncodedFact[]): Promise<void>;
  plan(programme: Programme, ...activities: readonly scheduling.NewActivity[]): Promise<void>;
  /** Facts in the outbox, decoded, in order. */
  factsOf(subject: string): Promise<TellingFact[]>;
  stop(): Promise<void>;
};

export const schedulingAtWork = async (waitMs = 200): Promise<SchedulingAtWork> => {
  const fresh = await freshDatabase({ service: 'scheduling', migrations: schedulingMigrations });
  const dataSource = await createDataSource(fresh.app, entities).initialize();
  const database = new Database(dataSource);
  const clock = fixedClock(NOW);
  const consumer = new FactConsumer({ group: 'scheduling', database, decode: decodeFact, handlers: handlersOf(new KnowledgeConsumer()) });
  const knowledge = new KnowledgeService(database, { waitMs, pollMs: 20 });
  const activities = new ActivityService(database, knowledge, clock);
  let position = 0n;
  const at = { topic: 'commonground.registry.v1', partition: 0 };
  return {
    fresh,
    database,
    clock,
    activities,
    groupPlans: new GroupPlanService(database, knowledge, clock),
    pairings: new PairingService(database, knowledge, clock),
    sweeper: () => new UnrecordedSweeper(database, clock, { afterEndMs: 24 * HOUR_MS, afterPlanningMs: HOUR_MS / 4, everyMs: HOUR_MS }),
    consume: async (...facts) => {
      const records = facts.map((fact) => ({ ...at, position: (position += 1n), key: fact.key, headers: headersOf(fact), value: fact.data }));
      await consumer.handle({ ...at, records, heartbeat: async () => undefined, stopping: () => false });
    },
    plan: async ({ mission, interventionId }, ...planned) => {
      const outcomes = await activities.plan({ commandId: randomUUID(), interventionId, activities: planned }, { caller: officerOf(mission), quiet: false });
      const refused = outcomes.find(({ outcome }) => outcome !== 'accepted');
      if (refused) throw new Error(`row ${refused.row}: ${refused.code} ${refused.message}`);
    },
    factsOf: async (subject) => {
      const rows = await database.read(EVERYTHING, (tx) =>
        tx.query<Omit<TellingFact, 'data'> & { data: Buffer }>('SELECT type, key, subject, sequence::integer AS sequence, mission, quiet, data FROM outbox WHERE subject = $1 ORDER BY id', [subject]),
      );
      return rows.map((row) => ({ ...row, type: row.type.split('.').at(-1) ?? '', data: decodeFact(row.type, row.data) }));
    },
    stop: async () => {
      await dataSource.destroy();
      await fresh.drop();
    },
  };
};
