import { randomUUID } from 'node:crypto';
import { decodeFact, Facts, type registry } from '@common-ground/contracts';
import { type Caller, EVERYTHING, fixedClock } from '@common-ground/kernel';
import type { Fact } from '@common-ground/messaging';
import { createDataSource, Database } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { entities } from './entities.js';
import { EstimateService } from './estimate/estimate.service.js';
import { RecomputationService } from './estimate/recomputation.service.js';
import { statisticsOutcomeEstimator } from './estimate/statistics-outcome-estimator.js';
import type { Item, PublishInstrument } from './instrument/domain/instrument.js';
import { InstrumentService } from './instrument/instrument.service.js';
import { evaluationMigrations } from './migrations/index.js';
import { Arrivals } from './programme/arrivals.js';
import { keepIntervention, keepMission, keepParticipant } from './programme/programme.repository.js';
import type { Answer, Submission } from './response/domain/submission.js';
import { ResponseService } from './response/response.service.js';
import type { OpenSurveyRound } from './survey-round/domain/survey-round.js';
import { SurveyRoundService } from './survey-round/survey-round.service.js';

export const administrator: Caller = { subject: 'administrator', roles: ['administrator'], scope: EVERYTHING };
export const analyst: Caller = { subject: 'analyst', roles: ['hq-analyst'], scope: EVERYTHING };
export const monitor: Caller = { subject: 'monitor', roles: ['monitoring-officer'], scope: EVERYTHING };
export const officerOf = (...missions: string[]): Caller => ({ subject: `officer of ${missions.join()}`, roles: ['mission-officer'], scope: { missions, interventions: '*' } });
export const facilitatorOf = (mission: string, ...interventions: string[]): Caller => ({ subject: 'facilitator', roles: ['facilitator'], scope: { missions: [mission], interventions } });

type Command<T> = T & { readonly commandId: string };

export const anItem = (change: Partial<Item> = {}): Item => ({ code: 'trust', text: 'I trust people from the other group', scale: 'agreement 1-5', minimum: 1, maximum: 5, higherIs: 'better', primary: true, ...change });

type Published = Omit<PublishInstrument, 'items'> & { readonly items: Item[] };

export const anInstrument = (change: Partial<Command<Published>> = {}): Command<Published> => ({
  commandId: randomUUID(),
  id: randomUUID(),
  mission: 'PE',
  code: `I-${randomUUID().slice(0, 8)}`,
  title: 'How we feel about each other',
  items: [anItem(), anItem({ code: 'threat', text: 'They take our places', higherIs: 'worse', primary: false })],
  ...change,
});

export const aRound = (interventionId: string, instrumentId: string, change: Partial<Command<OpenSurveyRound>> = {}): Command<OpenSurveyRound> => ({
  commandId: randomUUID(),
  id: randomUUID(),
  interventionId,
  instrumentId,
  code: `R-${randomUUID().slice(0, 8)}`,
  wave: 'baseline',
  level: 'individual',
  population: 'participants-and-comparison',
  opensOn: '2026-03-01',
  closesOn: '2026-03-14',
  ...change,
});

export type Person = { readonly code: string; readonly arm: string; readonly cluster: string; readonly stratum?: string };
export const people = (count: number, of: (index: number) => Partial<Person> = () => ({})): Person[] =>
  Array.from({ length: count }, (_, index) => ({ code: `P${String(index).padStart(3, '0')}`, arm: '', cluster: '', ...of(index) }));

export const answered = (respondent: string, answers: Readonly<Record<string, number>>): Submission & { readonly answers: Answer[] } => ({
  respondent,
  answers: Object.entries(answers).map(([item, value]) => ({ item, value })),
});

export type TellingFact = { readonly type: string; readonly key: string; readonly subject: string; readonly sequence: number; readonly mission: string; readonly quiet: boolean; readonly data: unknown };

const fact = <T>(type: string, key: string, mission: string, sequence: number, data: T): Fact<T> => ({
  id: randomUUID(),
  type,
  source: 'registry',
  time: new Date('2026-03-01T00:00:00Z'),
  key,
  subject: key,
  sequence,
  mission,
  quiet: false,
  data,
});

/** Facts as the registry would tell them. */
export const told = {
  mission: (mission: string): Fact<registry.MissionRegistered> => fact(Facts.MissionRegistered.type, mission, mission, 1, { mission, name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'] }),
  designed: (interventionId: string, mission: string, design: string): Fact<registry.InterventionDesigned> =>
    fact(Facts.InterventionDesigned.type, interventionId, mission, 1, {
      mission, interventionId, code: 'football', title: 'Football', kind: 'celebrate-and-play', modalities: ['in-person'], startsOn: '2026-03-01', endsOn: '2026-11-30', aim: '', design, assignmentUnit: '', sides: ['migrant', 'host'],
    }),
  revised: (interventionId: string, mission: string, design: string, version = 2): Fact<registry.InterventionRevised> => ({ ...told.designed(interventionId, mission, design), id: randomUUID(), type: Facts.InterventionRevised.type, sequence: version }),
  enrolled: (interventionId: string, mission: string, { code, arm, cluster, stratum = '' }: Person): Fact<registry.ParticipantEnrolled> => {
    const participantId = randomUUID();
    const data = { mission, interventionId, participantId, code, side: 'host', ageBand: '', gender: '', languages: [], priorContact: '', arm, cluster, stratum };
    return { ...fact(Facts.ParticipantEnrolled.type, interventionId, mission, 1, data), subject: participantId };
  },
  withdrawn: (interventionId: string, mission: string, code: string): Fact<registry.ParticipantWithdrawn> =>
    fact(Facts.ParticipantWithdrawn.type, interventionId, mission, 2, { mission, interventionId, participantId: randomUUID(), code, side: 'host', reason: 'moved-away' }),
};

/** The use cases on a database of the spec's own, under the application role; nothing is recomputed unless the spec says so. */
export type EvaluationAtWork = {
  readonly fresh: FreshDatabase;
  readonly database: Database;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly instruments: InstrumentService;
  readonly rounds: SurveyRoundService;
  readonly responses: ResponseService;
  readonly estimates: EstimateService;
  readonly recomputation: RecomputationService;
  recomputationWith(quietMs: number, latestMs: number): RecomputationService;
  /** An intervention with people, as if their facts had arrived. @returns its id */
  intervention(design: string, people: readonly Person[], mission?: string): Promise<string>;
  factsOf(subjectOrKey: string): Promise<TellingFact[]>;
  count(sql: string): Promise<number>;
  stop(): Promise<void>;
};

export const evaluationAtWork = async (): Promise<EvaluationAtWork> => {
  const fresh = await freshDatabase({ service: 'evaluation', migrations: evaluationMigrations });
  const dataSource = await createDataSource(fresh.app, entities).initialize();
  const database = new Database(dataSource);
  const clock = fixedClock(new Date('2026-03-01T09:00:00.123Z'));
  const arrivals = new Arrivals(database);
  const recomputationWith = (quietMs: number, latestMs: number) => new RecomputationService(database, statisticsOutcomeEstimator, { quietMs, latestMs }, clock);
  await database.run(EVERYTHING, (tx) => Promise.all(['PE', 'TR'].map((mission) => keepMission(tx, mission))));
  return {
    fresh,
    database,
    clock,
    instruments: new InstrumentService(database, arrivals, clock),
    rounds: new SurveyRoundService(database, arrivals),
    responses: new ResponseService(database, arrivals),
    estimates: new EstimateService(database),
    recomputation: recomputationWith(0, 0),
    recomputationWith,
    intervention: async (design, enrolled, mission = 'PE') => {
      const id = randomUUID();
      await database.run(EVERYTHING, async (tx) => {
        await keepIntervention(tx, { id, mission, design }, 1);
        for (const one of enrolled) await keepParticipant(tx, { interventionId: id, mission, stratum: '', ...one });
      });
      return id;
    },
    factsOf: async (subjectOrKey) => {
      const rows = await database.read(EVERYTHING, (tx) =>
        tx.query<Omit<TellingFact, 'data'> & { data: Buffer }>('SELECT type, key, subject, sequence::integer AS sequence, mission, quiet, data FROM outbox WHERE subject = $1 OR key = $1 ORDER BY id', [subjectOrKey]),
      );
      return rows.map((row) => ({ ...row, data: decodeFact(row.type, row.data) }));
    },
    count: async (sql) => {
      const [row] = await database.read(EVERYTHING, (tx) => tx.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${sql}`));
      return row?.count ?? 0;
    },
    stop: async () => {
      await dataSource.destroy();
      await fresh.drop();
    },
  };
};
