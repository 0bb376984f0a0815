import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { GroupPlanGrpc } from './group-plan.grpc.js';
import { GroupPlanService } from './group-plan.service.js';

@Module({ controllers: [GroupPlanGrpc], providers: [GroupPlanService, clockProvider] })
export class GroupPlanModule {}
