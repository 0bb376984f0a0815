import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { isDomainError } from '@common-ground/kernel';
import { TokenVerifier, type VerifiedToken } from '@common-ground/platform';
import { RATES, type Rates } from '../http/rates.js';
import { loadersFor } from '../services/loaders.js';
import { Services } from '../services/services.js';
import type { GatewayContext } from './context.js';
import { asGraphqlError } from './present-error.js';

const BEARER = /^Bearer ([^\s]+)$/i;

/** Finds out who asks, and makes what the resolvers of one operation need. */
@Injectable()
export class OperationContexts {
  constructor(
    @Inject(TokenVerifier) private readonly verifier: TokenVerifier,
    @Inject(Services) private readonly services: Services,
    @Inject(RATES) private readonly rates: Rates,
  ) {}

  /** @throws GraphQLError UNAUTHENTICATED, UNAVAILABLE or RATE_LIMITED */
  async ofRequest(request: Pick<FastifyRequest, 'headers'>): Promise<GatewayContext> {
    const header = request.headers.authorization;
    const token = header === undefined ? undefined : (BEARER.exec(header)?.[1] ?? 'malformed');
    const verified = await this.verify(token);
    this.mindRate(verified.caller.subject);
    const traceparent = request.headers['traceparent'];
    return this.of(verified, token, { quiet: request.headers['common-ground-quiet'] === 'true', ...(typeof traceparent === 'string' && /^[\da-f-]{55}$/.test(traceparent) ? { traceparent } : {}) });
  }

  of({ caller }: VerifiedToken, token: string | undefined, { live = false, ...more }: { readonly quiet?: boolean; readonly traceparent?: string; readonly live?: boolean } = {}): GatewayContext {
    const call = { token, ...more };
    return { caller, call, services: this.services, loaders: loadersFor(this.services, call, { live }) };
  }

  async verify(token: string | undefined): Promise<VerifiedToken> {
    try {
      return await this.verifier.verify(token);
    } catch (error) {
      throw isDomainError(error) ? asGraphqlError(error) : error;
    }
  }

  mindRate(subject: string): void {
    if (this.rates.person.take(subject)) return;
    throw new GraphQLError('Too many requests; wait a moment and go on more slowly.', { extensions: { code: 'RATE_LIMITED', http: { status: 429 } } });
  }
}
