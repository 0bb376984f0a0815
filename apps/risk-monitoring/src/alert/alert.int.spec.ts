import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import type { Caller } from '@common-ground/kernel';
import { aHeld, anEstimate, aPlace, monitor, officerOf, ONLY_HOSTS, type RiskMonitoringAtWork, riskMonitoringAtWork, settings } from '../risk-monitoring.fixture.js';

type Call = { readonly headers: IncomingHttpHeaders; readonly body: string };
type Hook = { readonly url: string; readonly calls: Call[]; statuses: (number | 'hang up')[]; readonly server: Server };

const startHook = async (): Promise<Hook> => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      hook.calls.push({ headers: request.headers, body });
      const status = hook.statuses.shift() ?? 204;
      if (status === 'hang up') return request.socket.destroy();
      return response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hook: Hook = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, calls: [], statuses: [], server };
  return hook;
};

const mails: string[] = [];
let smtpRefuses = false;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onRcptTo: (address, _session, done) => (smtpRefuses ? done(Object.assign(new Error(`no such user ${address.address}`), { responseCode: 550 })) : done()),
  onData: (stream, _session, done) => {
    let mail = '';
    stream.on('data', (part) => (mail += String(part)));
    stream.on('end', () => {
      mails.push(mail);
      done();
    });
  },
});

let risk: RiskMonitoringAtWork;
let hook: Hook;
beforeAll(async () => {
  hook = await startHook();
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  risk = await riskMonitoringAtWork(settings({ email: { smtpUrl: `smtp://127.0.0.1:${port}`, from: 'alerts@common-ground.example.org' }, portalUrl: 'https://portal.example.org' }));
});
afterAll(async () => {
  await risk.stop();
  hook.server.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

let people = 0;
/** A mission of the spec's own, so that no other spec's subscriptions match. */
const aMission = (): string => `T${String.fromCharCode(65 + Math.floor(people / 26))}-${(people += 1)}`;
const somebody = (mission: string): Caller => ({ ...officerOf(mission), subject: `somebody-${randomUUID()}` });
const wanted = (change = {}) => ({ commandId: randomUUID(), id: randomUUID(), channel: 'in-app', target: '', missions: [], rules: [], minimumSeverity: 0, ...change });
const harm = (mission: string, quiet = false) => risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(aPlace(mission)), quiet }]);
const everything = { channels: [], statuses: [], ids: [] };
const alertsOf = async (caller: Caller) => (await risk.alerts.list(undefined, everything, caller)).alerts;
const work = async (worker = risk.worker()) => {
  const taken = await worker.takeUp();
  await worker.settled();
  return taken;
};
const pass = (seconds: number) => risk.clock.moveTo(new Date(risk.clock.now().getTime() + seconds * 1_000));

describe('who is alerted', () => {
  it('is who subscribed in scope, to the rule, at the severity; in the transaction that opens the flag, once', async () => {
    const [mission, other] = [aMission(), aMission()];
    const [all, wrongRule, tooLight, elsewhere] = [somebody(mission), somebody(mission), somebody(mission), somebody(other)];
    await risk.subscriptions.subscribe(wanted(), all);
    await risk.subscriptions.subscribe(wanted({ rules: ['outcome-worsened'] }), all);
    await risk.subscriptions.subscribe(wanted({ rules: ['poor-contact'] }), wrongRule);
    await risk.subscriptions.subscribe(wanted({ minimumSeverity: 21 }), tooLight);
    await risk.subscriptions.subscribe(wanted(), elsewhere);
    await harm(mission);
    const alerts = await alertsOf(all);
    expect(alerts).toMatchObject([{ mission, rule: 'outcome-worsened', subject: 'numberim', severity: 20, channel: 'in-app', status: 'waiting', attempts: 0, deliveredAt: null }]);
    for (const caller of [wrongRule, tooLight, elsewhere]) expect(await alertsOf(caller)).toEqual([]);
    const [told] = await risk.told(alerts[0]!.flagId);
    expect(told?.data['inAppAlerts']).toEqual([{ alertId: alerts[0]!.id, subscriber: all.subject }]);
  });

  it('is nobody when an import asked for no alerts, when a log is read again, or when evidence grows', async () => {
    const mission = aMission();
    const caller = somebody(mission);
    await risk.subscriptions.subscribe(wanted(), caller);
    await harm(mission, true);
    // A fact of before, at a position that the group has passed, is a replay.
    await risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(aPlace(mission)), time: new Date(0) }], [1]);
    expect(await alertsOf(caller)).toEqual([]);
    const place = aPlace(mission);
    await risk.hear(Array.from({ length: 90 }, () => ({ name: 'ActivityHeld' as const, data: aHeld(place, ONLY_HOSTS) })));
    expect(await alertsOf(caller)).toHaveLength(1);
  });

  it('is whoever subscribed, once, when what an import found quietly goes on', async () => {
    const mission = aMission();
    const caller = somebody(mission);
    await risk.subscriptions.subscribe(wanted(), caller);
    const place = aPlace(mission);
    const held = (quiet: boolean) => risk.hear([{ name: 'ActivityHeld' as const, data: aHeld(place, ONLY_HOSTS), quiet }]);
    await held(true);
    await held(true);
    expect(await alertsOf(caller)).toEqual([]);
    await held(false);
    const alerts = await alertsOf(caller);
    expect(alerts).toMatchObject([{ rule: 'one-side-missing', channel: 'in-app', status: 'waiting' }]);
    expect((await risk.told(alerts[0]!.flagId)).at(-1)).toMatchObject({ type: 'RiskFlagged', data: { evidenceCount: 3, opened: false, inAppAlerts: [{ alertId: alerts[0]!.id, subscriber: caller.subject }] } });
    await held(false);
    expect(await alertsOf(caller)).toHaveLength(1);
  });

  it('is nobody when somebody has seen what an import found quietly', async () => {
    const mission = aMission();
    const caller = somebody(mission);
    await risk.subscriptions.subscribe(wanted(), caller);
    const place = aPlace(mission);
    await risk.hear([{ name: 'ActivityHeld' as const, data: aHeld(place, ONLY_HOSTS), quiet: true }]);
    const [flag] = (await risk.flags.list(undefined, { missions: [mission], interventionIds: [], statuses: [], rules: [] }, caller)).flags;
    await risk.flags.acknowledge({ commandId: randomUUID(), flagId: flag!.id }, caller);
    await risk.hear([{ name: 'ActivityHeld' as const, data: aHeld(place, ONLY_HOSTS) }]);
    expect(await alertsOf(caller)).toEqual([]);
  });

  it('is not who has cancelled', async () => {
    const mission = aMission();
    const caller = somebody(mission);
    const { subscription } = await risk.subscriptions.subscribe(wanted(), caller);
    await risk.subscriptions.cancel({ commandId: randomUUID(), subscriptionId: subscription.id }, caller);
    await harm(mission);
    expect(await alertsOf(caller)).toEqual([]);
  });
});

describe('in-app alerts', () => {
  it('wait until their subscriber confirms them, and nobody else can', async () => {
    const mission = aMission();
    const [caller, other] = [somebody(mission), somebody(mission)];
    await risk.subscriptions.subscribe(wanted(), caller);
    await harm(mission);
    const [alert] = await alertsOf(caller);
    await risk.alerts.confirm([alert!.id, randomUUID(), 'no id'], other);
    expect(await alertsOf(caller)).toMatchObject([{ status: 'waiting' }]);
    await risk.alerts.confirm([alert!.id], caller);
    const confirmed = await alertsOf(caller);
    expect(confirmed).toMatchObject([{ status: 'delivered', deliveredAt: risk.clock.now(), proof: 'shown in the app' }]);
    pass(10);
    await risk.alerts.confirm([alert!.id], caller);
    expect(await alertsOf(caller)).toEqual(confirmed);
    expect((await risk.alerts.list(undefined, { ...everything, ids: [alert!.id] }, other)).alerts).toEqual([]);
  });
});

describe('e-mail', () => {
  it('goes out in two parts under the alert’s id, and what the server said is kept without the address', async () => {
    const mission = aMission();
    const caller = somebody(mission);
    await risk.subscriptions.subscribe(wanted({ channel: 'e-mail', target: 'duty@example.org' }), caller);
    await harm(mission);
    const [alert] = await alertsOf(caller);
    await work();
    expect(await alertsOf(caller)).toMatchObject([{ status: 'delivered', attempts: 1, proof: '250 accepted' }]);
    const mail = mails.at(-1) ?? '';
    expect(mail.replace(/\r\n /g, ' ')).toMatch(new RegExp(`Message-ID: +<${alert!.id}@common-ground.example.org>`));
    expect(mail).toContain('To: duty@example.org');
    expect(mail).toMatch(/multipart\/alternative[\s\S]*text\/plain[\s\S]*text\/html/);
    expect(await work()).toBe(0);
  });

  it('is tried again after a refusal, whose words are not kept', async () => {
    const mission = aMission();
    const caller = somebody(mission);
    await risk.subscriptions.subscribe(wanted({ channel: 'e-mail', target: 'gone@example.org' }), caller);
    await harm(mission);
    smtpRefuses = true;
    await work();
    smtpRefuses = false;
    expect(await alertsOf(caller)).toMatchObject([{ status: 'waiting', attempts: 1, proof: 'SMTP 550' }]);
    pass(2);
    await work();
    expect(await alertsOf(caller)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });
});

describe('webhooks', () => {
  const hooked = async () => {
    const mission = aMission();
    const caller = somebody(mission);
    const { signingSecret } = await risk.subscriptions.subscribe(wanted({ channel: 'webhook', target: hook.url }), caller);
    hook.calls.length = 0;
    await harm(mission);
    return { caller, signingSecret };
  };

  it('are signed, and tried again after a 500 under the same id', async () => {
    const { caller, signingSecret } = await hooked();
    hook.statuses = [500];
    risk.clock.moveTo(new Date());
    await work();
    expect(await alertsOf(caller)).toMatchObject([{ status: 'waiting', attempts: 1, proof: 'HTTP 500' }]);
    expect(await work()).toBe(0);
    pass(2);
    await work();
    expect(await alertsOf(caller)).toMatchObject([{ status: 'delivered', attempts: 2, proof: 'HTTP 204' }]);
    expect(hook.calls).toHaveLength(2);
    expect(hook.calls[0]?.headers['webhook-id']).toBe(hook.calls[1]?.headers['webhook-id']);
    for (const { body, headers } of hook.calls) {
      expect(new Webhook(signingSecret).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'risk.flagged', data: { rule: 'outcome-worsened' } });
      expect(() => new Webhook(signingSecret).verify(body.replace('numberim', 'other'), headers as Record<string, string>)).toThrow();
    }
  });

  it('are given up after eight tries, over about a day', async () => {
    const { caller } = await hooked();
    hook.statuses = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? 503 : 'hang up'));
    const start = risk.clock.now().getTime();
    for (let tries = 0; tries < 12; tries += 1) {
      await work();
      pass(1.25 * 4 ** tries);
    }
    expect(hook.calls).toHaveLength(8);
    expect(await alertsOf(caller)).toMatchObject([{ status: 'failed', attempts: 8, proof: 'not reached (ECONNRESET)' }]);
    expect(risk.clock.now().getTime()).toBeGreaterThan(start);
  });

  it('follow no redirect, and stop where the receiving end is gone', async () => {
    const { caller } = await hooked();
    hook.statuses = [302, 410];
    await work();
    expect(await alertsOf(caller)).toMatchObject([{ status: 'waiting', proof: 'HTTP 302: redirects are not followed' }]);
    pass(2);
    await work();
    expect(await alertsOf(caller)).toMatchObject([{ status: 'failed', attempts: 2, proof: 'HTTP 410' }]);
  });

  it('are sent again by another worker when one died between sending and marking', async () => {
    const { caller } = await hooked();
    const dying = risk.worker();
    const mark = Reflect.get(dying, 'mark') as unknown;
    expect(typeof mark).toBe('function');
    Reflect.set(dying, 'mark', () => Promise.reject(new Error('killed')));
    await work(dying);
    expect(hook.calls).toHaveLength(1);
    expect(await alertsOf(caller)).toMatchObject([{ status: 'waiting', attempts: 1 }]);
    expect(await work()).toBe(0);
    pass(61);
    await work();
    expect(hook.calls.map(({ headers }) => headers['webhook-id'])).toEqual([hook.calls[0]?.headers['webhook-id'], hook.calls[0]?.headers['webhook-id']]);
    expect(await alertsOf(caller)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  });

  it('go out once when two workers look at the same time', async () => {
    const { caller } = await hooked();
    await Promise.all([work(), work(), work()]);
    expect(hook.calls).toHaveLength(1);
    expect(await alertsOf(caller)).toMatchObject([{ status: 'delivered' }]);
  });

  it('do not reach this machine by a name that leads there', async () => {
    const { caller } = await hooked();
    await work(risk.worker({ webhooks: { allowLoopback: false, allowPrivateNetworks: false } }));
    expect(await alertsOf(caller)).toMatchObject([{ status: 'waiting', proof: 'the address leads into a network that webhooks may not reach' }]);
    await risk.asEverybody((tx) => tx.query(`UPDATE alert SET status = 'failed' WHERE status = 'waiting'`));
    const named = { ...caller, subject: `named-${randomUUID()}` };
    await risk.subscriptions.subscribe(wanted({ channel: 'webhook', target: hook.url.replace('127.0.0.1', 'localhost') }), named);
    hook.calls.length = 0;
    await harm((caller.scope.missions as string[])[0]!);
    await work(risk.worker({ webhooks: { allowLoopback: false, allowPrivateNetworks: true } }));
    expect(await alertsOf(named)).toMatchObject([{ status: 'waiting', proof: 'the address leads into a network that webhooks may not reach' }]);
    expect(hook.calls).toEqual([]);
    await risk.asEverybody((tx) => tx.query(`UPDATE alert SET status = 'failed' WHERE status = 'waiting'`));
  });

  it('stop with their subscription', async () => {
    const { caller } = await hooked();
    const [subscription] = await risk.subscriptions.list(caller);
    await risk.subscriptions.cancel({ commandId: randomUUID(), subscriptionId: subscription!.id }, caller);
    await work();
    expect(hook.calls).toEqual([]);
    expect(await alertsOf(caller)).toMatchObject([{ status: 'failed', proof: 'the subscription was cancelled' }]);
  });
});

describe('a busy table of alerts', () => {
  it('is walked through page by page, each once', async () => {
    const caller = { ...monitor, subject: `walker-${randomUUID()}` };
    const mission = aMission();
    await risk.subscriptions.subscribe(wanted({ missions: [mission] }), caller);
    for (let count = 0; count < 5; count += 1) await harm(mission);
    const first = await risk.alerts.list({ first: 3, after: '' }, everything, caller);
    const second = await risk.alerts.list({ first: 3, after: first.pageInfo.endCursor }, everything, caller);
    expect(new Set([...first.alerts, ...second.alerts].map(({ id }) => id)).size).toBe(5);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, totalCount: 5 });
    await expect(risk.alerts.list(undefined, { ...everything, channels: ['pigeon'] }, caller)).rejects.toMatchObject({ code: 'VALUE_UNKNOWN' });
    await expect(risk.alerts.confirm([], caller)).rejects.toMatchObject({ code: 'BATCH_EMPTY' });
  });
});
