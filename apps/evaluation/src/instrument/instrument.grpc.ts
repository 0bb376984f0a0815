import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { evaluation } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Quiet, Roles, Rpc } from '@common-ground/platform';
import { MAY_READ, MAY_RUN_SURVEYS } from '../roles.js';
import type { Instrument } from './domain/instrument.js';
import { InstrumentService } from './instrument.service.js';

const rpc = evaluation.EvaluationServiceService;
const shown = (instrument: Instrument): evaluation.Instrument => ({ ...instrument, items: [...instrument.items] });

@Controller()
export class InstrumentGrpc {
  constructor(private readonly instruments: InstrumentService) {}

  @Rpc(rpc.publishInstrument)
  @Roles(...MAY_RUN_SURVEYS)
  async publishInstrument(@Payload() request: evaluation.PublishInstrumentRequest, @CurrentCaller() caller: Caller, @Quiet() quiet: boolean): Promise<evaluation.PublishInstrumentResponse> {
    return { instrument: shown(await this.instruments.publish(request, caller, quiet)) };
  }

  @Rpc(rpc.listInstruments)
  @Roles(...MAY_READ)
  async listInstruments(@Payload() { page, ...filter }: evaluation.ListInstrumentsRequest, @CurrentCaller() caller: Caller): Promise<evaluation.ListInstrumentsResponse> {
    const { instruments, pageInfo } = await this.instruments.list(page, filter, caller);
    return { instruments: instruments.map(shown), pageInfo };
  }

  @Rpc(rpc.batchGetInstruments)
  @Roles(...MAY_READ)
  async batchGetInstruments(@Payload() { ids }: evaluation.BatchGetInstrumentsRequest, @CurrentCaller() caller: Caller): Promise<evaluation.BatchGetInstrumentsResponse> {
    return { instruments: (await this.instruments.getAmong(ids, caller)).map(shown) };
  }
}
