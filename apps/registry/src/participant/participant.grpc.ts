import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { registry } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_RUN_PROGRAMMES, MAY_SEE_PARTICIPANTS } from '../roles.js';
import type { Participant } from './domain/participant.js';
import { ParticipantService } from './participant.service.js';

const rpc = registry.RegistryServiceService;
const shown = (participant: Participant): registry.Participant => ({ ...participant, languages: [...participant.languages], withdrawnAt: participant.withdrawnAt ?? undefined });

@Controller()
export class ParticipantGrpc {
  constructor(private readonly participants: ParticipantService) {}

  @Rpc(rpc.enrolParticipants)
  @Roles(...MAY_RUN_PROGRAMMES)
  async enrolParticipants(@Payload() request: registry.EnrolParticipantsRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.EnrolParticipantsResponse> {
    return { outcomes: [...(await this.participants.enrol(request, caller, quiet))] };
  }

  @Rpc(rpc.withdrawParticipant)
  @Roles(...MAY_RUN_PROGRAMMES)
  async withdrawParticipant(@Payload() request: registry.WithdrawParticipantRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.WithdrawParticipantResponse> {
    return { participant: shown(await this.participants.withdraw(request, caller, quiet)) };
  }

  @Rpc(rpc.listParticipants)
  @Roles(...MAY_SEE_PARTICIPANTS)
  async listParticipants(@Payload() { page, ...filter }: registry.ListParticipantsRequest, @CurrentCaller() caller: Caller): Promise<registry.ListParticipantsResponse> {
    const { participants, pageInfo } = await this.participants.list(page, filter, caller);
    return { participants: participants.map(shown), pageInfo };
  }
}
