import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { InstrumentGrpc } from './instrument.grpc.js';
import { InstrumentService } from './instrument.service.js';

@Module({ controllers: [InstrumentGrpc], providers: [InstrumentService, clockProvider] })
export class InstrumentModule {}
