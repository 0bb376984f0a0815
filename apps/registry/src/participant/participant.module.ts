import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { ParticipantGrpc } from './participant.grpc.js';
import { ParticipantService } from './participant.service.js';

@Module({ controllers: [ParticipantGrpc], providers: [ParticipantService, clockProvider] })
export class ParticipantModule {}
