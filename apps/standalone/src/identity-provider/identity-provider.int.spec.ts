import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refresh, signInWithDevice, signInWithPassword, TokenVerifier } from '@common-ground/platform';
import { COMMAND_LINE_CLIENT, PORTAL_CLIENT, startIdentityProvider, type IdentityProvider } from './identity-provider.js';
import { demonstrationUsers } from './users.js';

const folder = mkdtempSync(join(tmpdir(), 'identity-'));
const users = demonstrationUsers({ facilitates: { mission: 'PE', interventionId: '3b9f6a2e-6f0e-5b5c-9a53-0a7d5c3e1f10' } });
const start = (port = 0) => startIdentityProvider({ host: '127.0.0.1', port, folder, users });
let provider: IdentityProvider;
beforeAll(async () => {
  provider = await start();
});
afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});

const signIn = (username: string, password = `${username}-demo`) => signInWithPassword({ issuer: provider.issuer, clientId: PORTAL_CLIENT, username, password });
const verify = (token: string) => new TokenVerifier({ issuer: provider.issuer, audience: 'common-ground' }).verify(token);

describe('the embedded OpenID provider', () => {
  it.each(users.map(({ username, roles, missions }) => [username, roles, missions]))('signs %s in by code and PKCE', async (username, roles, missions) => {
    const { caller } = await verify((await signIn(String(username))).accessToken);
    expect(caller.subject).toBe(username);
    expect(caller.roles).toEqual(roles);
    expect(caller.scope.missions).toEqual(missions.length > 0 ? missions : '*');
  });

  it('refuses a wrong password, and after ten of them the right one', async () => {
    await expect(signIn('mission-officer-do', 'wrong')).rejects.toThrow('name or the password is wrong');
    for (let attempt = 0; attempt < 10; attempt += 1) await signIn('mission-officer-do', 'wrong').catch(() => undefined);
    await expect(signIn('mission-officer-do')).rejects.toThrow();
  });

  it('signs a command line in from another device', async () => {
    const tokens = await signInWithDevice({
      issuer: provider.issuer,
      clientId: COMMAND_LINE_CLIENT,
      onPrompt: ({ verificationUri, userCode }) => void enterCode(verificationUri, userCode),
    });
    expect((await verify(tokens.accessToken)).caller.roles).toEqual(['hq-analyst']);
  }, 30_000);

  it('keeps its keys and who is signed in over a restart, for its owner alone to read', async () => {
    const { accessToken, refreshToken = '' } = await signIn('hq-analyst');
    const port = Number(new URL(provider.issuer).port);
    await provider.close();
    for (const file of ['identity.json', 'sign-ins.json']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    provider = await start(port);
    expect((await verify(accessToken)).caller.roles).toEqual(['hq-analyst']);
    const renewed = await refresh({ issuer: provider.issuer, clientId: PORTAL_CLIENT, refreshToken });
    expect((await verify(renewed.accessToken)).caller.roles).toEqual(['hq-analyst']);
    await expect(refresh({ issuer: provider.issuer, clientId: PORTAL_CLIENT, refreshToken })).rejects.toThrow('sign in again');
  });

  it('starts anew from a file of sign-ins that is torn', async () => {
    const port = Number(new URL(provider.issuer).port);
    await provider.close();
    writeFileSync(join(folder, 'sign-ins.json'), '{"kept":[[');
    provider = await start(port);
    expect((await signIn('administrator')).accessToken).toBeDefined();
  });

  it('sends nobody to an address that is not the platform’s, and takes no code without PKCE', async () => {
    const ask = async (change: Record<string, string>) => {
      const parameters = { client_id: PORTAL_CLIENT, response_type: 'code', scope: 'openid', redirect_uri: 'http://127.0.0.1:4000/callback', code_challenge: 'a'.repeat(43), code_challenge_method: 'S256', ...change };
      const response = await fetch(`${provider.issuer}/auth?${new URLSearchParams(parameters)}`, { redirect: 'manual' });
      return [response.status, response.headers.get('location') ?? ''] as const;
    };
    expect((await ask({}))[1]).toContain('/interaction/');
    expect((await ask({ redirect_uri: 'http://localhost:5173/callback' }))[1]).toContain('/interaction/');
    expect((await ask({ redirect_uri: 'https://elsewhere.example/callback' }))[0]).toBe(400);
    expect((await ask({ code_challenge_method: 'plain' }))[1]).toContain('error=');
    expect((await ask({ client_id: 'somebody' }))[0]).toBe(400);
  });

  it('names the port that is taken', async () => {
    await expect(start(Number(new URL(provider.issuer).port))).rejects.toThrow(new URL(provider.issuer).port);
  });
});

/** What a person does in a browser: enters the code, confirms it, signs in. */
const enterCode = async (address: string, userCode: string): Promise<void> => {
  const cookies = new Map<string, string>();
  const visit = async (url: URL, form?: Record<string, string>): Promise<{ url: URL; html: string }> => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; '), ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
      ...(form ? { method: 'POST', body: new URLSearchParams(form).toString() } : {}),
    });
    for (const line of response.headers.getSetCookie()) cookies.set(line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).split(';')[0] ?? '');
    const location = response.headers.get('location');
    return location ? visit(new URL(location, url)) : { url, html: await response.text() };
  };
  const hidden = (html: string): Record<string, string> =>
    Object.fromEntries([...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [/name="([^"]*)"/.exec(input)?.[1] ?? '', /value="([^"]*)"/.exec(input)?.[1] ?? '']));
  const action = (html: string, base: URL): URL => new URL((/action="([^"]+)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&'), base);
  let step = await visit(new URL(address));
  step = await visit(action(step.html, step.url), { ...hidden(step.html), user_code: userCode });
  step = await visit(action(step.html, step.url), { ...hidden(step.html), user_code: userCode, confirm: 'yes' });
  await visit(action(step.html, step.url), { username: 'hq-analyst', password: 'hq-analyst-demo' });
};
