import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isUuid, LIMITS, pageOf, type PageInfo, type PageRequest, readPage, refusalsAmong, refuseMoment, refuseOneOf, refuseUuid, requireRole, type RowOutcome, throwIfRefused } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once, type Transaction } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { findParticipants, findSettings, lockIntervention } from '../knowledge/knowledge.repository.js';
import { KnowledgeService } from '../knowledge/knowledge.service.js';
import { MAY_PLAN, MAY_READ, MAY_RECORD, seesRosters } from '../roles.js';
import { encodeActivityFact } from './activity.facts.js';
import { type ActivityFilter, findPresent, getActivitiesAmong, insertActivities, listActivities, lockActivities, updateActivities } from './activity.repository.js';
import { type ActivityRow, revived, rowOf, withoutSmallCounts } from './activity.row.js';
import type { Activity, Setting } from './domain/activity.js';
import { activityUnknown, errorOf, interventionUnknown } from './domain/activity.errors.js';
import { cancelActivity, correctActivity, type Correction, type Decision, isRefused, recordDidNotHappen, recordHeld, type Reschedule, rescheduleActivity } from './domain/decisions.js';
import type { HeldRecord } from './domain/held-record.js';
import { exceptTaken, type NewActivity, planActivities, tidyPlan } from './domain/planning.js';
import { recordActivitiesHeld } from './domain/recording.js';
import { STATUSES } from './domain/terms.js';

export const RECORDS_AT_MOST = 200;

type Command<T> = T & { readonly commandId: string };
type OnActivity<T> = Command<T> & { readonly activityId: string };
type Asked = { readonly caller: Caller; readonly quiet: boolean };
type Step = { readonly commandId: string; readonly name: string; readonly payload: object; readonly activityId: string; readonly path?: string };

const peopleIn = (records: readonly HeldRecord[]): string[] => records.flatMap(({ roster }) => roster.map(({ participantId }) => participantId)).filter(isUuid);

@Injectable()
export class ActivityService {
  constructor(
    private readonly database: Database,
    private readonly knowledge: KnowledgeService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Seven statements for up to 1,000 activities. */
  async plan({ commandId, ...command }: Command<{ readonly interventionId: string; readonly activities: readonly NewActivity[] }>, { caller, quiet }: Asked): Promise<readonly RowOutcome[]> {
    requireRole(caller, ...MAY_PLAN);
    const { interventionId } = command;
    throwIfRefused(refusalsAmong(refuseUuid(['interventionId'], interventionId)));
    checkBatchSize('activities', command.activities);
    const rows = command.activities.map(tidyPlan);
    await this.knowledge.awaitIntervention(caller.scope, interventionId);
    return this.database.run(caller.scope, async (tx) => {
      // Batches of one intervention take turns, so that the same rows sent twice at once are found the second time.
      await lockIntervention(tx, interventionId);
      const setting = (await findSettings(tx, [interventionId])).get(interventionId);
      if (!setting) throw errorOf([interventionUnknown()]);
      let facts: readonly NewFact[] = [];
      const outcomes = await once(tx, { commandId, name: 'PlanActivities', payload: command }, async () => {
        const present = await findPresent(tx, interventionId, rows);
        const decided = planActivities(setting, rows, present, { now: this.clock.now(), quiet });
        const written = exceptTaken(decided, rows, await insertActivities(tx, decided.state));
        facts = written.facts.map((fact) => encodeActivityFact(fact, quiet));
        return written.outcomes;
      });
      await appendToOutbox(tx, facts);
      return outcomes;
    });
  }

  async reschedule({ commandId, ...command }: OnActivity<Reschedule>, asked: Asked): Promise<ActivityRow> {
    requireRole(asked.caller, ...MAY_PLAN);
    return this.step({ commandId, name: 'RescheduleActivity', payload: command, activityId: command.activityId }, asked, async (_, current, setting) => rescheduleActivity(current, command, setting));
  }

  async cancel({ commandId, ...command }: OnActivity<{ readonly reason: string }>, asked: Asked): Promise<ActivityRow> {
    requireRole(asked.caller, ...MAY_PLAN);
    return this.step({ commandId, name: 'CancelActivity', payload: command, activityId: command.activityId }, asked, async (_, current, setting) => cancelActivity(current, command.reason, setting));
  }

  async recordHeld({ commandId, record }: Command<{ readonly record: HeldRecord | undefined }>, asked: Asked): Promise<ActivityRow> {
    requireRole(asked.caller, ...MAY_RECORD);
    if (!record) throw errorOf([{ code: 'RECORD_MISSING', message: 'Give the record of the activity as it was held.', path: ['record'] }]);
    const ids = peopleIn([record]);
    return this.knowledge.withParticipants(asked.caller.scope, ids, () =>
      this.step({ commandId, name: 'RecordActivityHeld', payload: record, activityId: record.activityId, path: 'record' }, asked, async (tx, current, setting) =>
        recordHeld(current, record, { setting, people: await findParticipants(tx, ids) }, this.clock.now()),
      ),
    );
  }

  /** Eight statements for up to 200 records, however many people are in them. */
  async recordManyHeld({ commandId, records }: Command<{ readonly records: readonly HeldRecord[] }>, { caller, quiet }: Asked): Promise<readonly RowOutcome[]> {
    requireRole(caller, ...MAY_RECORD);
    checkBatchSize('records', records, RECORDS_AT_MOST);
    const ids = peopleIn(records);
    await this.knowledge.awaitParticipants(caller.scope, ids);
    return this.database.run(caller.scope, async (tx) => {
      let facts: readonly NewFact[] = [];
      const outcomes = await once(tx, { commandId, name: 'RecordActivitiesHeld', payload: records }, async () => {
        const activities = await lockActivities(tx, records.map(({ activityId }) => activityId));
        const settings = await findSettings(tx, activities.map(({ interventionId }) => interventionId));
        const decided = recordActivitiesHeld(records, { activities, settings, people: await findParticipants(tx, ids) }, this.clock.now());
        await updateActivities(tx, decided.state);
        facts = decided.facts.map((fact) => encodeActivityFact(fact, quiet));
        return decided.outcomes;
      });
      await appendToOutbox(tx, facts);
      return outcomes;
    });
  }

  async recordDidNotHappen({ commandId, ...command }: OnActivity<{ readonly reason: string }>, asked: Asked): Promise<ActivityRow> {
    requireRole(asked.caller, ...MAY_RECORD);
    return this.step({ commandId, name: 'RecordActivityDidNotHappen', payload: command, activityId: command.activityId }, asked, async (_, current, setting) =>
      recordDidNotHappen(current, command.reason, setting, this.clock.now()),
    );
  }

  async correct({ commandId, ...command }: OnActivity<Correction>, asked: Asked): Promise<ActivityRow> {
    requireRole(asked.caller, ...MAY_RECORD);
    const { activityId, record } = command;
    if (record && record.activityId !== '' && record.activityId !== activityId)
      throw errorOf([{ code: 'RECORD_OF_ANOTHER', message: 'This record names another activity than the one to correct; make them the same.', path: ['record', 'activityId'] }]);
    const ids = peopleIn(record ? [record] : []);
    return this.knowledge.withParticipants(asked.caller.scope, ids, () =>
      this.step({ commandId, name: 'CorrectActivity', payload: command, activityId }, asked, async (tx, current, setting) =>
        correctActivity(current, command, { setting, people: await findParticipants(tx, ids) }, this.clock.now()),
      ),
    );
  }

  async list(request: PageRequest | undefined, filter: ActivityFilter & { readonly withRoster: boolean }, caller: Caller): Promise<{ activities: readonly ActivityRow[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_READ);
    checkFilter(filter);
    const page = readPage(request, 2);
    const [startsAt = '', id = ''] = page.after ?? [];
    if (page.after) throwIfRefused(refusalsAmong(refuseMoment(['page', 'after'], new Date(startsAt)), refuseUuid(['page', 'after'], id)));
    const { rows, total } = await this.database.read(caller.scope, (tx) => listActivities(tx, filter, page, filter.withRoster && seesRosters(caller)));
    const { rows: activities, pageInfo } = pageOf(rows, page, total, (row) => [row.startsAt.toISOString(), row.id]);
    return { activities: seesRosters(caller) ? activities : activities.map(withoutSmallCounts), pageInfo };
  }

  /** Those unknown or out of scope are left out. */
  async getAmong(ids: readonly string[], caller: Caller): Promise<readonly ActivityRow[]> {
    requireRole(caller, ...MAY_READ);
    checkBatchSize('ids', ids, LIMITS.batchIds);
    const rows = await this.database.read(caller.scope, (tx) => getActivitiesAmong(tx, ids.filter(isUuid), seesRosters(caller)));
    return seesRosters(caller) ? rows : rows.map(withoutSmallCounts);
  }

  /** One command on one activity: locked, decided, written and told in one transaction; again gets the stored answer. */
  private async step({ commandId, name, payload, activityId, path }: Step, { caller, quiet }: Asked, decide: (tx: Transaction, current: Activity, setting: Setting) => Promise<Decision>): Promise<ActivityRow> {
    const at = path ? [path, 'activityId'] : ['activityId'];
    throwIfRefused(refusalsAmong(refuseUuid(at, activityId)));
    return this.database.run(caller.scope, async (tx) => {
      // Before the stored answer is looked up, so that nobody gets an answer out of another mission.
      const [current] = await lockActivities(tx, [activityId]);
      const setting = current && (await findSettings(tx, [current.interventionId])).get(current.interventionId);
      if (!current || !setting) throw errorOf([activityUnknown(...at)]);
      let facts: readonly NewFact[] = [];
      const stored = await once(tx, { commandId, name, payload }, async () => {
        const decision = await decide(tx, current, setting);
        if (isRefused(decision)) throw errorOf(path ? below(path, decision.refusals) : decision.refusals);
        if (decision.facts.length > 0) await updateActivities(tx, [decision.state]);
        facts = decision.facts.map((fact) => encodeActivityFact(fact, quiet));
        return rowOf(decision.state);
      });
      await appendToOutbox(tx, facts);
      return revived(stored);
    });
  }
}

type Refusals = Parameters<typeof errorOf>[0];

const below = (prefix: string, [first, ...others]: Refusals): Refusals => {
  const moved = (refusal: Refusals[0]): Refusals[0] => ({ ...refusal, path: [prefix, ...refusal.path] });
  return [moved(first), ...others.map(moved)];
};

const checkFilter = ({ interventionIds, statuses, from, until }: ActivityFilter): void => {
  for (const [path, values] of Object.entries({ interventionIds, statuses })) if (values.length > 0) checkBatchSize(path, values, LIMITS.batchIds);
  throwIfRefused([
    ...interventionIds.flatMap((id, index) => refusalsAmong(refuseUuid(['interventionIds', String(index)], id))),
    ...statuses.flatMap((status, index) => refusalsAmong(refuseOneOf(['statuses', String(index)], status, STATUSES))),
    ...refusalsAmong(from && refuseMoment(['from'], from), until && refuseMoment(['until'], until)),
  ]);
};
