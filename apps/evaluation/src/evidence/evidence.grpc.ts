import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { evaluation } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Roles, Rpc } from '@common-ground/platform';
import { MAY_READ_ESTIMATES, MAY_RECORD_STUDIES } from '../roles.js';
import type { RecordedStudy } from './domain/external-study.js';
import { EvidenceService } from './evidence.service.js';
import { shownSynthesis } from './evidence.shown.js';

const rpc = evaluation.EvaluationServiceService;
const shownStudy = (study: RecordedStudy): evaluation.ExternalStudy => ({ ...study, moderators: [...study.moderators], categories: [...study.categories] });

@Controller()
export class EvidenceGrpc {
  constructor(private readonly evidence: EvidenceService) {}

  @Rpc(rpc.recordExternalStudies)
  @Roles(...MAY_RECORD_STUDIES)
  async recordExternalStudies(@Payload() { commandId, studies }: evaluation.RecordExternalStudiesRequest, @CurrentCaller() caller: Caller): Promise<evaluation.RecordExternalStudiesResponse> {
    return { studies: (await this.evidence.record(commandId, studies, caller)).map(shownStudy) };
  }

  @Rpc(rpc.synthesiseEvidence)
  @Roles(...MAY_READ_ESTIMATES)
  async synthesiseEvidence(@Payload() request: evaluation.SynthesiseEvidenceRequest, @CurrentCaller() caller: Caller): Promise<evaluation.SynthesiseEvidenceResponse> {
    return shownSynthesis(await this.evidence.synthesise(request, caller));
  }
}
