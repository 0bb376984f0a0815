import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { fetchOnceMore } from '../identity/fetch-once-more.js';
import { CookieJar } from './cookie-jar.js';

export type Tokens = { readonly accessToken: string; /** Seconds. */ readonly expiresIn: number; readonly refreshToken?: string | undefined };

export class SignInError extends Error {
  override readonly name = 'SignInError';
}

const discoveryShape = z.object({ authorization_endpoint: z.url(), token_endpoint: z.url(), device_authorization_endpoint: z.url().optional() });
const tokenShape = z.object({ access_token: z.string(), expires_in: z.number(), refresh_token: z.string().optional() });
const deviceShape = z.object({ device_code: z.string(), user_code: z.string(), verification_uri: z.string(), verification_uri_complete: z.string().optional(), interval: z.number().default(5), expires_in: z.number() });

const discover = async (issuer: string): Promise<z.infer<typeof discoveryShape>> => {
  const response = await fetchOnceMore(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).catch(() => undefined);
  if (!response?.ok) throw new SignInError(`The sign-in service at ${issuer} does not answer; is the platform running?`);
  return discoveryShape.parse(await response.json());
};

const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString(), redirect: 'manual' });

const MOST_STEPS = 12;

/**
 * Signs a person in as a browser would: authorization code with PKCE, following redirects and sending the sign-in form.
 *
 * @param redirectUri as registered for the client; nothing needs to listen there
 * @throws SignInError when the name or password is wrong, or the provider does not answer
 */
export const signInWithPassword = async (options: { readonly issuer: string; readonly clientId: string; readonly username: string; readonly password: string; readonly redirectUri?: string }): Promise<Tokens> => {
  const { issuer, clientId, username, password, redirectUri = 'http://127.0.0.1/callback' } = options;
  const { authorization_endpoint: authorization, token_endpoint: tokenEndpoint } = await discover(issuer);
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const state = randomBytes(16).toString('base64url');
  const start = new URL(authorization);
  start.search = new URLSearchParams({ client_id: clientId, response_type: 'code', redirect_uri: redirectUri, scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256', state }).toString();
  const code = await walkToCode(start, { redirectUri, state, username, password });
  const response = await fetch(tokenEndpoint, form({ grant_type: 'authorization_code', client_id: clientId, code, redirect_uri: redirectUri, code_verifier: verifier }));
  if (!response.ok) throw new SignInError(`The sign-in service refused the code (HTTP ${response.status}).`);
  return tokensFrom(await response.json());
};

const tokensFrom = (body: unknown): Tokens => {
  const { access_token: accessToken, expires_in: expiresIn, refresh_token: refreshToken } = tokenShape.parse(body);
  return { accessToken, expiresIn, refreshToken };
};

/**
 * New tokens for a refresh token, which is used up by it.
 *
 * @throws SignInError when it is no longer good
 */
export const refresh = async (options: { readonly issuer: string; readonly clientId: string; readonly refreshToken: string }): Promise<Tokens> => {
  const { token_endpoint: tokenEndpoint } = await discover(options.issuer);
  const response = await fetch(tokenEndpoint, form({ grant_type: 'refresh_token', client_id: options.clientId, refresh_token: options.refreshToken }));
  if (!response.ok) throw new SignInError(`The sign-in has ended (HTTP ${response.status}); sign in again.`);
  return tokensFrom(await response.json());
};

const walkToCode = async (start: URL, person: { redirectUri: string; state: string; username: string; password: string }): Promise<string> => {
  const jar = new CookieJar();
  let url = start;
  let request: RequestInit = { redirect: 'manual' };
  let sent = 0;
  const provider = start.origin;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const response = await fetch(url, { ...request, headers: { ...(request.headers as Record<string, string>), cookie: jar.header() } });
    jar.keep(response.headers.getSetCookie());
    const location = response.headers.get('location');
    if (location) {
      url = new URL(location, url);
      if (url.href.startsWith(person.redirectUri)) return codeIn(url, person.state);
      if (url.origin !== provider) throw new SignInError(`The sign-in service sends to ${url.origin}, which is not its own.`);
      request = { redirect: 'manual' };
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]*\baction="([^"]+)"/.exec(page)?.[1];
    if (!action) throw new SignInError(`The sign-in service shows no form (HTTP ${response.status}).`);
    if ((sent += 1) > 3) throw new SignInError('The name or the password is wrong.');
    if (/role="alert"/.test(page) && sent > 1) throw new SignInError('The name or the password is wrong.');
    url = new URL(action.replaceAll('&amp;', '&'), url);
    if (url.origin !== provider) throw new SignInError(`The sign-in form sends the password to ${url.origin}; it is not sent there.`);
    request = form({ username: person.username, password: person.password });
  }
  throw new SignInError('The sign-in service sends from page to page without end.');
};

const codeIn = (url: URL, state: string): string => {
  const code = url.searchParams.get('code');
  if (!code || url.searchParams.get('state') !== state) throw new SignInError(`The sign-in service refused: ${url.searchParams.get('error_description') ?? url.searchParams.get('error') ?? 'no code'}.`);
  return code;
};

/** Signs a person in with another device: shows an address and a code, and waits until they have been entered there. */
export const signInWithDevice = async (options: { readonly issuer: string; readonly clientId: string; onPrompt(prompt: { readonly verificationUri: string; readonly userCode: string }): void }): Promise<Tokens> => {
  const { device_authorization_endpoint: endpoint, token_endpoint: tokenEndpoint } = await discover(options.issuer);
  if (!endpoint) throw new SignInError('The sign-in service has no way for the command line.');
  const started = await fetch(endpoint, form({ client_id: options.clientId, scope: 'openid' }));
  if (!started.ok) throw new SignInError(`The sign-in service refused to start (HTTP ${started.status}).`);
  const device = deviceShape.parse(await started.json());
  options.onPrompt({ verificationUri: device.verification_uri, userCode: device.user_code });
  const until = Date.now() + device.expires_in * 1000;
  let seconds = device.interval;
  while (Date.now() < until) {
    await pause(seconds * 1000);
    const response = await fetch(tokenEndpoint, form({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: options.clientId, device_code: device.device_code }));
    const body = (await response.json()) as { error?: string };
    if (response.ok) return tokensFrom(body);
    if (body.error === 'slow_down') seconds += 5;
    else if (body.error !== 'authorization_pending') throw new SignInError(`The sign-in service refused: ${body.error ?? response.status}.`);
  }
  throw new SignInError('Nobody signed in before the code ran out.');
};
