import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { scheduling } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_READ, MAY_RECORD } from '../roles.js';
import { type GroupPlan, loneMemberGroups, oneSidedGroups } from './domain/group-plan.js';
import { GroupPlanService } from './group-plan.service.js';

const rpc = scheduling.SchedulingServiceService;

const shown = ({ groups, drawn, ...plan }: GroupPlan): scheduling.GroupPlan => ({
  ...plan,
  groups: groups.map((group) => ({ ...group, participantIds: [...group.participantIds], bySide: group.bySide.map((count) => ({ ...count })), roles: group.roles.map((role) => ({ ...role })) })),
  seed: drawn.seed,
  steps: drawn.steps,
  by: drawn.by,
  measures: drawn.measures.map((measure) => ({ ...measure })),
  bent: drawn.bent.map((rule) => ({ ...rule, participantIds: [...rule.participantIds] })),
  oneSidedGroups: oneSidedGroups(groups),
  loneMemberGroups: loneMemberGroups(groups),
});
const answer = async (plan: Promise<GroupPlan>): Promise<{ plan: scheduling.GroupPlan }> => ({ plan: shown(await plan) });

@Controller()
export class GroupPlanGrpc {
  constructor(private readonly plans: GroupPlanService) {}

  @Rpc(rpc.formGroups)
  @Roles(...MAY_RECORD)
  formGroups(@Payload() request: scheduling.FormGroupsRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.FormGroupsResponse> {
    return answer(this.plans.form(request, { caller, quiet }));
  }

  @Rpc(rpc.formSeriesGroups)
  @Roles(...MAY_RECORD)
  async formSeriesGroups(@Payload() request: scheduling.FormSeriesGroupsRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.FormSeriesGroupsResponse> {
    const { plans, ...coverage } = await this.plans.formSeries(request, { caller, quiet });
    return { ...coverage, plans: plans.map(shown) };
  }

  @Rpc(rpc.moveParticipant)
  @Roles(...MAY_RECORD)
  moveParticipant(@Payload() request: scheduling.MoveParticipantRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.MoveParticipantResponse> {
    return answer(this.plans.move(request, { caller, quiet }));
  }

  @Rpc(rpc.regroupActivity)
  @Roles(...MAY_RECORD)
  async regroupActivity(@Payload() request: scheduling.RegroupActivityRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.RegroupActivityResponse> {
    const { plan, movedIds } = await this.plans.regroup(request, { caller, quiet });
    return { plan: shown(plan), movedIds: [...movedIds] };
  }

  @Rpc(rpc.assignRoles)
  @Roles(...MAY_RECORD)
  assignRoles(@Payload() request: scheduling.AssignRolesRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.AssignRolesResponse> {
    return answer(this.plans.assignRoles(request, { caller, quiet }));
  }

  @Rpc(rpc.assignFacilitators)
  @Roles(...MAY_RECORD)
  assignFacilitators(@Payload() request: scheduling.AssignFacilitatorsRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.AssignFacilitatorsResponse> {
    return answer(this.plans.assignFacilitators(request, { caller, quiet }));
  }

  @Rpc(rpc.batchGetGroupPlans)
  @Roles(...MAY_READ)
  async batchGetGroupPlans(@Payload() { activityIds }: scheduling.BatchGetGroupPlansRequest, @CurrentCaller() caller: Caller): Promise<scheduling.BatchGetGroupPlansResponse> {
    return { plans: (await this.plans.getAmong(activityIds, caller)).map(shown) };
  }
}
