import { randomUUID } from 'node:crypto';
import { connect as reach } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Facts, type risk, TOPICS } from '@common-ground/contracts';
import { WebSocket } from 'ws';
import { type GatewayAtWork, gatewayAtWork } from '../gateway.fixture.js';

type Message = { readonly type: string; readonly id?: string; readonly payload?: Record<string, never> };

/** A WebSocket at its barest, so that it can misbehave. */
class Client {
  readonly messages: Message[] = [];
  readonly closed: Promise<number>;
  readonly opened: Promise<void>;

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.messages.push(JSON.parse(String(data)) as Message));
    this.opened = new Promise((resolve, reject) => socket.once('open', () => resolve()).once('error', reject));
    this.opened.catch(() => undefined);
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
    socket.on('error', () => undefined);
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  async until(find: (messages: readonly Message[]) => boolean): Promise<readonly Message[]> {
    for (let waited = 0; waited < 8_000; waited += 20) {
      if (find(this.messages)) return this.messages;
      await pause(20);
    }
    throw new Error(`waited in vain; heard ${JSON.stringify(this.messages)}`);
  }

  next(): unknown[] {
    return this.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload);
  }
}

const flagged = (change: Partial<risk.RiskFlagged> = {}): risk.RiskFlagged => ({
  mission: 'PE',
  interventionId: '11111111-1111-4111-8111-111111111111',
  flagId: '22222222-2222-4222-8222-222222222222',
  rule: 'outcome-worsened',
  subject: 'numberim post',
  status: 'open',
  likelihood: 4,
  impact: 4,
  severity: 16,
  evidenceCount: 1,
  latestEvidence: [],
  openedAt: new Date(),
  opened: true,
  inAppAlerts: [],
  revision: 1,
  ...change,
});

const flagRow = (id: string, mission = 'PE') => ({ ...flagged(), id, mission, evidence: [], changedAt: new Date(), reason: '' });
const alertRow = (id: string, status = 'waiting') => ({ id, flagId: 'f', mission: 'PE', interventionId: '', rule: 'outcome-worsened', subject: 'numberim post', severity: 16, channel: 'in-app', status, attempts: 0, raisedAt: new Date(), deliveredAt: undefined, proof: '' });

describe('subscriptions', () => {
  let at: GatewayAtWork;
  let clients: Client[] = [];
  beforeAll(async () => {
    at = await gatewayAtWork();
  });
  afterAll(() => at.stop());
  beforeEach(() => at.risk.forget());
  afterEach(async () => {
    for (const { socket } of clients) socket.terminate();
    clients = [];
    await pause(50);
  });

  const connect = (options: { origin?: string; path?: string; from?: string } = {}): Client => {
    const client = new Client(new WebSocket(`${at.gateway.httpAddress.replace('http', 'ws')}${options.path ?? '/graphql'}`, 'graphql-transport-ws', { ...(options.origin ? { origin: options.origin } : {}), ...(options.from ? { localAddress: options.from } : {}) }));
    clients.push(client);
    return client;
  };
  const signedIn = async (claims: Parameters<GatewayAtWork['issuer']['token']>[0] = { roles: ['monitoring-officer'] }): Promise<Client> => {
    const client = connect();
    await client.opened;
    client.say({ type: 'connection_init', payload: { authorization: `Bearer ${await at.issuer.token(claims)}` } });
    await client.until((messages) => messages.some(({ type }) => type === 'connection_ack'));
    return client;
  };
  const subscribe = (client: Client, query: string, variables = {}): void => client.say({ id: randomUUID(), type: 'subscribe', payload: { query, variables } });
  const publish = (data: risk.RiskFlagged) =>
    at.log.publish(TOPICS.risk, [
      { id: randomUUID(), type: Facts.RiskFlagged.type, source: 'risk-monitoring', time: new Date(), key: data.interventionId, subject: data.flagId, sequence: data.revision, mission: data.mission, quiet: false, data: Facts.RiskFlagged.encode(data) },
    ]);

  it('tells flags as they change, within the caller’s scope and wish', async () => {
    at.risk.when('batchGetFlags', ({ ids }: { ids: string[] }) => ({ flags: ids.map((id) => flagRow(id, id.startsWith('3') ? 'TR' : 'PE')) }));
    const [all, peru, officer] = [await signedIn(), await signedIn(), await signedIn({ roles: ['mission-officer'], missions: ['TR'], sub: 'officer' })];
    subscribe(all, 'subscription { riskFlagChanged { id rule severity } }');
    subscribe(peru, 'subscription($m: [String!]) { riskFlagChanged(missions: $m) { mission } }', { m: ['PE'] });
    subscribe(officer, 'subscription { riskFlagChanged { mission } }');
    await pause(200);
    await publish(flagged());
    await publish(flagged({ mission: 'TR', flagId: '33333333-3333-4333-8333-333333333333' }));
    await all.until(() => all.next().length === 2);
    expect(all.next()[0]).toEqual({ data: { riskFlagChanged: { id: '22222222-2222-4222-8222-222222222222', rule: 'OUTCOME_WORSENED', severity: 16 } } });
    await officer.until(() => officer.next().length === 1);
    expect(peru.next()).toEqual([{ data: { riskFlagChanged: { mission: 'PE' } } }]);
    expect(officer.next()).toEqual([{ data: { riskFlagChanged: { mission: 'TR' } } }]);
  });

  it('delivers waiting alerts first, then new ones to their subscriber alone, and confirms each', async () => {
    const [waiting, fresh] = [randomUUID(), randomUUID()];
    at.risk.when('listAlerts', ({ ids }: { ids: string[] }) => ({ alerts: ids.length > 0 ? ids.map((id) => alertRow(id)) : [alertRow(waiting)], pageInfo: undefined }));
    at.risk.when('confirmAlerts', () => ({}));
    const client = await signedIn({ sub: 'monitor-1', roles: ['monitoring-officer'] });
    subscribe(client, 'subscription { alertReceived { id rule channel } }');
    await client.until(() => client.next().length === 1);
    await publish(flagged({ inAppAlerts: [{ alertId: fresh, subscriber: 'monitor-1' }, { alertId: randomUUID(), subscriber: 'somebody-else' }] }));
    await client.until(() => client.next().length === 2);
    expect(client.next()).toEqual([waiting, fresh].map((id) => ({ data: { alertReceived: { id, rule: 'OUTCOME_WORSENED', channel: 'IN_APP' } } })));
    await client.until(() => at.risk.calls.filter(({ method }) => method === 'confirmAlerts').length === 2);
    expect(at.risk.calls.filter(({ method }) => method === 'confirmAlerts').map(({ request }) => request['alertIds'])).toEqual([[waiting], [fresh]]);
    expect(at.risk.calls.every(({ authorization }) => authorization?.startsWith('Bearer '))).toBe(true);
  });

  it('takes subscriptions only, under the limits', async () => {
    const client = await signedIn();
    subscribe(client, 'mutation { acknowledgeRiskFlag(input: { commandId: "c", flagId: "f" }) { errors { code } } }');
    await client.until((messages) => messages.some(({ type }) => type === 'error'));
    subscribe(client, '{ missions { totalCount } }');
    subscribe(client, `subscription { ${Array.from({ length: 40 }, (_, index) => `a${index}: `).join('riskFlagChanged { id } ')} riskFlagChanged { id } }`);
    subscribe(client, 'random bytes \u0007');
    subscribe(client, '{ __schema { types { name } } }');
    await client.until((messages) => messages.filter(({ type }) => type === 'error').length === 5);
    expect(at.risk.calls).toEqual([]);
    expect(JSON.stringify(client.messages)).toContain('SUBSCRIPTIONS_ONLY');
    expect(JSON.stringify(client.messages)).not.toMatch(/stack/);
  });

  it('lets pages of other origins not in, and those it knows', async () => {
    await expect(connect({ origin: 'https://evil.example' }).opened).rejects.toThrow(/403/);
    await expect(connect({ origin: 'https://portal.example.org' }).opened).resolves.toBeUndefined();
    await expect(connect({ path: '/elsewhere' }).opened).rejects.toThrow(/404/);
  });

  it('closes on whoever does not sign in within seconds', async () => {
    const client = connect();
    await client.opened;
    expect(await client.closed).toBe(4408);
  }, 15_000);

  it('closes on a frame of 20 MB before looking at it', async () => {
    const client = connect();
    await client.opened;
    client.say({ type: 'connection_init', payload: { authorization: 'x'.repeat(20 * 1024 * 1024) } });
    expect([1006, 1009]).toContain(await client.closed);
  });

  it('closes on a bad token, on an ended one, and when a good one ends', async () => {
    const codeFor = async (authorization: string): Promise<number> => {
      const client = connect();
      await client.opened;
      client.say({ type: 'connection_init', payload: { authorization } });
      return client.closed;
    };
    expect(await codeFor('Bearer nonsense')).toBe(4403);
    expect(await codeFor(`Bearer ${await at.issuer.token({ expiresIn: -600 })}`)).toBe(4403);
    expect(await codeFor(`Bearer ${await at.issuer.token({ expiresIn: 2 })}`)).toBe(4401);
  });

  it('takes no more sockets of one person than it says', async () => {
    const claims = { sub: 'eager', roles: ['monitoring-officer'] };
    for (let index = 0; index < 3; index += 1) await signedIn(claims);
    const one = connect();
    await one.opened;
    one.say({ type: 'connection_init', payload: { authorization: `Bearer ${await at.issuer.token(claims)}` } });
    expect(await one.closed).toBe(4429);
  });

  it('turns away whoever asks for a path that is none', async () => {
    const { hostname, port } = new URL(at.gateway.httpAddress);
    for (const path of ['//', '/%', 'http://[', '/graphqlx', '*']) {
      const answer = await new Promise<string>((resolve) => {
        const socket = reach(Number(port), hostname, () => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`));
        socket.on('error', () => resolve('cut off')).once('data', (data) => resolve(String(data))).once('close', () => resolve('closed'));
      });
      expect(answer).toMatch(/^HTTP\/1\.1 40[04]/);
    }
  });

  it('survives garbage and floods', async () => {
    const client = await signedIn();
    client.socket.send('not json');
    expect(await client.closed).toBe(4400);
    const flood = await signedIn();
    for (let index = 0; index < 200; index += 1) flood.say({ type: 'ping' });
    expect(await flood.closed).toBe(4429);
    expect((await fetch(`${at.gateway.httpAddress}/health/live`)).status).toBe(200);
  });

  it('cuts off a reader who takes nothing, and keeps nobody else waiting', async () => {
    const subject = 'numberim '.repeat(6_000);
    at.risk.when('batchGetFlags', ({ ids }: { ids: string[] }) => ({ flags: ids.map((id) => ({ ...flagRow(id), subject })) }));
    const [slow, other] = [await signedIn(), await signedIn()];
    for (const client of [slow, other]) subscribe(client, 'subscription { riskFlagChanged { id subject } }');
    await pause(200);
    slow.socket.pause();
    const flags = Array.from({ length: 600 }, () => randomUUID());
    for (const flagId of flags) {
      await publish(flagged({ flagId }));
      await pause(1);
    }
    const told = new Set<string>();
    const heard = (): boolean => {
      for (const next of other.next()) told.add((next as { data: { riskFlagChanged: { id: string } } }).data.riskFlagChanged.id);
      return told.size === flags.length;
    };
    for (const until = Date.now() + 60_000; !heard() && Date.now() < until; ) await pause(100);
    expect(told.size).toBe(flags.length);
    // What is on its way to somebody who takes nothing is given up after ten seconds.
    await pause(15_000);
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
    expect(slow.next().length).toBeLessThan(flags.length);
  }, 120_000);

  it('bears a thousand sockets at once, and lets the others go on', async () => {
    at.risk.when('batchGetFlags', ({ ids }: { ids: string[] }) => ({ flags: ids.map((id) => flagRow(id)) }));
    const told = await signedIn();
    subscribe(told, 'subscription { riskFlagChanged { id } }');
    await pause(200);
    const many = Array.from({ length: 1_000 }, (_, index) => connect({ from: `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}` }));
    await Promise.all(many.map(({ opened }) => opened));
    await publish(flagged());
    await told.until(() => told.next().length === 1);
    expect((await fetch(`${at.gateway.httpAddress}/health/live`)).status).toBe(200);
    // None of them ever signs in.
    expect(new Set(await Promise.all(many.map(({ closed }) => closed)))).toEqual(new Set([4408]));
    expect((await signedIn()).socket.readyState).toBe(WebSocket.OPEN);
  }, 120_000);
});
