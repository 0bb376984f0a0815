import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import type { GatewayContext } from '../graphql/context.js';
import { outcomeOf } from '../graphql/user-error.js';
import { Activity } from './activity.types.js';
import { AssignFacilitatorsInput, AssignRolesInput, FormGroupsInput, FormSeriesGroupsInput, MoveParticipantInput, RegroupActivityInput, rulesOf } from './group-plan.inputs.js';
import {
  AssignFacilitatorsPayload,
  AssignRolesPayload,
  FormGroupsPayload,
  FormSeriesGroupsPayload,
  GroupPlan,
  groupPlanOf,
  MoveParticipantPayload,
  RegroupActivityPayload,
} from './group-plan.types.js';

const answer = (work: () => Promise<{ plan: scheduling.GroupPlan | undefined }>) =>
  outcomeOf(async () => {
    const { plan } = await work();
    return { plan: plan && groupPlanOf(plan) };
  });

@Resolver(() => Activity)
export class GroupPlanResolver {
  @ResolveField(() => GroupPlan, { nullable: true, description: 'Groups as planned, with what explains them; null while none are. For those who run the programme.' })
  async groupPlan(@Parent() { id }: Activity, @Context() { loaders }: GatewayContext) {
    const found = await loaders.groupPlans.load(id);
    return found ? groupPlanOf(found) : null;
  }

  @Mutation(() => FormGroupsPayload, { description: 'Forms mixed groups for an activity from those who are enrolled and expected.' })
  formGroups(@Args('input') { commandId, activityId, seed, rules, absentIds }: FormGroupsInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.formGroups({ commandId, activityId, seed: seed ?? undefined, rules: rulesOf(rules), absentIds: absentIds ?? [] }, call));
  }

  @Mutation(() => FormSeriesGroupsPayload, { description: 'Forms groups for a whole series, so that people meet as many new people across sides as possible.' })
  formSeriesGroups(@Args('input') { seed, rules, absences, ...input }: FormSeriesGroupsInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const away = (absences ?? []).map(({ activityId, participantIds }) => ({ activityId, participantIds: [...participantIds] }));
      const { plans, ...found } = await services.scheduling.formSeriesGroups({ ...input, seed: seed ?? undefined, rules: rulesOf(rules), absences: away }, call);
      return { ...found, plans: plans.map(groupPlanOf) };
    });
  }

  @Mutation(() => MoveParticipantPayload, { description: 'Moves one person into another group.' })
  moveParticipant(@Args('input') input: MoveParticipantInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.moveParticipant({ ...input }, call));
  }

  @Mutation(() => RegroupActivityPayload, { description: 'Draws groups up anew on the spot, with the fewest moves.' })
  regroupActivity(@Args('input') { missingIds, unannouncedIds, ...input }: RegroupActivityInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { plan, movedIds } = await services.scheduling.regroupActivity({ ...input, missingIds: missingIds ?? [], unannouncedIds: unannouncedIds ?? [] }, call);
      return { plan: plan && groupPlanOf(plan), movedIds };
    });
  }

  @Mutation(() => AssignRolesPayload, { description: 'Assigns roles in every group, so that each leads once before anybody leads twice.' })
  assignRoles(@Args('input') { roles, wishes, ...input }: AssignRolesInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.scheduling.assignRoles({ ...input, roles: roles ?? [], wishes: (wishes ?? []).map((wish) => ({ ...wish })) }, call));
  }

  @Mutation(() => AssignFacilitatorsPayload, { description: 'Assigns facilitators to groups by language and background.' })
  assignFacilitators(@Args('input') { facilitators, ...input }: AssignFacilitatorsInput, @Context() { services, call }: GatewayContext) {
    const offers = facilitators.map(({ code, languages, background }) => ({ code, languages: [...languages], background: background ?? '' }));
    return answer(() => services.scheduling.assignFacilitators({ ...input, facilitators: offers }, call));
  }
}
