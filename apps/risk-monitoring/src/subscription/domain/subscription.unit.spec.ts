import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { subscribe, type SubscribeToAlerts, type WebhookPolicy } from './subscription.js';

const wanted = (change: Partial<SubscribeToAlerts> = {}): SubscribeToAlerts => ({ id: '6a1c2f7e-5d4b-4c3a-8f2e-1a2b3c4d5e6f', channel: 'in-app', target: '', missions: [], rules: [], minimumSeverity: 0, ...change });
const decide = (change: Partial<SubscribeToAlerts>, scopeMissions: '*' | string[] = '*', webhooks: WebhookPolicy = { allowLoopback: false }) =>
  subscribe(wanted(change), { subject: 'somebody', scopeMissions }, { knownRules: ['poor-contact'], webhooks, now: new Date(0) });

describe('subscribing', () => {
  it('takes everything when nothing is said', () => {
    expect(decide({})).toMatchObject({ subscriber: 'somebody', scopeMissions: '*', minimumSeverity: 1, missions: [], rules: [] });
  });

  it.each(['alerts@example.org', 'first.last+tag@mail.example.co.uk'])('takes the address %s', (target) => {
    expect(decide({ channel: 'e-mail', target }).target).toBe(target);
  });

  it.each(['', 'nobody', 'a@b', 'a@example.org, b@example.org', 'a@example.org\r\nBcc: b@example.org', 'A <a@example.org>', 'a b@example.org', 'a..b@example.org', `${'a'.repeat(65)}@example.org`, `a@${'b.'.repeat(130)}org`])('refuses %j as an address', (target) => {
    expect(() => decide({ channel: 'e-mail', target })).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
  });

  it.each([
    ['https://user:secret@example.org/hook', 'URL_INVALID'],
    ['https://example.org/hook#part', 'URL_INVALID'],
    ['no address', 'URL_INVALID'],
    ['http://example.org/hook', 'URL_NOT_HTTPS'],
    ['ftp://example.org/hook', 'URL_NOT_HTTPS'],
    ['http://localhost/hook', 'URL_REFUSED'],
    ['https://127.0.0.1/hook', 'URL_REFUSED'],
    ['https://0x7f.1/hook', 'URL_REFUSED'],
    ['https://[::1]/hook', 'URL_REFUSED'],
  ])('refuses %s as a webhook', (target, code) => {
    expect(() => decide({ channel: 'webhook', target })).toThrow(expect.objectContaining({ code }));
  });

  it('takes plain http to this machine where that is allowed, and nowhere else', () => {
    expect(decide({ channel: 'webhook', target: 'http://127.0.0.1:8080/hook' }, '*', { allowLoopback: true }).channel).toBe('webhook');
    expect(() => decide({ channel: 'webhook', target: 'http://10.0.0.1/hook' }, '*', { allowLoopback: true })).toThrow(expect.objectContaining({ code: 'URL_NOT_HTTPS' }));
  });

  it.each([
    [{ channel: 'pigeon' }, 'VALUE_UNKNOWN'],
    [{ id: 'one' }, 'ID_INVALID'],
    [{ target: 'something' }, 'TARGET_NOT_WANTED'],
    [{ minimumSeverity: 26 }, 'SEVERITY_OUT_OF_RANGE'],
    [{ rules: ['poor-kontact'] }, 'VALUE_UNKNOWN'],
    [{ missions: ['peru'] }, 'MISSION_CODE_INVALID'],
  ])('refuses %j', (change, code) => {
    expect(() => decide(change)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses missions out of scope as if they were not there', () => {
    expect(() => decide({ missions: ['TR'] }, ['PE'])).toThrow(expect.objectContaining({ kind: 'not-found', code: 'MISSION_UNKNOWN' }));
    expect(decide({ missions: ['PE', 'PE'] }, ['PE']).missions).toEqual(['PE']);
  });

  it('answers whatever it is given with a subscription or a refusal', () => {
    fc.assert(
      fc.property(fc.record({ id: fc.string(), channel: fc.constantFrom('in-app', 'e-mail', 'webhook'), target: fc.oneof(fc.string(), fc.webUrl(), fc.emailAddress()), missions: fc.array(fc.string()), rules: fc.array(fc.string()), minimumSeverity: fc.double() }), (change) => {
        try {
          decide(change);
        } catch (error) {
          expect(error).toMatchObject({ name: 'DomainError' });
        }
      }),
    );
  });
});
