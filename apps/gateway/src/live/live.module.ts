import { type DynamicModule, Module } from '@nestjs/common';
import { LiveResolver } from './live.resolver.js';
import { LiveService } from './live.service.js';
import { RiskFeed } from './risk-feed.js';
import { SOCKET_LIMITS, Sockets, type SocketLimits } from './sockets.js';

/** Flags and alerts as they come. */
@Module({})
export class LiveModule {
  static forRoot(limits: SocketLimits): DynamicModule {
    return { module: LiveModule, providers: [RiskFeed, LiveService, LiveResolver, Sockets, { provide: SOCKET_LIMITS, useValue: limits }], exports: [Sockets] };
  }
}
