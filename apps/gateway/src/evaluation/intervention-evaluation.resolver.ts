import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { PageArgs, pageRequest, toConnection } from '../graphql/page.js';
import { Intervention } from '../registry/intervention.types.js';
import { Estimate, estimateOf } from './estimate.types.js';
import { roundOf, SurveyRoundConnection } from './round.types.js';

@Resolver(() => Intervention)
export class InterventionEvaluationResolver {
  @ResolveField(() => SurveyRoundConnection, { description: 'Its survey rounds.' })
  async surveyRounds(@Parent() { id }: Intervention, @Args() page: PageArgs, @Context() { services, call, caller, loaders }: GatewayContext) {
    const request = { page: pageRequest(page), interventionIds: [id], codes: [] };
    const { rows, info } = await loaders.pages.get(`rounds ${JSON.stringify(request)}`, async () => {
      const { rounds, pageInfo } = await services.evaluation.listSurveyRounds(request, call);
      return { rows: rounds, info: pageInfo };
    });
    return toConnection(rows.map((row) => roundOf(row, caller)), info);
  }

  @ResolveField(() => [Estimate], { description: 'What changed, item by item.' })
  async estimates(@Parent() { id }: Intervention, @Context() { loaders }: GatewayContext) {
    return (await loaders.estimates.load(id)).map(estimateOf);
  }
}
