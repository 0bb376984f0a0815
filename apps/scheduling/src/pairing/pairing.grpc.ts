import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { scheduling } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_RECORD, MAY_SEE_PEOPLE } from '../roles.js';
import type { Pairing } from './domain/pairing.js';
import { PairingService } from './pairing.service.js';

const rpc = scheduling.SchedulingServiceService;

const shown = (pairing: Pairing): scheduling.Pairing => ({
  ...pairing,
  checkIns: pairing.checkIns.map((one) => ({ ...one })),
  endedOn: pairing.status === 'ended' ? pairing.endedOn : '',
  reason: pairing.status === 'ended' ? pairing.reason : '',
});
const answer = async (pairing: Promise<Pairing>): Promise<{ pairing: scheduling.Pairing }> => ({ pairing: shown(await pairing) });

@Controller()
export class PairingGrpc {
  constructor(private readonly pairings: PairingService) {}

  @Rpc(rpc.startPairing)
  @Roles(...MAY_RECORD)
  startPairing(@Payload() request: scheduling.StartPairingRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.StartPairingResponse> {
    return answer(this.pairings.start(request, { caller, quiet }));
  }

  @Rpc(rpc.checkInPairing)
  @Roles(...MAY_RECORD)
  checkInPairing(@Payload() request: scheduling.CheckInPairingRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.CheckInPairingResponse> {
    return answer(this.pairings.checkIn(request, { caller, quiet }));
  }

  @Rpc(rpc.endPairing)
  @Roles(...MAY_RECORD)
  endPairing(@Payload() request: scheduling.EndPairingRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<scheduling.EndPairingResponse> {
    return answer(this.pairings.end(request, { caller, quiet }));
  }

  @Rpc(rpc.listPairings)
  @Roles(...MAY_SEE_PEOPLE)
  async listPairings(@Payload() { page, ...filter }: scheduling.ListPairingsRequest, @CurrentCaller() caller: Caller): Promise<scheduling.ListPairingsResponse> {
    const { pairings, pageInfo } = await this.pairings.list(page, filter, caller);
    return { pairings: pairings.map(shown), pageInfo };
  }

  @Rpc(rpc.proposePairings)
  @Roles(...MAY_RECORD)
  async proposePairings(@Payload() request: scheduling.ProposePairingsRequest, @CurrentCaller() caller: Caller): Promise<scheduling.ProposePairingsResponse> {
    const { pairs, unpaired } = await this.pairings.propose(request, caller);
    return {
      pairings: pairs.map(({ supporter: supporterId, supported: supportedId, score }) => ({ supporterId, supportedId, score })),
      unpaired: unpaired.map(({ id: participantId, because }) => ({ participantId, because: [...because] })),
    };
  }
}
