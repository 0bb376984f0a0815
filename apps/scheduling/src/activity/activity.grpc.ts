import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { scheduling } from '@common-ground/contracts';
import type { Caller, RowOutcome } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_PLAN, MAY_READ, MAY_RECORD } from '../roles.js';
import type { ActivityRow } from './activity.row.js';
import { ActivityService } from './activity.service.js';

const rpc = scheduling.SchedulingServiceService;

const shown = ({ record, recordedAt, ...activity }: ActivityRow): scheduling.Activity => ({
  ...activity,
  recordedAt: recordedAt ?? undefined,
  roster: record?.roster.map((entry) => ({ ...entry })) ?? [],
  presentBySide: record?.presentBySide.map((count) => ({ ...count })) ?? [],
  groups: record?.groups.map(({ name, participantIds }) => ({ name, participantIds: [...participantIds] })) ?? [],
  conditions: record ? { ...record.conditions } : undefined,
});
const answer = async (row: Promise<ActivityRow>): Promise<{ activity: scheduling.Activity }> => ({ activity: shown(await row) });
const rows = async (outcomes: Promise<readonly RowOutcome[]>): Promise<{ outcomes: RowOutcome[] }> => ({ outcomes: [...(await outcomes)] });

@Controller()
export class ActivityGrpc {
  constructor(private readonly activities: ActivityService) {}

  @Rpc(rpc.planActivities)
  @Roles(...MAY_PLAN)
  planActivities(@Payload() request: scheduling.PlanActivitiesRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.PlanActivitiesResponse> {
    return rows(this.activities.plan(request, { caller, quiet }));
  }

  @Rpc(rpc.rescheduleActivity)
  @Roles(...MAY_PLAN)
  rescheduleActivity(@Payload() request: scheduling.RescheduleActivityRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.RescheduleActivityResponse> {
    return answer(this.activities.reschedule(request, { caller, quiet }));
  }

  @Rpc(rpc.cancelActivity)
  @Roles(...MAY_PLAN)
  cancelActivity(@Payload() request: scheduling.CancelActivityRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.CancelActivityResponse> {
    return answer(this.activities.cancel(request, { caller, quiet }));
  }

  @Rpc(rpc.recordActivityHeld)
  @Roles(...MAY_RECORD)
  async recordActivityHeld(@Payload() request: scheduling.RecordActivityHeldRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.RecordActivityHeldResponse> {
    return answer(this.activities.recordHeld(request, { caller, quiet }));
  }

  @Rpc(rpc.recordActivitiesHeld)
  @Roles(...MAY_RECORD)
  recordActivitiesHeld(@Payload() request: scheduling.RecordActivitiesHeldRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.RecordActivitiesHeldResponse> {
    return rows(this.activities.recordManyHeld(request, { caller, quiet }));
  }

  @Rpc(rpc.recordActivityDidNotHappen)
  @Roles(...MAY_RECORD)
  async recordActivityDidNotHappen(@Payload() request: scheduling.RecordActivityDidNotHappenRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.RecordActivityDidNotHappenResponse> {
    return answer(this.activities.recordDidNotHappen(request, { caller, quiet }));
  }

  @Rpc(rpc.correctActivity)
  @Roles(...MAY_RECORD)
  correctActivity(@Payload() request: scheduling.CorrectActivityRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.CorrectActivityResponse> {
    return answer(this.activities.correct(request, { caller, quiet }));
  }

  @Rpc(rpc.listActivities)
  @Roles(...MAY_READ)
  async listActivities(@Payload() { page, ...filter }: scheduling.ListActivitiesRequest, @CurrentCaller() caller: Caller): Promise<scheduling.ListActivitiesResponse> {
    const { activities, pageInfo } = await this.activities.list(page, filter, caller);
    return { activities: activities.map(shown), pageInfo };
  }

  @Rpc(rpc.batchGetActivities)
  @Roles(...MAY_READ)
  async batchGetActivities(@Payload() { ids }: scheduling.BatchGetActivitiesRequest, @CurrentCaller() caller: Caller): Promise<scheduling.BatchGetActivitiesResponse> {
    return { activities: (await this.activities.getAmong(ids, caller)).map(shown) };
  }
}
