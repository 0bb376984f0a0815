import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type GatewayAtWork, gatewayAtWork } from '../gateway.fixture.js';

type Body = string | Uint8Array<ArrayBuffer>;
type Answered = { readonly status: number; readonly text: string; readonly headers: Headers };

describe('the doors of the gateway', () => {
  let at: GatewayAtWork;
  let token: string;
  beforeAll(async () => {
    at = await gatewayAtWork();
    token = await at.issuer.token({ roles: ['administrator'] });
  });
  afterAll(() => at.stop());
  beforeEach(() => at.registry.forget());

  const send = async (body: Body | undefined, { method = 'POST', path = '/graphql', headers = {} }: { method?: string; path?: string; headers?: Record<string, string> } = {}): Promise<Answered> => {
    const response = await fetch(`${at.gateway.httpAddress}${path}`, { method, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers }, ...(body === undefined ? {} : { body }) });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const ask = (query: string, variables?: object): Promise<Answered> => send(JSON.stringify({ query, variables }));
  const refused = (answer: Answered): void => {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).not.toMatch(/\bat .*\.(ts|js):\d+|node_modules|"data":\{/);
    expect(at.registry.calls).toEqual([]);
  };

  it.each([
    ['a deep query', `{ interventions { edges { node { ${'mission { '.repeat(20)}name${' }'.repeat(20)} } } } }`],
    ['an alias bomb', `{ ${Array.from({ length: 100 }, (_, index) => `a${index}: missions { totalCount }`).join(' ')} }`],
    ['a query of endless text', `{ missions { ${'totalCount '.repeat(5_000)} } }`],
    ['a directive bomb', `{ missions { totalCount ${'@include(if: true) '.repeat(200)} } }`],
    ['pages of pages', '{ interventions(first: 100) { edges { node { activities(first: 100) { edges { node { code title status startsAt endsAt } } } } } } }'],
    ['pages of pages by variables', 'query($n: Int) { interventions(first: $n) { edges { node { activities(first: $n) { edges { node { code title status startsAt endsAt } } } } } } }'],
    ['a fragment that spreads itself', '{ missions { ...f } } fragment f on MissionConnection { totalCount ...f }'],
    ['fragments that multiply', `{ missions { ...f0 } } ${Array.from({ length: 30 }, (_, index) => `fragment f${index} on MissionConnection { ${index < 29 ? `...f${index + 1} ...f${index + 1}` : 'totalCount'} }`).join(' ')}`],
    ['a question for the schema', '{ __schema { types { name } } }'],
    ['a wrong enum value', '{ interventions(filter: { kinds: [DANCE] }) { totalCount } }'],
    ['an unknown field', '{ missions { secrets } }'],
    ['nothing', ''],
    ['a subscription', 'subscription { riskFlagChanged { id } }'],
  ])('refuses %s', async (_, query) => refused(await ask(query)));

  it('refuses values that are none of their type, by name of the field', async () => {
    const answer = await ask('query($from: DateTime) { activities(filter: { from: $from }) { totalCount } }', { from: '2026-02-30T10:00:00Z' });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/no such moment/);
    expect((await ask('query($from: DateTime) { activities(filter: { from: $from }) { totalCount } }', { from: '2026-02-20T10:00:00' })).text).toMatch(/offset/);
  });

  it('refuses operations by GET, mutations above all, and what other sites could post', async () => {
    const mutation = encodeURIComponent('mutation { registerMission(input: { commandId: "c", mission: "PE", name: "", country: "PE", timeZone: "UTC", languages: [] }) { errors { code } } }');
    refused(await send(undefined, { method: 'GET', path: `/graphql?query=${mutation}` }));
    refused(await send(undefined, { method: 'GET', path: `/graphql?query=${mutation}`, headers: { 'apollo-require-preflight': 'true' } }));
    refused(await send('query=%7B__typename%7D', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
    refused(await send('{"query":"{ missions { totalCount } }"}', { headers: { 'content-type': 'text/plain' } }));
    const form = new FormData();
    form.set('operations', '{"query":"{ missions { totalCount } }"}');
    const response = await fetch(`${at.gateway.httpAddress}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form });
    expect(response.status).toBe(415);
  });

  it('refuses several operations at once', async () => refused(await send(JSON.stringify([{ query: '{ missions { totalCount } }' }, { query: '{ missions { totalCount } }' }]))));

  it('refuses a body of more than 4 MB', async () => refused(await send(JSON.stringify({ query: '{ missions { totalCount } }', variables: { x: 'x'.repeat(5 * 1024 * 1024) } }))));

  it('refuses random bytes and random JSON, and goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((bytes): Body => bytes as Uint8Array<ArrayBuffer>), fc.json().map((text): Body => text), fc.string().map((text): Body => JSON.stringify({ query: text }))), async (body) => {
        refused(await send(body));
      }),
      { numRuns: 60 },
    );
    expect((await send(undefined, { method: 'GET', path: '/health/live' })).status).toBe(200);
  });

  it('refuses tokens of any shape that are none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.base64String(), fc.constant('x'.repeat(9_000)), fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((parts) => parts.join('.'))), async (nonsense) => {
        const answer = await send('{"query":"{ missions { totalCount } }"}', { headers: { authorization: `Bearer ${nonsense}` } });
        expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
      }),
      { numRuns: 30 },
    );
  });

  it('carries security headers, and lets known origins read', async () => {
    const { headers } = await ask('{ __typename }');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await send(undefined, { method: 'OPTIONS', headers: { origin: 'https://portal.example.org' } });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, 'https://portal.example.org']);
    expect((await send(undefined, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('tells how it is', async () => {
    expect((await send(undefined, { method: 'GET', path: '/health/ready' })).status).toBe(200);
    expect((await send(undefined, { method: 'GET', path: '/metrics' })).text).toMatch(/process_resident_memory_bytes/);
  });

  it('serves no query page unless told to', async () => expect((await send(undefined, { method: 'GET', path: '/graphiql' })).status).toBe(404));
});

describe('a gateway that is asked too often', () => {
  it('slows one person down, and one address', async () => {
    const at = await gatewayAtWork({ requestsPerSecond: { person: 1, address: 3 } });
    try {
      const answers = [];
      for (let index = 0; index < 6; index += 1) answers.push(await at.ask('{ __typename }'));
      expect(answers.slice(0, 4).every(({ errors }) => !errors)).toBe(true);
      expect(answers.at(-1)?.errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED' });
      const statuses: number[] = [];
      for (let index = 0; index < 10; index += 1) statuses.push((await fetch(`${at.gateway.httpAddress}/graphql`, { method: 'POST' })).status);
      expect(statuses.at(-1)).toBe(429);
    } finally {
      await at.stop();
    }
  });
});
