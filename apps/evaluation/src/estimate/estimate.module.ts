import { type DynamicModule, Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { OUTCOME_ESTIMATOR } from './domain/outcome-estimator.js';
import { EstimateGrpc } from './estimate.grpc.js';
import { EstimateService } from './estimate.service.js';
import type { RecomputationTiming } from './recomputation.repository.js';
import { RECOMPUTATION_TIMING, RecomputationService, USUAL_TIMING } from './recomputation.service.js';
import { RecomputationWorker } from './recomputation.worker.js';
import { statisticsOutcomeEstimator } from './statistics-outcome-estimator.js';

@Module({})
export class EstimateModule {
  static forRoot(timing: RecomputationTiming = USUAL_TIMING): DynamicModule {
    return {
      module: EstimateModule,
      controllers: [EstimateGrpc],
      providers: [
        EstimateService,
        RecomputationService,
        RecomputationWorker,
        clockProvider,
        { provide: RECOMPUTATION_TIMING, useValue: timing },
        { provide: OUTCOME_ESTIMATOR, useValue: statisticsOutcomeEstimator },
      ],
    };
  }
}
