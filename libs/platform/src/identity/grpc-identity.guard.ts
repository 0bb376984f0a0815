import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Metadata } from '@grpc/grpc-js';
import { DomainError, hasRole, NOTHING, type Caller, type Role } from '@common-ground/kernel';
import { TokenVerifier } from './token-verifier.js';

const ROLES_KEY = 'common-ground:roles';
const PUBLIC_KEY = 'common-ground:public';
const callers = new WeakMap<Metadata, Caller>();

/** Which roles may call a method. A method without it may be called by nobody. */
export const Roles = (...roles: readonly Role[]): MethodDecorator & ClassDecorator => SetMetadata(ROLES_KEY, roles);

/** A method that needs no token: survey links, the complaint form. Its caller is `ANONYMOUS` unless a token says otherwise. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_KEY, true);

/** Whoever holds a link. Sees nothing by scope; what the link opens is for the service to say. */
export const ANONYMOUS: Caller = { subject: 'anonymous', roles: [], scope: NOTHING };

const metadataOf = (context: ExecutionContext): Metadata => context.switchToRpc().getContext<Metadata>();

const text = (metadata: Metadata, name: string): string | undefined => {
  const [value] = metadata.get(name);
  return typeof value === 'string' ? value : undefined;
};

/** Verifies the bearer token of every gRPC call again, and the caller's role; facts from the log pass, they have no caller. */
@Injectable()
export class GrpcIdentityGuard implements CanActivate {
  constructor(
    @Inject(TokenVerifier) private readonly verifier: TokenVerifier,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'rpc') return true;
    const metadata = metadataOf(context) as Metadata | undefined;
    if (typeof metadata?.get !== 'function') return true;
    callers.set(metadata, await this.callerOf(context, text(metadata, 'authorization')?.replace(/^Bearer /i, '')));
    return true;
  }

  private async callerOf(context: ExecutionContext, token: string | undefined): Promise<Caller> {
    const isPublic = this.said<boolean>(PUBLIC_KEY, context) === true;
    if (isPublic && !token) return ANONYMOUS;
    const { caller } = await this.verifier.verify(token);
    const allowed = this.said<readonly Role[]>(ROLES_KEY, context) ?? [];
    if (!isPublic && !hasRole(caller, ...allowed)) throw new DomainError('forbidden', 'FORBIDDEN', `Your role does not allow this; it takes ${allowed.join(' or ') || 'another way'}.`);
    return caller;
  }

  private said<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }
}

/** The verified caller of a gRPC method. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(metadataOf(context));
  if (!caller) throw new DomainError('unauthenticated', 'TOKEN_MISSING', 'Sign in first: this needs a bearer token.');
  return caller;
});

/** True when the caller asked that nobody be alerted to what comes of this (an import). */
export const Quiet = createParamDecorator((_: unknown, context: ExecutionContext): boolean => text(metadataOf(context), 'x-quiet') === 'true');
