import { type DynamicModule, Module } from '@nestjs/common';
import { decodeFact, TOPICS } from '@common-ground/contracts';
import { MessagingModule } from '@common-ground/messaging';
import { PersistenceModule } from '@common-ground/persistence';
import { IdentityModule, ObservabilityModule } from '@common-ground/platform';
import type { EvaluationConfig } from './config.js';
import { entities } from './entities.js';
import { EstimateModule } from './estimate/estimate.module.js';
import { EvidenceModule } from './evidence/evidence.module.js';
import { InstrumentModule } from './instrument/instrument.module.js';
import { ProgrammeModule } from './programme/programme.module.js';
import { ResponseModule } from './response/response.module.js';
import { SurveyRoundModule } from './survey-round/survey-round.module.js';

/** The composition root. */
@Module({})
export class AppModule {
  static forRoot({ service, database, log, identity, logLevel, recomputation }: EvaluationConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot({ service, level: logLevel }),
        PersistenceModule.forRoot({ config: { ...database.app, applicationName: service }, entities }),
        MessagingModule.forRoot({ service, topic: TOPICS.evaluation, log, database: database.app, consumes: [TOPICS.registry], decode: decodeFact }),
        IdentityModule.forRoot(identity),
        ProgrammeModule,
        InstrumentModule,
        SurveyRoundModule,
        ResponseModule,
        EstimateModule.forRoot(recomputation),
        EvidenceModule,
      ],
    };
  }
}
