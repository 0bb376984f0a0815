import { setImmediate as breathe } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isUuid, LIMITS, refusalsAmong, refuseUuid, requireRole, throwIfRefused } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once, type Transaction } from '@common-ground/persistence';
import { lockActivities } from '../activity/activity.repository.js';
import type { Activity, Setting } from '../activity/domain/activity.js';
import { monthOf } from '../activity/domain/calendar.js';
import { CLOCK, type Clock } from '../clock.js';
import { findEnrolled, findSettings, lockIntervention } from '../knowledge/knowledge.repository.js';
import { KnowledgeService } from '../knowledge/knowledge.service.js';
import { MAY_READ, MAY_RECORD, seesRosters } from '../roles.js';
import { assignFacilitators, type FacilitatorOffer } from './domain/facilitators.js';
import { NO_RULES } from './domain/expected.js';
import { formPlan, isRefused, type Known, type Refused } from './domain/forming.js';
import { errorOf, groupRefusals } from './domain/group-plan.errors.js';
import { type GroupingRules, type GroupPlan, SEED_AT_MOST } from './domain/group-plan.js';
import { moveParticipant, regroup } from './domain/regrouping.js';
import { assignRoles, type RoleWish } from './domain/roles.js';
import { type ExpectedAbsence, formSeries, type Series } from './domain/series.js';
import { encodeGroupsFormed } from './group-plan.facts.js';
import { findHappened, getGroupPlansAmong, saveGroupPlans } from './group-plan.repository.js';

type Command<T> = T & { readonly commandId: string };
type OnActivity<T> = Command<T> & { readonly activityId: string };
type Asked = { readonly caller: Caller; readonly quiet: boolean };
type Step = { readonly commandId: string; readonly name: string; readonly payload: object; readonly activityId: string; readonly people?: readonly string[] };
type Surroundings = { readonly activity: Activity; readonly current: GroupPlan | undefined; readonly known: Known };
/** A plan, or what else is answered beside it. */
type Drawn = GroupPlan | (object & { readonly plan: GroupPlan });

export const ACTIVITIES_AT_MOST = 60;

/** The same command draws the same groups, even where its stored answer is gone. */
const seedOf = (commandId: string): number => parseInt(commandId.replaceAll('-', '').slice(0, 8), 16) & SEED_AT_MOST || 1;
const revived = (plan: GroupPlan): GroupPlan => ({ ...plan, formedAt: new Date(plan.formedAt) });
const planIn = (drawn: Drawn): GroupPlan => ('plan' in drawn ? drawn.plan : drawn);
const isToCome = ({ status }: Activity): boolean => status === 'planned' || status === 'rescheduled';

@Injectable()
export class GroupPlanService {
  constructor(
    private readonly database: Database,
    private readonly knowledge: KnowledgeService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async form({ commandId, ...command }: OnActivity<{ readonly seed?: number | undefined; readonly rules: GroupingRules | undefined; readonly absentIds: readonly string[] }>, asked: Asked): Promise<GroupPlan> {
    const { seed = seedOf(commandId), rules = NO_RULES, absentIds } = command;
    return this.step({ commandId, name: 'FormGroups', payload: command, activityId: command.activityId, people: [...absentIds, ...peopleIn(rules)] }, asked, ({ activity, current, known }) =>
      formPlan(activity, current, { seed, rules, absentIds }, known),
    );
  }

  async move({ commandId, ...command }: OnActivity<{ readonly participantId: string; readonly toGroup: string }>, asked: Asked): Promise<GroupPlan> {
    return this.step({ commandId, name: 'MoveParticipant', payload: command, activityId: command.activityId }, asked, async ({ current, known }) => (current ? moveParticipant(current, command, known) : NOT_FORMED));
  }

  async regroup({ commandId, ...command }: OnActivity<{ readonly missingIds: readonly string[]; readonly unannouncedIds: readonly string[] }>, asked: Asked): Promise<{ readonly plan: GroupPlan; readonly movedIds: readonly string[] }> {
    return this.step({ commandId, name: 'RegroupActivity', payload: command, activityId: command.activityId, people: command.unannouncedIds }, asked, async ({ current, known }) => (current ? regroup(current, command, known) : NOT_FORMED));
  }

  async assignRoles({ commandId, ...command }: OnActivity<{ readonly roles: readonly string[]; readonly wishes: readonly RoleWish[] }>, asked: Asked): Promise<GroupPlan> {
    return this.step({ commandId, name: 'AssignRoles', payload: command, activityId: command.activityId }, asked, async ({ current, known }) => (current ? assignRoles(current, command, known) : NOT_FORMED));
  }

  async assignFacilitators({ commandId, ...command }: OnActivity<{ readonly facilitators: readonly FacilitatorOffer[] }>, asked: Asked): Promise<GroupPlan> {
    return this.step({ commandId, name: 'AssignFacilitators', payload: command, activityId: command.activityId }, asked, async ({ current, known }) => (current ? assignFacilitators(current, command.facilitators, known) : NOT_FORMED));
  }

  /** Groups for many activities of one intervention, drawn up together. */
  async formSeries(
    { commandId, ...command }: Command<{ readonly interventionId: string; readonly activityIds: readonly string[]; readonly seed?: number | undefined; readonly rules: GroupingRules | undefined; readonly absences: readonly ExpectedAbsence[] }>,
    { caller, quiet }: Asked,
  ): Promise<Series> {
    requireRole(caller, ...MAY_RECORD);
    const { interventionId, activityIds, seed = seedOf(commandId), rules = NO_RULES, absences } = command;
    throwIfRefused(refusalsAmong(refuseUuid(['interventionId'], interventionId), ...activityIds.map((id, index) => refuseUuid(['activityIds', String(index)], id))));
    checkBatchSize('activityIds', activityIds, ACTIVITIES_AT_MOST);
    await this.knowledge.awaitIntervention(caller.scope, interventionId);
    return this.database.run(caller.scope, async (tx) => {
      // Series of one intervention take turns.
      await lockIntervention(tx, interventionId);
      const activities = await lockActivities(tx, activityIds);
      const setting = (await findSettings(tx, [interventionId])).get(interventionId);
      if (!setting) throw errorOf([groupRefusals.interventionUnknown()]);
      let facts: readonly NewFact[] = [];
      const stored = await once(tx, { commandId, name: 'FormSeriesGroups', payload: command }, async () => {
        const wrong = refuseActivities(activityIds, activities, interventionId);
        if (wrong.length > 0) throw errorOf(wrong as [(typeof wrong)[0], ...typeof wrong]);
        const ordered = [...activities].sort((left, right) => left.startsAt.getTime() - right.startsAt.getTime() || (left.id < right.id ? -1 : 1));
        const known = await this.known(tx, interventionId, (ordered[0] as Activity).startsAt);
        const current = new Map((await getGroupPlansAmong(tx, activityIds)).map((plan) => [plan.activityId, plan]));
        const series = await formSeries(ordered, current, { seed, rules, absences }, known);
        if (isRefused(series)) throw errorOf(series.refusals);
        const changed = series.plans.filter(({ activityId, version }) => current.get(activityId)?.version !== version);
        await saveGroupPlans(tx, changed);
        facts = changed.map((plan) => factOf(plan, ordered.find(({ id }) => id === plan.activityId) as Activity, setting, quiet));
        return series;
      });
      await appendToOutbox(tx, facts);
      return { ...stored, plans: stored.plans.map(revived) };
    });
  }

  /** Those without groups, unknown or out of scope are left out. Whoever sees no rosters sees no groups either. */
  async getAmong(activityIds: readonly string[], caller: Caller): Promise<readonly GroupPlan[]> {
    requireRole(caller, ...MAY_READ);
    checkBatchSize('activityIds', activityIds, LIMITS.batchIds);
    if (!seesRosters(caller)) return [];
    return this.database.read(caller.scope, (tx) => getGroupPlansAmong(tx, activityIds.filter(isUuid)));
  }

  /** One command on one activity's groups: locked, drawn up, written and told in one transaction; again gets the stored answer. */
  private async step<D extends Drawn>({ commandId, name, payload, activityId, people = [] }: Step, { caller, quiet }: Asked, draw: (surroundings: Surroundings) => Promise<D | Refused>): Promise<D> {
    requireRole(caller, ...MAY_RECORD);
    throwIfRefused(refusalsAmong(refuseUuid(['activityId'], activityId)));
    await this.knowledge.awaitParticipants(caller.scope, people);
    return this.database.run(caller.scope, async (tx) => {
      // Before the stored answer is looked up, so that nobody gets an answer out of another mission.
      const [activity] = await lockActivities(tx, [activityId]);
      const setting = activity && (await findSettings(tx, [activity.interventionId])).get(activity.interventionId);
      if (!activity || !setting) throw errorOf([groupRefusals.activityUnknown('activityId')]);
      let facts: readonly NewFact[] = [];
      const stored = await once(tx, { commandId, name, payload }, async () => {
        if (!isToCome(activity)) throw errorOf([groupRefusals.notToCome(activity.status, 'activityId')]);
        const [current] = await getGroupPlansAmong(tx, [activityId]);
        const drawn = await draw({ activity, current, known: await this.known(tx, activity.interventionId, activity.startsAt) });
        if (isRefused(drawn)) throw errorOf(drawn.refusals);
        const plan = planIn(drawn);
        if (plan.version === current?.version) return drawn;
        await saveGroupPlans(tx, [plan]);
        facts = [factOf(plan, activity, setting, quiet)];
        return drawn;
      });
      await appendToOutbox(tx, facts);
      return 'plan' in stored ? { ...stored, plan: revived(stored.plan) } : (revived(stored as unknown as GroupPlan) as unknown as D);
    });
  }

  private async known(tx: Transaction, interventionId: string, before: Date): Promise<Known> {
    const people = new Map((await findEnrolled(tx, interventionId)).map((person) => [person.id, person]));
    return { people, happened: await findHappened(tx, interventionId, before), now: this.clock.now(), breathe: breathing(tx) };
  }
}

/** A search runs within its transaction, which must not look idle to the server meanwhile. */
const SIGN_OF_LIFE_MS = 1_000;

const breathing = (tx: Transaction): (() => Promise<void>) => {
  let last = Date.now();
  return async () => {
    await breathe();
    if (Date.now() - last < SIGN_OF_LIFE_MS) return;
    await tx.query('SELECT 1');
    last = Date.now();
  };
};

const NOT_FORMED: Refused = { refusals: [groupRefusals.notFormed()] };

const peopleIn = ({ keepApart, keepTogether, superiors }: GroupingRules): string[] => [...keepApart, ...keepTogether, ...superiors].flatMap(({ participantIds }) => participantIds);

const factOf = (plan: GroupPlan, { code, startsAt }: Activity, { timeZone }: Setting, quiet: boolean): NewFact => encodeGroupsFormed({ plan, code, month: monthOf(startsAt, timeZone) }, quiet);

const refuseActivities = (ids: readonly string[], found: readonly Activity[], interventionId: string) =>
  ids.flatMap((id, index) => {
    const path = ['activityIds', String(index)];
    const activity = found.find((one) => one.id === id);
    if (!activity) return [groupRefusals.activityUnknown(...path)];
    if (ids.indexOf(id) < index) return [groupRefusals.sameActivity(...path)];
    if (activity.interventionId !== interventionId) return [groupRefusals.otherIntervention(...path)];
    return isToCome(activity) ? [] : [groupRefusals.notToCome(activity.status, ...path)];
  });
