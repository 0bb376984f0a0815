import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { EvidenceGrpc } from './evidence.grpc.js';
import { EvidenceService } from './evidence.service.js';

@Module({ controllers: [EvidenceGrpc], providers: [EvidenceService, clockProvider] })
export class EvidenceModule {}
