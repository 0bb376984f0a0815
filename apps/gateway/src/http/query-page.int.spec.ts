import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayAtWork, gatewayAtWork } from '../gateway.fixture.js';

describe('the query page', () => {
  let at: GatewayAtWork;
  beforeAll(async () => {
    at = await gatewayAtWork({ graphiqlClientId: 'query"page', introspection: true });
  });
  afterAll(() => at.stop());

  it('is served whole, with nothing from elsewhere', async () => {
    const response = await fetch(`${at.gateway.httpAddress}/graphiql`);
    const text = await response.text();
    expect(response.headers.get('content-security-policy')).toContain(`connect-src 'self' ${at.issuer.issuer};`);
    expect(text).toContain('data-client="query&quot;page"');
    expect(text.match(/(src|href)="(?!\/graphiql\.js)/g)).toBeNull();
  });

  it('has a script that a browser can read', async () => {
    const script = await (await fetch(`${at.gateway.httpAddress}/graphiql.js`)).text();
    expect(() => new Script(script)).not.toThrow();
    expect(script).toContain('code_challenge_method');
  });

  it('goes with a schema that may be asked for', async () => {
    expect((await at.ask('{ __schema { queryType { name } } }')).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });
});
