import { gatewayMigrations } from '@common-ground/gateway';
import { queryAs, type Stage, type StagedDatabase, type StagedService, urlOf } from '../stage/stage.js';
import { MISSION, plan } from '../stage/programme.js';

export type WritesStage = {
  readonly stage: Stage;
  readonly scheduling: StagedDatabase;
  readonly bare: StagedDatabase;
  readonly orm: StagedDatabase;
  readonly gateway: StagedService;
  readonly service: StagedService;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * The write path and nothing else: the gateway and scheduling as processes of their own. The services that act on what is recorded do not run,
 * and the gateway reads an event log of its own, which stays empty: the anchors do not fold a portfolio either.
 */
export const openWritesStage = async (stage: Stage, interventions: number, activitiesEach: number): Promise<WritesStage> => {
  const [log, quietLog, scheduling, portfolio] = [await stage.eventLog(), await stage.eventLog('quiet_log'), await stage.database('scheduling'), await stage.database('gateway', gatewayMigrations)];
  await stage.migrateAs('scheduling', scheduling);
  await plan(scheduling.admin, interventions, activitiesEach);
  const [bare, orm] = [await stage.copy(scheduling, 'bench_bare'), await stage.copy(scheduling, 'bench_orm')];
  const on = (place: StagedDatabase): Record<string, string> => ({ LOG_TRANSPORT: 'postgres', LOG_DATABASE_URL: urlOf(place.app) });
  // What nobody has recorded yet is not to be noticed meanwhile.
  const service = await stage.start('scheduling', scheduling, { ...on(log), UNRECORDED_AFTER_HOURS: '100000' });
  const gateway = await stage.start('gateway', portfolio, on(quietLog));
  const token = await stage.issuer.token({ roles: ['mission-officer'], missions: [MISSION], expiresIn: 7_200 });
  return { stage, scheduling, bare, orm, gateway, service, headers: { authorization: `Bearer ${token}` } };
};

/** @throws Error when not exactly this many are recorded, each told once */
export const expectRecorded = async ({ admin }: StagedDatabase, wanted: number): Promise<void> => {
  const [seen] = await queryAs<{ held: string; told: string; subjects: string }>(admin, `SELECT (SELECT count(*) FROM activity WHERE status = 'held') AS held, count(*) AS told, count(DISTINCT subject) AS subjects FROM outbox`);
  if (Number(seen?.held) !== wanted || Number(seen?.told) !== wanted || Number(seen?.subjects) !== wanted) {
    throw new Error(`${wanted} records were to be kept and told once each; ${seen?.held} are kept, ${seen?.told} told of ${seen?.subjects} activities.`);
  }
};
