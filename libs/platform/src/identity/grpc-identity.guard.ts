import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Metadata } from '@grpc/grpc-js';
import { DomainError, hasRole, type Caller, type Role } from '@common-ground/kernel';
import { TokenVerifier } from './token-verifier.js';

const ROLES_KEY = 'common-ground:roles';
const callers = new WeakMap<Metadata, Caller>();

/** Which roles may call a method. A method without it may be called by nobody. */
export const Roles = (...roles: readonly Role[]): MethodDecorator & ClassDecorator => SetMetadata(ROLES_KEY, roles);

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
    const allowed = this.reflector.getAllAndOverride<readonly Role[] | undefined>(ROLES_KEY, [context.getHandler(), context.getClass()]) ?? [];
    const { caller } = await this.verifier.verify(text(metadata, 'authorization')?.replace(/^Bearer /i, ''));
    if (!hasRole(caller, ...allowed)) throw new DomainError('forbidden', 'FORBIDDEN', `Your role does not allow this; it takes ${allowed.join(' or ') || 'another way'}.`);
    callers.set(metadata, caller);
    return true;
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
