import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { risk } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_HANDLE_FLAGS, MAY_READ_FLAGS } from '../roles.js';
import { severityOf } from './domain/flag.js';
import { toldEvidence } from './flag.facts.js';
import { FlagService, type ShownFlag } from './flag.service.js';

const rpc = risk.RiskServiceService;
const shown = (flag: ShownFlag): risk.Flag => ({ ...flag, severity: severityOf(flag), evidence: flag.evidence.map(toldEvidence) });

@Controller()
export class FlagGrpc {
  constructor(private readonly flags: FlagService) {}

  @Rpc(rpc.listFlags)
  @Roles(...MAY_READ_FLAGS)
  async listFlags(@Payload() { page, ...filter }: risk.ListFlagsRequest, @CurrentCaller() caller: Caller): Promise<risk.ListFlagsResponse> {
    const { flags, pageInfo } = await this.flags.list(page, filter, caller);
    return { flags: flags.map(shown), pageInfo };
  }

  @Rpc(rpc.batchGetFlags)
  @Roles(...MAY_READ_FLAGS)
  async batchGetFlags(@Payload() { ids }: risk.BatchGetFlagsRequest, @CurrentCaller() caller: Caller): Promise<risk.BatchGetFlagsResponse> {
    return { flags: (await this.flags.getAmong(ids, caller)).map(shown) };
  }

  @Rpc(rpc.acknowledgeFlag)
  @Roles(...MAY_HANDLE_FLAGS)
  async acknowledgeFlag(@Payload() request: risk.AcknowledgeFlagRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<risk.AcknowledgeFlagResponse> {
    return { flag: shown(await this.flags.acknowledge(request, caller, quiet)) };
  }

  @Rpc(rpc.resolveFlag)
  @Roles(...MAY_HANDLE_FLAGS)
  async resolveFlag(@Payload() request: risk.ResolveFlagRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<risk.ResolveFlagResponse> {
    return { flag: shown(await this.flags.resolve(request, caller, quiet)) };
  }

  @Rpc(rpc.dismissFlag)
  @Roles(...MAY_HANDLE_FLAGS)
  async dismissFlag(@Payload() request: risk.DismissFlagRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<risk.DismissFlagResponse> {
    return { flag: shown(await this.flags.dismiss(request, caller, quiet)) };
  }
}
