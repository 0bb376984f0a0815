import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { MissionGrpc } from './mission.grpc.js';
import { MissionService } from './mission.service.js';

@Module({ controllers: [MissionGrpc], providers: [MissionService, clockProvider] })
export class MissionModule {}
