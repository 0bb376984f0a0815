import { type DynamicModule, Module } from '@nestjs/common';
import { decodeFact, TOPICS } from '@common-ground/contracts';
import { MessagingModule } from '@common-ground/messaging';
import { PersistenceModule } from '@common-ground/persistence';
import { IdentityModule, ObservabilityModule } from '@common-ground/platform';
import { ActivityModule } from './activity/activity.module.js';
import { FACT_WAIT_MS, type SchedulingConfig, UNRECORDED } from './config.js';
import { entities } from './entities.js';
import { GroupPlanModule } from './group-plan/group-plan.module.js';
import { KnowledgeModule } from './knowledge/knowledge.module.js';
import { PairingModule } from './pairing/pairing.module.js';

const POLL_MS = 50;

/** The composition root. */
@Module({})
export class AppModule {
  static forRoot({ service, database, log, identity, logLevel, unrecorded = UNRECORDED, factWaitMs = FACT_WAIT_MS }: SchedulingConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot({ service, level: logLevel }),
        PersistenceModule.forRoot({ config: { ...database.app, applicationName: service }, entities }),
        MessagingModule.forRoot({ service, topic: TOPICS.scheduling, log, database: database.app, consumes: [TOPICS.registry], decode: decodeFact }),
        IdentityModule.forRoot(identity),
        KnowledgeModule.forRoot({ waitMs: factWaitMs, pollMs: POLL_MS }),
        ActivityModule.forRoot(unrecorded),
        GroupPlanModule,
        PairingModule,
      ],
    };
  }
}
