import { type DynamicModule, Module } from '@nestjs/common';
import { decodeFact, TOPICS } from '@common-ground/contracts';
import { MessagingModule } from '@common-ground/messaging';
import { PersistenceModule } from '@common-ground/persistence';
import { IdentityModule, ObservabilityModule } from '@common-ground/platform';
import type { RegistryConfig } from './config.js';
import { entities } from './entities.js';
import { InterventionModule } from './intervention/intervention.module.js';
import { MissionModule } from './mission/mission.module.js';
import { ParticipantModule } from './participant/participant.module.js';

/** The composition root. */
@Module({})
export class AppModule {
  static forRoot({ service, database, log, identity, logLevel }: RegistryConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot({ service, level: logLevel }),
        PersistenceModule.forRoot({ config: { ...database.app, applicationName: service }, entities }),
        MessagingModule.forRoot({ service, topic: TOPICS.registry, log, database: database.app, consumes: [], decode: decodeFact }),
        IdentityModule.forRoot(identity),
        MissionModule,
        InterventionModule,
        ParticipantModule,
      ],
    };
  }
}
