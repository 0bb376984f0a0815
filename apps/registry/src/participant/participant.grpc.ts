import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { registry } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet } from '@common-ground/platform';
import type { Participant } from './domain/participant.js';
import { ParticipantService } from './participant.service.js';

const SERVICE = 'RegistryService';
const shown = (participant: Participant): registry.Participant => ({ ...participant, languages: [...participant.languages], withdrawnAt: participant.withdrawnAt ?? undefined });

@Controller()
export class ParticipantGrpc {
  constructor(private readonly participants: ParticipantService) {}

  @GrpcMethod(SERVICE, 'EnrolParticipants')
  async enrolParticipants(request: registry.EnrolParticipantsRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.EnrolParticipantsResponse> {
    return { outcomes: [...(await this.participants.enrol(request, caller, quiet))] };
  }

  @GrpcMethod(SERVICE, 'WithdrawParticipant')
  async withdrawParticipant(request: registry.WithdrawParticipantRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<registry.WithdrawParticipantResponse> {
    return { participant: shown(await this.participants.withdraw(request, caller, quiet)) };
  }

  @GrpcMethod(SERVICE, 'ListParticipants')
  async listParticipants({ page, ...filter }: registry.ListParticipantsRequest, @CurrentCaller() caller: Caller): Promise<registry.ListParticipantsResponse> {
    const { participants, pageInfo } = await this.participants.list(page, filter, caller);
    return { participants: participants.map(shown), pageInfo };
  }
}
