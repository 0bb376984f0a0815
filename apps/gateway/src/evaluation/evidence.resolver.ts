import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { GatewayContext } from '../graphql/context.js';
import { outcomeOf } from '../graphql/user-error.js';
import { EvidenceQuestion, EvidenceSynthesis, externalStudyOf, RecordExternalStudiesInput, RecordExternalStudiesPayload, studyFrom, synthesisOf } from './evidence.types.js';

@Resolver(() => EvidenceSynthesis)
export class EvidenceResolver {
  @Query(() => EvidenceSynthesis, { description: 'What estimates in the caller’s scope and studies from outside say together: one pool a claim, never mixed.' })
  async evidenceSynthesis(@Args('question', { type: () => EvidenceQuestion, nullable: true }) question: EvidenceQuestion | null, @Context() { services, call }: GatewayContext) {
    const request = {
      missions: question?.missions ?? [],
      interventionIds: question?.interventions ?? [],
      items: question?.items ?? [],
      waves: question?.waves ?? [],
      withoutOwn: question?.withoutOwn ?? false,
      withoutExternal: question?.withoutExternal ?? false,
      externalCategories: (question?.externalCategories ?? []).map(({ name, value }) => ({ name, value })),
      tau2Method: question?.tau2Method ?? '',
      test: question?.test ?? '',
      moderators: question?.moderators ?? [],
      category: question?.category ?? '',
    };
    return synthesisOf(await services.evaluation.synthesiseEvidence(request, call));
  }

  @Mutation(() => RecordExternalStudiesPayload, { description: 'Records studies from outside, all of them or none. Administrators and HQ analysts.' })
  recordExternalStudies(@Args('input') { commandId, studies }: RecordExternalStudiesInput, @Context() { services, call }: GatewayContext) {
    return outcomeOf(async () => {
      const { studies: recorded } = await services.evaluation.recordExternalStudies({ commandId, studies: studies.map(studyFrom) }, call);
      return { studies: recorded.map(externalStudyOf) };
    });
  }
}
