import { type DynamicModule, Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { ActivityGrpc } from './activity.grpc.js';
import { ActivityService } from './activity.service.js';
import { type Sweeping, SWEEPING, UnrecordedSweeper } from './unrecorded.sweeper.js';

@Module({})
export class ActivityModule {
  static forRoot(sweeping: Sweeping): DynamicModule {
    return {
      module: ActivityModule,
      controllers: [ActivityGrpc],
      providers: [ActivityService, UnrecordedSweeper, clockProvider, { provide: SWEEPING, useValue: sweeping }],
    };
  }
}
