import { createServer } from 'node:net';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestIssuer } from '@common-ground/testing';
import { type CallContext, ConfigError, correlationIdOf, freePort, type GrpcClient, grpcClient, HealthChecks, newTraceparent, type RunningService, runService, startTracing, type Tracing, withTraceparent } from '../index.js';
import { GreeterModule, GreeterService } from './greeter.fixture.js';

let tracing: Tracing;
let issuer: TestIssuer;
let service: RunningService;
let client: GrpcClient<typeof GreeterService>;
let administrator: CallContext;

const start = (grpcPort = 0, httpPort = 0): Promise<RunningService> =>
  runService({
    config: { service: 'greeter', grpc: { host: '127.0.0.1', port: grpcPort }, http: { host: '127.0.0.1', port: httpPort }, logLevel: 'silent' },
    module: GreeterModule.forRoot(issuer.issuer),
    definitions: [GreeterService],
  });

beforeAll(async () => {
  tracing = startTracing('specs', false);
  issuer = await TestIssuer.start();
  service = await start();
  client = grpcClient(GreeterService, service.grpcAddress);
  administrator = { token: await issuer.token({ sub: 'ada', roles: ['administrator'] }) };
});
afterAll(async () => {
  client.close();
  await service.close();
  await issuer.close();
  await tracing.close();
});

describe('a call over gRPC', () => {
  it('brings the caller, the wish to be quiet and the trace along', async () => {
    const traceparent = newTraceparent();
    const answer = await client.greet({ name: 'Ana' }, { ...administrator, quiet: true, traceparent });
    expect(answer).toEqual({ said: 'Hello Ana', by: 'ada', quiet: true, trace: traceparent });
    expect((await withTraceparent(traceparent, () => client.greet({ name: 'Ana' }, administrator))).trace).toBe(traceparent);
    expect((await client.greet({ name: 'Ana' }, administrator)).trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('gives back everything that was wrong, as it was meant', async () => {
    await expect(client.greet({ name: 'too many' }, administrator)).rejects.toMatchObject({ name: 'DomainError', kind: 'invalid', code: 'NAME_INVALID', message: 'Ñame.', details: { path: ['name'] }, refusals: [{ path: ['name'] }, { path: ['title'] }] });
    await expect(client.greet({ name: 'twice' }, administrator)).rejects.toMatchObject({ kind: 'conflict', code: 'NAME_TAKEN' });
  });

  it('tells a bug by a number only', async () => {
    const error = await client.greet({ name: 'bug' }, administrator).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain('secret of ours');
    expect(correlationIdOf(error)).toMatch(/^[0-9a-f-]{36}$/);
    expect(String(error)).toContain(correlationIdOf(error));
    await expect(client.greet({ name: 'broken' }, administrator)).rejects.toMatchObject({ code: 13 });
  });

  it('is tried again when the service is away for a moment', async () => {
    expect((await client.greetOnce({ name: 'again' }, administrator)).by).toBe('2');
  });

  it('ends at its deadline, all tries together', async () => {
    const nobody = grpcClient(GreeterService, `127.0.0.1:${await freePort()}`);
    const ended: string[] = [];
    const first = (what: string) => () => void ended.push(what);
    const away = { kind: 'unavailable', code: 'SERVICE_UNAVAILABLE' };
    await Promise.all([
      client.greet({ name: 'slow' }, administrator).then(first('slow, with time')),
      expect(client.greet({ name: 'slow' }, { ...administrator, deadlineMs: 300 })).rejects.toMatchObject(away).then(first('slow, without')),
      expect(nobody.greet({ name: 'Ana' }, administrator)).rejects.toMatchObject(away).then(first('nobody, with time')),
      expect(nobody.greet({ name: 'Ana' }, { ...administrator, deadlineMs: 500 })).rejects.toMatchObject(away).then(first('nobody, without')),
    ]);
    nobody.close();
    for (const who of ['slow', 'nobody']) expect(ended.filter((one) => one.startsWith(who))).toEqual([`${who}, without`, `${who}, with time`]);
  });

  it('carries 7 MB and refuses 9', async () => {
    expect((await client.greet({ name: 'x'.repeat(7 << 20) }, administrator)).said).toHaveLength((7 << 20) + 6);
    await expect(client.greet({ name: 'x'.repeat(9 << 20) }, administrator)).rejects.toMatchObject({ kind: 'invalid', code: 'TOO_LARGE' });
  });
});

describe('who may call', () => {
  it('is asked for a token, and for the role', async () => {
    await expect(client.greet({ name: 'Ana' })).rejects.toMatchObject({ kind: 'unauthenticated', code: 'TOKEN_MISSING' });
    await expect(client.greet({ name: 'Ana' }, { token: 'line\nbreak' })).rejects.toMatchObject({ code: 'TOKEN_MALFORMED' });
    await expect(client.greet({ name: 'Ana' }, { token: await issuer.token({ roles: ['hq-analyst'] }) })).rejects.toMatchObject({ kind: 'forbidden', code: 'FORBIDDEN' });
  });

  it('is nobody where no role was said', async () => {
    await expect(client.greetNobody({ name: '' }, administrator)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('is anybody where the method is public, and still no forged token', async () => {
    expect((await client.greetAnybody({ name: 'Ana' })).by).toBe('anonymous');
    expect((await client.greetAnybody({ name: 'Ana' }, administrator)).by).toBe('ada');
    await expect(client.greetAnybody({ name: 'Ana' }, { token: 'a.b.c' })).rejects.toMatchObject({ kind: 'unauthenticated' });
  });

  it('does not come in with a megabyte of token, and harms nobody by trying', async () => {
    await expect(client.greet({ name: 'Ana' }, { token: 'x'.repeat(1 << 20), deadlineMs: 2_000 })).rejects.toBeDefined();
    expect((await client.greet({ name: 'Ana' }, administrator)).said).toBe('Hello Ana');
  });

  it('may send bytes that are no message, and breaks nothing', async () => {
    const raw = new Client(service.grpcAddress, credentials.createInsecure());
    const outcome = await new Promise((resolve) => raw.makeUnaryRequest(GreeterService.greet.path, (bytes: Buffer) => bytes, (bytes) => bytes, Buffer.from([255, 0, 128]), new Metadata(), resolve));
    expect(outcome).toMatchObject({ code: 13 });
    raw.close();
    expect((await client.greet({ name: 'Ana' }, administrator)).said).toBe('Hello Ana');
  });
});

describe('a running service', () => {
  const get = (path: string, of = service) => fetch(`${of.httpAddress}${path}`);

  it('says that it lives, whether it is ready and what keeps it', async () => {
    expect((await get('/health/live')).status).toBe(200);
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready', checks: {} });
    const health = service.app.get(HealthChecks);
    health.register('storage', async () => 'no answer');
    health.register('log', () => Promise.reject(new Error('gone')));
    health.register('hanging', () => new Promise(() => undefined));
    const ready = await get('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', checks: { storage: 'no answer', log: 'gone', hanging: 'no answer within 2 s' } }]);
    for (const name of ['storage', 'log', 'hanging']) health.register(name, async () => undefined);
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('gives its figures under its own name', async () => {
    expect(await (await get('/metrics')).text()).toMatch(/process_resident_memory_bytes\{[^}]*service_name="greeter"/);
  });

  it('names the port that is taken', async () => {
    const taken = await freePort();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(taken, '127.0.0.1', resolve));
    const failure = async (starting: Promise<RunningService>): Promise<unknown> => starting.catch((error: unknown) => error);
    for (const error of [await failure(start(taken)), await failure(start(0, taken))]) {
      expect(error).toBeInstanceOf(ConfigError);
      expect(String(error)).toContain(String(taken));
    }
    await new Promise((resolve) => squatter.close(resolve));
  });

  it('stops once: not ready first, calls under way end, then nobody is served', async () => {
    const second = await start();
    const own = grpcClient(GreeterService, second.grpcAddress);
    await own.greetAnybody({ name: 'Ana' });
    const health = jest.spyOn(second.app.get(HealthChecks), 'stop');
    const underWay = own.greet({ name: 'slow' }, administrator);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = Promise.all([second.close(), second.close()]);
    expect(health).toHaveBeenCalled();
    expect((await underWay).said).toBe('Hello slow');
    await closing;
    await expect(own.greetAnybody({ name: 'Ana' }, { deadlineMs: 300 })).rejects.toMatchObject({ kind: 'unavailable' });
    own.close();
  });
});
