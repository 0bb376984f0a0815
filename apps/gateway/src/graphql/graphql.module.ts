import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { ratesOf, RATES } from '../http/rates.js';
import { SERVICE_ADDRESSES, Services } from '../services/services.js';
import { limitRules, LIMITS, queriesAndMutationsOnly } from './limits.js';
import { OperationContexts } from './operation-context.js';
import { presentError } from './present-error.js';

@Module({})
class OperationsModule {
  static forRoot({ services, requestsPerSecond }: GatewayConfig): DynamicModule {
    return {
      module: OperationsModule,
      global: true,
      providers: [{ provide: SERVICE_ADDRESSES, useValue: services }, { provide: RATES, useValue: ratesOf(requestsPerSecond) }, Services, OperationContexts],
      exports: [Services, OperationContexts, RATES],
    };
  }
}

/** The schema, served over HTTP under the limits. WebSockets have a server of their own. */
@Module({})
export class GatewayGraphqlModule {
  static forRoot(config: GatewayConfig): DynamicModule {
    return {
      module: GatewayGraphqlModule,
      global: true,
      exports: [GraphQLModule],
      imports: [
        OperationsModule.forRoot(config),
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: ApolloDriver,
          inject: [OperationContexts],
          useFactory: (contexts: OperationContexts): ApolloDriverConfig => ({
            autoSchemaFile: true,
            sortSchema: true,
            path: '/graphql',
            introspection: config.introspection,
            hideSchemaDetailsFromClientErrors: !config.introspection,
            graphiql: false,
            csrfPrevention: true,
            allowBatchedHttpRequests: false,
            persistedQueries: false,
            includeStacktraceInErrorResponses: false,
            autoTransformHttpErrors: false,
            validationRules: [...limitRules, queriesAndMutationsOnly],
            parseOptions: { maxTokens: LIMITS.tokens },
            formatError: presentError,
            context: (request: FastifyRequest) => contexts.ofRequest(request),
          }),
        }),
      ],
    };
  }
}
