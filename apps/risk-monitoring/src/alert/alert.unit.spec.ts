import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mayReach } from './address-guard.js';
import { reasonOf } from './delivery.worker.js';
import type { Alert } from './domain/alert.js';
import { emailAbout, webhookBody } from './domain/message.js';
import { MOST_ATTEMPTS, waitAfter } from './domain/retry.js';

const alert: Alert = {
  id: '6a1c2f7e-5d4b-4c3a-8f2e-1a2b3c4d5e6f', subscriptionId: 's', flagId: 'f', mission: 'PE', interventionId: 'i', rule: 'one-side-missing', subject: 'FOOTBALL-1',
  severity: 12, channel: 'e-mail', status: 'waiting', attempts: 1, raisedAt: new Date('2026-06-01T12:00:00Z'), deliveredAt: null, proof: '',
};

describe('trying again', () => {
  it('waits four times longer each time, about a day in all, and then gives up', () => {
    const waits = Array.from({ length: MOST_ATTEMPTS }, (_, index) => waitAfter(index + 1, 15_000, 0.5));
    expect(waits.slice(0, -1)).toEqual([15, 60, 240, 960, 3_840, 15_360, 61_440].map((seconds) => seconds * 1_000));
    expect(waits.at(-1)).toBeUndefined();
  });

  it('varies by a fifth either way', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, chance) => {
      const wait = waitAfter(attempt, 1_000, chance) ?? 0;
      return wait >= 800 * 4 ** (attempt - 1) && wait <= 1_200 * 4 ** (attempt - 1);
    }));
  });
});

describe('where webhooks may go', () => {
  const [none, all] = [{ allowLoopback: false, allowPrivateNetworks: false }, { allowLoopback: true, allowPrivateNetworks: true }];
  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('lets %s be reached', (address) => expect(mayReach(address, none)).toBe(true));
  it.each(['127.0.0.1', '127.9.9.9', '::1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fc00::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1'])('keeps %s for those who allow it', (address) => {
    expect([mayReach(address, none), mayReach(address, all)]).toEqual([false, true]);
  });
  it.each(['169.254.169.254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', 'fd00:ec2::254', '100.100.100.200', 'fe80::1', 'fe80::1%eth0', '0.0.0.0', '::', '224.0.0.1', '255.255.255.255', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', 'nonsense', ''])('never reaches %s', (address) => expect(mayReach(address, all)).toBe(false));
});

describe('what is said', () => {
  it('is the same in text and HTML, links to the flag, and is escaped', () => {
    const { subject, text, html } = emailAbout({ ...alert, subject: '<b>"A"\r\nBcc: x@example.org' }, 'https://portal.example.org/app');
    expect(subject).toBe('Only one side came: <b>"A" Bcc: x@example.org (PE)');
    for (const body of [text, html]) expect(body).toContain('https://portal.example.org/app/flags/f');
    expect(html).not.toContain('<b>');
    expect(text).toContain('Severity: 12 of 25');
    expect(emailAbout(alert, undefined).text).not.toContain('Open the flag');
  });

  it('holds codes and figures in a webhook', () => {
    expect(JSON.parse(webhookBody(alert))).toMatchObject({ type: 'risk.flagged', data: { alertId: alert.id, rule: 'one-side-missing', severity: 12 } });
  });

  it('keeps no address of why a try failed', () => {
    const refused = Object.assign(new Error('550 no such user a@example.org'), { responseCode: 550, code: 'EENVELOPE' });
    expect(reasonOf(refused)).toBe('SMTP 550');
    expect(reasonOf(Object.assign(new Error('getaddrinfo ENOTFOUND secret.example.org'), { code: 'ENOTFOUND' }))).toBe('not reached (ENOTFOUND)');
    expect(reasonOf(new Error('a@example.org'))).toBe('not reached');
    expect(reasonOf(new DOMException('x', 'TimeoutError'))).toBe('no answer in time');
  });
});
