import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING, NOTHING } from '@common-ground/kernel';
import { TestIssuer } from '@common-ground/testing';
import fc from 'fast-check';
import { freePort } from '../service/free-port.js';
import { callerFrom, TokenVerifier } from './token-verifier.js';

let issuer: TestIssuer;
let other: TestIssuer;
let verifier: TokenVerifier;
beforeAll(async () => {
  [issuer, other] = await Promise.all([TestIssuer.start(), TestIssuer.start()]);
  verifier = new TokenVerifier({ issuer: issuer.issuer, audience: issuer.audience });
});
afterAll(() => Promise.all([issuer.close(), other.close()]));

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const claims = () => ({ sub: 'somebody', iss: issuer.issuer, aud: 'common-ground', roles: ['administrator'], exp: now() + 600 });
const refusal = (code: string) => ({ kind: 'unauthenticated', code });

describe('bearer tokens', () => {
  it('say who is asking and until when', async () => {
    const before = Date.now();
    const { caller, expiresAt } = await verifier.verify(await issuer.token({ sub: 'ana', roles: ['mission-officer', 'king'], missions: ['PE'] }));
    expect(caller).toEqual({ subject: 'ana', roles: ['mission-officer'], scope: { missions: ['PE'], interventions: '*' } });
    // The token counts in whole seconds.
    expect(expiresAt.getTime()).toBeGreaterThan(before + 599_000);
    expect(expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 600_000);
  });

  it.each<[string, () => string | undefined | Promise<string>, string]>([
    ['none', () => undefined, 'TOKEN_MISSING'],
    ['an empty one', () => '', 'TOKEN_MISSING'],
    ['a megabyte', () => `${'a'.repeat(500_000)}.${'b'.repeat(500_000)}.c`, 'TOKEN_MALFORMED'],
    ['three parts of nothing', () => 'a.b.c', 'TOKEN_MALFORMED'],
    ['one without signature', () => `${part({ alg: 'none' })}.${part(claims())}.`, 'TOKEN_MALFORMED'],
    ['one that claims to need none', () => `${part({ alg: 'none', kid: 'test' })}.${part(claims())}.AAAA`, 'TOKEN_REFUSED'],
    ['one signed with the public key as a password', () => hmacToken(), 'TOKEN_REFUSED'],
    ['one of another algorithm of the same key', () => `${part({ alg: 'PS256', kid: 'test' })}.${part(claims())}.AAAA`, 'TOKEN_REFUSED'],
    ['one for another audience', () => issuer.token({ roles: ['administrator'], audience: 'elsewhere' }), 'TOKEN_REFUSED'],
    ['one of another issuer', () => issuer.token({ issuer: other.issuer }), 'TOKEN_REFUSED'],
    ['one that another provider signed', () => other.sign(claims()), 'TOKEN_REFUSED'],
    ['one that has ended', () => issuer.token({ expiresIn: -31 }), 'TOKEN_EXPIRED'],
    ['one that never ends', () => issuer.sign({ ...claims(), exp: undefined as never }), 'TOKEN_REFUSED'],
    ['one that has not begun', () => issuer.sign({ ...claims(), nbf: now() + 60 }), 'TOKEN_REFUSED'],
    ['one of nobody', () => issuer.sign({ ...claims(), sub: undefined as never }), 'TOKEN_REFUSED'],
    ['one whose roles are no list', () => issuer.sign({ ...claims(), roles: 'administrator' }), 'TOKEN_REFUSED'],
  ])('refuses %s', async (_, token, code) => {
    await expect(verifier.verify(await token())).rejects.toMatchObject(refusal(code));
  });

  const hmacToken = async (): Promise<string> => {
    const keys = await (await fetch(`${issuer.issuer}/jwks`)).text();
    const unsigned = `${part({ alg: 'HS256', kid: 'test' })}.${part(claims())}`;
    return `${unsigned}.${createHmac('sha256', keys).update(unsigned).digest('base64url')}`;
  };

  it('lets clocks differ by half a minute', async () => {
    await expect(verifier.verify(await issuer.token({ expiresIn: -20 }))).resolves.toBeDefined();
    await expect(verifier.verify(await issuer.sign({ ...claims(), nbf: now() + 20 }))).resolves.toBeDefined();
  });

  it('refuses whatever bytes come, and any change to a good token', async () => {
    const good = await issuer.token({ roles: ['administrator'] });
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url'))), async (text) => void (await expect(verifier.verify(text)).rejects.toMatchObject({ kind: 'unauthenticated' }))));
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 12), fc.constantFrom('A', 'Q', '_', '.'), async (at, letter) => {
        fc.pre(good[at] !== letter);
        await expect(verifier.verify(good.slice(0, at) + letter + good.slice(at + 1))).rejects.toMatchObject({ kind: 'unauthenticated' });
      }),
    );
  });

  it('are remembered for half a minute, and not beyond their own end', async () => {
    let clock = Date.now();
    const watched = new TokenVerifier({ issuer: issuer.issuer, audience: 'common-ground' }, () => clock);
    const [long, short] = [await issuer.token({ expiresIn: 600 }), await issuer.token({ expiresIn: 10 })];
    const [first, brief] = [await watched.verify(long), await watched.verify(short)];
    clock += 9_000;
    expect([await watched.verify(long), await watched.verify(short)].map((seen, index) => seen === [first, brief][index])).toEqual([true, true]);
    clock += 2_000;
    expect([await watched.verify(long), await watched.verify(short)].map((seen, index) => seen === [first, brief][index])).toEqual([true, false]);
    clock += 20_000;
    expect((await watched.verify(long)) === first).toBe(false);
  });

  it('asks the provider once, however many unknown keys are named', async () => {
    const fresh = new TokenVerifier({ issuer: issuer.issuer, audience: 'common-ground' });
    const before = issuer.requests.length;
    const flood = Array.from({ length: 300 }, async (_, number) => fresh.verify(await issuer.sign(claims(), { kid: `unknown-${number}` })));
    const outcomes = await Promise.allSettled(flood);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(issuer.requests.slice(before)).toEqual(['/.well-known/openid-configuration', '/jwks']);
  });
});

describe('a provider that is away', () => {
  it('is told from a bad token', async () => {
    const port = await freePort();
    const lost = new TokenVerifier({ issuer: `http://127.0.0.1:${port}`, audience: 'common-ground' });
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(lost.verify('a.b.c')).rejects.toMatchObject({ kind: 'unavailable', code: 'IDENTITY_UNAVAILABLE' });
    const again = new TokenVerifier({ issuer: issuer.issuer, audience: 'common-ground', jwksUri: `http://127.0.0.1:${port}/jwks` });
    await expect(again.verify(await issuer.token())).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('must be who it is said to be', async () => {
    const alias = new TokenVerifier({ issuer: issuer.issuer.replace('127.0.0.1', 'localhost'), audience: 'common-ground' });
    await expect(alias.verify(await issuer.token())).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('may give its keys at another address than its name', async () => {
    const direct = new TokenVerifier({ issuer: 'https://id.example', audience: 'common-ground', jwksUri: `${issuer.issuer}/jwks` });
    await expect(direct.verify(await issuer.token({ issuer: 'https://id.example' }))).resolves.toBeDefined();
  });
});

describe('the scope of a caller', () => {
  it.each([
    [['administrator'], EVERYTHING],
    [['hq-analyst'], EVERYTHING],
    [['monitoring-officer'], EVERYTHING],
    [['mission-officer'], { missions: ['PE'], interventions: '*' }],
    [['facilitator'], { missions: ['PE'], interventions: ['i'] }],
    [['owner'], NOTHING],
    [[], NOTHING],
  ])('follows from the roles %j', (roles, scope) => {
    expect(callerFrom({ sub: 'somebody', roles, missions: ['PE'], interventions: ['i'] }).scope).toEqual(scope);
  });
});
