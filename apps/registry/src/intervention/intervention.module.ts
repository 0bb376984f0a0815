import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { InterventionGrpc } from './intervention.grpc.js';
import { InterventionService } from './intervention.service.js';

@Module({ controllers: [InterventionGrpc], providers: [InterventionService, clockProvider] })
export class InterventionModule {}
