import { type DynamicModule, Module } from '@nestjs/common';
import { decodeFact } from '@common-ground/contracts';
import { MessagingModule } from '@common-ground/messaging';
import { PersistenceModule } from '@common-ground/persistence';
import { ObservabilityModule, TokenVerifier } from '@common-ground/platform';
import { GatewayGraphqlModule } from './graphql/graphql.module.js';
import type { GatewayConfig } from './config.js';
import { LiveModule } from './live/live.module.js';
import { PortfolioModule } from './portfolio/portfolio.module.js';
import { serviceResolvers } from './resolvers.js';

/** Verifies tokens; unlike the services, the gateway does so once per operation and not in a guard. */
@Module({})
class TokensModule {
  static forRoot({ identity }: GatewayConfig): DynamicModule {
    return { module: TokensModule, global: true, providers: [{ provide: TokenVerifier, useFactory: () => new TokenVerifier(identity) }], exports: [TokenVerifier] };
  }
}

/** The composition root. */
@Module({})
export class AppModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    const { service, database, log, logLevel } = config;
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot({ service, level: logLevel }),
        PersistenceModule.forRoot({ config: { ...database.app, applicationName: service }, entities: [] }),
        MessagingModule.forRoot({ service, log, database: database.app, consumes: [], decode: decodeFact }),
        TokensModule.forRoot(config),
        GatewayGraphqlModule.forRoot(config),
        PortfolioModule.forRoot({ threshold: config.suppressBelow }),
        LiveModule.forRoot({ origins: config.origins, socketsPerPerson: config.socketsPerPerson }),
      ],
      providers: [...serviceResolvers],
    };
  }
}
