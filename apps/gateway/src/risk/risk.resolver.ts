import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { risk } from '@common-ground/contracts';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { outcomeOf } from '../graphql/user-error.js';
import { Intervention, interventionOf } from '../registry/intervention.types.js';
import {
  AcknowledgeRiskFlagInput,
  AcknowledgeRiskFlagPayload,
  DismissRiskFlagInput,
  DismissRiskFlagPayload,
  flagOf,
  ResolveRiskFlagInput,
  ResolveRiskFlagPayload,
  RiskFlag,
  RiskFlagConnection,
  RiskFlagFilter,
} from './flag.types.js';
import { ConfigureRiskRuleInput, ConfigureRiskRulePayload, RiskRule, ruleOf } from './rule.types.js';

const answer = (work: () => Promise<{ flag: risk.Flag | undefined }>) =>
  outcomeOf(async () => {
    const { flag } = await work();
    return { riskFlag: flag && flagOf(flag) };
  });

@Resolver(() => RiskFlag)
export class RiskResolver {
  @Query(() => [RiskRule], { description: 'The rules as they stand in a mission; the organisation’s defaults when no mission is named.' })
  async riskRules(@Args('mission', { nullable: true, type: () => String }) mission: string | null, @Context() { services, call }: GatewayContext) {
    const { rules } = await services.risk.listRules({ mission: mission ?? '' }, call);
    return rules.map(ruleOf);
  }

  @Query(() => RiskFlagConnection, { description: 'Risk flags in the caller’s scope.' })
  async riskFlags(@Args() page: PageArgs, @Args('filter', { nullable: true, type: () => RiskFlagFilter }) filter: RiskFlagFilter | null, @Context() { services, call }: GatewayContext) {
    const request = { page: pageRequest(page), missions: filter?.missions ?? [], interventionIds: filter?.interventions ?? [], statuses: filter?.statuses ?? [], rules: filter?.rules ?? [] };
    const { flags, pageInfo } = await services.risk.listFlags(request, call);
    return toConnection(flags.map(flagOf), pageInfo);
  }

  @Query(() => RiskFlag, { nullable: true, description: 'One risk flag; null when it is unknown or out of the caller’s scope.' })
  async riskFlag(@Args('id', { type: () => ID }) id: string, @Context() { loaders }: GatewayContext) {
    const found = await loaders.flags.load(id);
    return found ? flagOf(found) : null;
  }

  @ResolveField(() => Intervention, { nullable: true, description: 'The intervention it is about.' })
  async intervention(@Parent() { interventionId }: RiskFlag, @Context() { loaders }: GatewayContext) {
    const found = interventionId ? await loaders.interventions.load(interventionId) : undefined;
    return found ? interventionOf(found) : null;
  }

  @Mutation(() => ConfigureRiskRulePayload, { description: 'Sets a mission’s own thresholds for a rule, or switches it off there.' })
  configureRiskRule(@Args('input') input: ConfigureRiskRuleInput, @Context() { services, call }: GatewayContext) {
    const thresholds = Object.fromEntries((input.thresholds ?? []).map(({ name, value }) => [name, value]));
    return outcomeOf(async () => {
      const { rule } = await services.risk.configureRule({ ...input, thresholds }, call);
      return { riskRule: rule && ruleOf(rule) };
    });
  }

  @Mutation(() => AcknowledgeRiskFlagPayload, { description: 'Says that somebody has seen a flag.' })
  acknowledgeRiskFlag(@Args('input') input: AcknowledgeRiskFlagInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.risk.acknowledgeFlag({ ...input }, call));
  }

  @Mutation(() => ResolveRiskFlagPayload, { description: 'Says that a flag has been dealt with, and how.' })
  resolveRiskFlag(@Args('input') input: ResolveRiskFlagInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.risk.resolveFlag({ ...input }, call));
  }

  @Mutation(() => DismissRiskFlagPayload, { description: 'Says that a flag is no risk, and why.' })
  dismissRiskFlag(@Args('input') input: DismissRiskFlagInput, @Context() { services, call }: GatewayContext) {
    return answer(() => services.risk.dismissFlag({ ...input }, call));
  }
}
