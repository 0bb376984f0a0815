import { DomainError, type Caller, ROLES, type Role, type Scope } from '@common-ground/kernel';
import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { IdentityConfig } from '../config/service-config.js';
import { fetchOnceMore } from './fetch-once-more.js';

const LONGEST_TOKEN = 8_192;
const TOLERANCE_SECONDS = 30;
const ALGORITHMS = ['RS256', 'ES256'];
const DISCOVERY_TIMEOUT_MS = 5_000;
const KEYS_COOLDOWN_MS = 30_000;
const ASK_AGAIN_MS = 1_000;
/** A phone sends the same token with every request; its signature is checked again after this long, or a key that was withdrawn would be good for ever. */
const REMEMBERED_MS = 30_000;
const REMEMBERED_AT_MOST = 5_000;

const refuse = (code: string, message: string): DomainError => new DomainError('unauthenticated', code, message);

const claimsShape = z.object({
  sub: z.string().min(1).max(200),
  roles: z.array(z.string()).default([]),
  missions: z.array(z.string()).default([]),
  interventions: z.array(z.string()).default([]),
});

/** A token that was found good: who it speaks for and until when. */
export type VerifiedToken = { readonly caller: Caller; readonly expiresAt: Date };

type KeyFinder = JWTVerifyGetKey;

/** Checks bearer tokens of one OpenID provider: issuer, audience, time, and pinned algorithms. */
export class TokenVerifier {
  private keys: Promise<KeyFinder> | undefined;
  private awayUntil = 0;
  private readonly remembered = new Map<string, { readonly verified: VerifiedToken; readonly until: number }>();

  constructor(
    private readonly config: IdentityConfig,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws DomainError `unauthenticated`: TOKEN_MISSING, TOKEN_MALFORMED, TOKEN_EXPIRED or TOKEN_REFUSED; `unavailable` when the provider is away */
  async verify(token: string | undefined): Promise<VerifiedToken> {
    if (!token) throw refuse('TOKEN_MISSING', 'Sign in first: this needs a bearer token.');
    if (!looksLikeToken(token)) throw refuse('TOKEN_MALFORMED', 'The bearer token is no JSON Web Token; sign in again.');
    const known = this.remembered.get(token);
    if (known && this.now() < known.until) return known.verified;
    const verified = await this.check(token);
    this.remember(token, verified);
    return verified;
  }

  private async check(token: string): Promise<VerifiedToken> {
    const keys = await this.provider();
    const { issuer, audience } = this.config;
    const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ALGORITHMS, clockTolerance: TOLERANCE_SECONDS, requiredClaims: ['exp', 'sub'] }).catch((error: unknown) => {
      throw refusalOf(error);
    });
    return { caller: callerFrom(payload), expiresAt: new Date((payload.exp ?? 0) * 1000) };
  }

  /** Good tokens only, the oldest forgotten first; and none beyond its own end, where the clocks' tolerance is asked of again. */
  private remember(token: string, verified: VerifiedToken): void {
    this.remembered.delete(token);
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined && this.remembered.size >= REMEMBERED_AT_MOST) this.remembered.delete(oldest);
    this.remembered.set(token, { verified, until: Math.min(this.now() + REMEMBERED_MS, verified.expiresAt.getTime()) });
  }

  /** The provider's keys, found once; an unknown key id asks for them again at most every 30 seconds, whoever sends it. */
  private provider(): Promise<KeyFinder> {
    if (!this.keys && Date.now() < this.awayUntil) return Promise.reject(away('asked a moment ago'));
    this.keys ??= this.discover().catch((error: unknown) => {
      this.keys = undefined;
      this.awayUntil = Date.now() + ASK_AGAIN_MS;
      throw away(error);
    });
    return this.keys;
  }

  private async discover(): Promise<KeyFinder> {
    const uri = this.config.jwksUri ?? (await this.discoveredKeys());
    return createRemoteJWKSet(new URL(uri), { cooldownDuration: KEYS_COOLDOWN_MS, timeoutDuration: DISCOVERY_TIMEOUT_MS, [customFetch]: fetchOnceMore });
  }

  private async discoveredKeys(): Promise<string> {
    const { issuer } = this.config;
    const response = await fetchOnceMore(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS), redirect: 'error' });
    if (!response.ok) throw new Error(`discovery answered HTTP ${response.status}`);
    const found = z.object({ issuer: z.string(), jwks_uri: z.url() }).parse(await response.json());
    if (found.issuer !== issuer) throw new Error(`the provider calls itself ${found.issuer}, not ${issuer}`);
    return found.jwks_uri;
  }
}

const looksLikeToken = (token: string): boolean => token.length <= LONGEST_TOKEN && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

const away = (cause: unknown): DomainError => {
  const error = new DomainError('unavailable', 'IDENTITY_UNAVAILABLE', 'The sign-in service is not answering; try again in a moment.');
  error.cause = cause;
  return error;
};

/** A token is refused by what it says; whatever else goes wrong is fetching the keys. */
const refusalOf = (error: unknown): DomainError => {
  if (error instanceof errors.JWTExpired) return refuse('TOKEN_EXPIRED', 'Your sign-in has ended; sign in again.');
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return refuse('TOKEN_MALFORMED', 'The bearer token is no JSON Web Token; sign in again.');
  const keysFailed = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || (error instanceof errors.JOSEError && error.code === errors.JOSEError.code);
  if (error instanceof errors.JOSEError && !keysFailed) return refuse('TOKEN_REFUSED', 'The bearer token was not issued for this platform; sign in again.');
  return away(error);
};

/** Who the claims say is asking. Roles that are not ours are left out; scope follows from role. */
export const callerFrom = (payload: JWTPayload): Caller => {
  const parsed = claimsShape.safeParse(payload);
  if (!parsed.success) throw refuse('TOKEN_REFUSED', 'The bearer token lacks what this platform needs (sub, roles, missions); sign in again.');
  const { sub, roles, missions, interventions } = parsed.data;
  const known = roles.filter((role): role is Role => (ROLES as readonly string[]).includes(role));
  return { subject: sub, roles: known, scope: scopeOf(known, missions, interventions) };
};

const scopeOf = (roles: readonly Role[], missions: readonly string[], interventions: readonly string[]): Scope => {
  if (roles.some((role) => role === 'administrator' || role === 'hq-analyst' || role === 'monitoring-officer')) return { missions: '*', interventions: '*' };
  if (roles.includes('mission-officer')) return { missions, interventions: '*' };
  if (roles.includes('facilitator')) return { missions, interventions };
  return { missions: [], interventions: [] };
};
