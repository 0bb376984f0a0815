import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { operations as contract } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Roles, Rpc } from '@common-ground/platform';
import { MAY_OPERATE, Operations } from './operations.js';

const rpc = contract.OperationsServiceService;

/** The same door in every service. */
@Controller()
export class OperationsGrpc {
  constructor(private readonly operations: Operations) {}

  @Rpc(rpc.getLag)
  @Roles(...MAY_OPERATE)
  getLag(@CurrentCaller() caller: Caller): Promise<contract.GetLagResponse> {
    return this.operations.getLag(caller);
  }

  @Rpc(rpc.listParkedFacts)
  @Roles(...MAY_OPERATE)
  listParkedFacts(@Payload() request: contract.ListParkedFactsRequest, @CurrentCaller() caller: Caller): Promise<contract.ListParkedFactsResponse> {
    return this.operations.listParkedFacts(request, caller);
  }

  @Rpc(rpc.getParkedFact)
  @Roles(...MAY_OPERATE)
  getParkedFact(@Payload() request: contract.GetParkedFactRequest, @CurrentCaller() caller: Caller): Promise<contract.GetParkedFactResponse> {
    return this.operations.getParkedFact(request, caller);
  }

  @Rpc(rpc.retryParkedFact)
  @Roles(...MAY_OPERATE)
  retryParkedFact(@Payload() request: contract.RetryParkedFactRequest, @CurrentCaller() caller: Caller): Promise<contract.RetryParkedFactResponse> {
    return this.operations.retryParkedFact(request, caller);
  }

  @Rpc(rpc.retryParkedKey)
  @Roles(...MAY_OPERATE)
  retryParkedKey(@Payload() request: contract.RetryParkedKeyRequest, @CurrentCaller() caller: Caller): Promise<contract.RetryParkedKeyResponse> {
    return this.operations.retryParkedKey(request, caller);
  }

  @Rpc(rpc.discardParkedFact)
  @Roles(...MAY_OPERATE)
  discardParkedFact(@Payload() request: contract.DiscardParkedFactRequest, @CurrentCaller() caller: Caller): Promise<contract.DiscardParkedFactResponse> {
    return this.operations.discardParkedFact(request, caller);
  }

  @Rpc(rpc.replayConsumer)
  @Roles(...MAY_OPERATE)
  replayConsumer(@Payload() request: contract.ReplayConsumerRequest, @CurrentCaller() caller: Caller): Promise<contract.ReplayConsumerResponse> {
    return this.operations.replayConsumer(request, caller);
  }

  @Rpc(rpc.getReplay)
  @Roles(...MAY_OPERATE)
  getReplay(@Payload() request: contract.GetReplayRequest, @CurrentCaller() caller: Caller): Promise<contract.GetReplayResponse> {
    return this.operations.getReplay(request, caller);
  }
}
