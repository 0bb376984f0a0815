import { type DynamicModule, Global, Module } from '@nestjs/common';
import { decodeFact, TOPICS } from '@common-ground/contracts';
import { MessagingModule } from '@common-ground/messaging';
import { PersistenceModule } from '@common-ground/persistence';
import { IdentityModule, ObservabilityModule } from '@common-ground/platform';
import { AlertModule } from './alert/alert.module.js';
import type { RiskMonitoringConfig } from './config.js';
import { entities } from './entities.js';
import { FlagModule } from './flag/flag.module.js';
import { ProgrammeModule } from './programme/programme.module.js';
import { RuleModule } from './rule/rule.module.js';
import { ALERT_SETTINGS, type AlertSettings } from './settings.js';
import { SubscriptionModule } from './subscription/subscription.module.js';

@Global()
@Module({})
class SettingsModule {
  static forRoot(alerts: AlertSettings): DynamicModule {
    return { module: SettingsModule, providers: [{ provide: ALERT_SETTINGS, useValue: alerts }], exports: [ALERT_SETTINGS] };
  }
}

/** The composition root. */
@Module({})
export class AppModule {
  static forRoot({ service, database, log, identity, logLevel, alerts }: RiskMonitoringConfig): DynamicModule {
    const consumes = [TOPICS.registry, TOPICS.scheduling, TOPICS.evaluation];
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot({ service, level: logLevel }),
        PersistenceModule.forRoot({ config: { ...database.app, applicationName: service }, entities }),
        MessagingModule.forRoot({ service, topic: TOPICS.risk, log, database: database.app, consumes, decode: decodeFact }),
        IdentityModule.forRoot(identity),
        SettingsModule.forRoot(alerts),
        ProgrammeModule,
        RuleModule,
        FlagModule,
        SubscriptionModule,
        AlertModule,
      ],
    };
  }
}
