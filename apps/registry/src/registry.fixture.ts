import { randomUUID } from 'node:crypto';
import { type Caller, EVERYTHING, fixedClock } from '@common-ground/kernel';
import { decodeFact, type registry } from '@common-ground/contracts';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { entities } from './entities.js';
import { InterventionService } from './intervention/intervention.service.js';
import { registryMigrations } from './migrations/index.js';
import { MissionService } from './mission/mission.service.js';
import { ParticipantService } from './participant/participant.service.js';

export const administrator: Caller = { subject: 'administrator', roles: ['administrator'], scope: EVERYTHING };
export const analyst: Caller = { subject: 'analyst', roles: ['hq-analyst'], scope: EVERYTHING };
export const monitor: Caller = { subject: 'monitor', roles: ['monitoring-officer'], scope: EVERYTHING };
export const officerOf = (...missions: string[]): Caller => ({ subject: `officer of ${missions.join()}`, roles: ['mission-officer'], scope: { missions, interventions: '*' } });
export const facilitatorOf = (mission: string, ...interventions: string[]): Caller => ({ subject: 'facilitator', roles: ['facilitator'], scope: { missions: [mission], interventions } });

export const aMission = (change: Partial<registry.RegisterMissionRequest> = {}): registry.RegisterMissionRequest => ({
  commandId: randomUUID(),
  mission: 'PE',
  name: 'Peru',
  country: 'PE',
  timeZone: 'America/Lima',
  languages: ['es'],
  ...change,
});

export const anIntervention = (change: Partial<registry.DesignInterventionRequest> = {}): registry.DesignInterventionRequest => ({
  commandId: randomUUID(),
  id: randomUUID(),
  mission: 'PE',
  code: `PE-${randomUUID().slice(0, 8)}`,
  title: 'Football across the avenue',
  kind: 'celebrate-and-play',
  modalities: ['in-person'],
  startsOn: '2026-03-01',
  endsOn: '2026-11-30',
  aim: 'Girls and boys of both sides train together.',
  design: '',
  assignmentUnit: '',
  sides: [],
  ...change,
});

export const aPerson = (change: Partial<registry.NewParticipant> = {}): registry.NewParticipant => ({
  id: randomUUID(),
  code: `P-${randomUUID().slice(0, 12)}`,
  side: 'migrant',
  ageBand: '18-24',
  gender: 'woman',
  languages: ['es'],
  priorContact: 'some',
  arm: '',
  cluster: '',
  stratum: '',
  ...change,
});

export type TellingFact = { readonly type: string; readonly key: string; readonly subject: string; readonly sequence: number; readonly mission: string; readonly quiet: boolean; readonly data: unknown };

/** The registry's use cases on a database of the spec's own, under the application role. */
export type RegistryAtWork = {
  readonly fresh: FreshDatabase;
  readonly database: Database;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly missions: MissionService;
  readonly interventions: InterventionService;
  readonly participants: ParticipantService;
  /** Facts in the outbox, decoded, in order. */
  factsOf(subject: string): Promise<TellingFact[]>;
  stop(): Promise<void>;
};

export const registryAtWork = async (): Promise<RegistryAtWork> => {
  const fresh = await freshDatabase({ service: 'registry', migrations: registryMigrations });
  const dataSource = await createDataSource(fresh.app, entities).initialize();
  const database = new Database(dataSource);
  const clock = fixedClock(new Date('2026-03-01T09:00:00.123Z'));
  return {
    fresh,
    database,
    clock,
    missions: new MissionService(database, clock),
    interventions: new InterventionService(database, clock),
    participants: new ParticipantService(database, clock),
    factsOf: async (subject) => {
      const rows = await database.read(EVERYTHING, (tx) =>
        tx.query<Omit<TellingFact, 'data'> & { data: Buffer }>('SELECT type, key, subject, sequence::integer AS sequence, mission, quiet, data FROM outbox WHERE subject = $1 ORDER BY id', [subject]),
      );
      return rows.map((row) => ({ ...row, data: decodeFact(row.type, row.data) }));
    },
    stop: async () => {
      await dataSource.destroy();
      await fresh.drop();
    },
  };
};
