import { type DynamicModule, Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { KnowledgeConsumer } from '../knowledge/knowledge.consumer.js';
import { KnowledgeService, PATIENCE, type Patience } from '../knowledge/knowledge.service.js';
import { ActivityGrpc } from './activity.grpc.js';
import { ActivityService } from './activity.service.js';
import { type Sweeping, SWEEPING, UnrecordedSweeper } from './unrecorded.sweeper.js';

@Module({})
export class ActivityModule {
  static forRoot({ patience, sweeping }: { readonly patience: Patience; readonly sweeping: Sweeping }): DynamicModule {
    return {
      module: ActivityModule,
      controllers: [ActivityGrpc, KnowledgeConsumer],
      providers: [ActivityService, KnowledgeService, UnrecordedSweeper, clockProvider, { provide: PATIENCE, useValue: patience }, { provide: SWEEPING, useValue: sweeping }],
    };
  }
}
