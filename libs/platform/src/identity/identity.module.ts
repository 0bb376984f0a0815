import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { IdentityConfig } from '../config/service-config.js';
import { GrpcIdentityGuard } from './grpc-identity.guard.js';
import { TokenVerifier } from './token-verifier.js';

/** Verifies every gRPC call of a service; provides the `TokenVerifier`. */
@Global()
@Module({})
export class IdentityModule {
  static forRoot(config: IdentityConfig): DynamicModule {
    return {
      module: IdentityModule,
      providers: [
        { provide: TokenVerifier, useFactory: () => new TokenVerifier(config) },
        { provide: APP_GUARD, useClass: GrpcIdentityGuard },
      ],
      exports: [TokenVerifier],
    };
  }
}
