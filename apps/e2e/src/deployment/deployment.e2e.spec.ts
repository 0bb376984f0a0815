import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@common-ground/persistence';
import { freePort, signInWithPassword } from '@common-ground/platform';
import { startKafka, type TestKafka } from '@common-ground/testing';
import { alertRules, evaluate, matches, selectorsOf, type Series, seriesShown } from './alert-rules.fixture.js';
import { type ComposeService, composeServices, containerOf, image, newSettings, workspace } from './deployment-files.fixture.js';

/** What the images hold: a folder that `deploy/images/assemble.sh` filled, or the checkout as it is built. */
const root = process.env['IMAGE_FOLDER'] ?? workspace;
const SERVICES = ['registry', 'scheduling', 'evaluation', 'risk-monitoring', 'gateway'];
const START_MS = 90_000;

type Ended = { readonly code: number | null; readonly said: string };
type Container = { readonly child: ChildProcess; readonly ended: Promise<Ended>; readonly environment: Readonly<Record<string, string>> };

/** Containers have names and ports of their own; outside of them everyone lives on loopback. */
const containers = new Map<string, Container>();
const http = new Map<string, string>();
const grpc = new Map<string, string>();
let services: Readonly<Record<string, ComposeService>>;
let outside: Readonly<Record<string, string>>;

const run = (name: string): Container => {
  const { folder, command, environment: inside } = containerOf(services[name]!);
  const environment: Record<string, string> = { ...inside, ...outside, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  for (const service of SERVICES) {
    const setting = `${service.replace('-', '_').toUpperCase()}_ADDRESS`;
    if (setting in inside) environment[setting] = `127.0.0.1:${grpc.get(service)}`;
  }
  Object.assign(environment, { HTTP_PORT: http.get(name) ?? '0', GRPC_PORT: grpc.get(name) ?? '0' });
  const child = spawn(command[0] ?? '', command.slice(1), { cwd: join(root, folder), env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, said })));
  return { child, ended, environment };
};

const healthy = async (name: string): Promise<boolean> => {
  const [program = '', ...rest] = image().healthCheck;
  const check = spawn(program, rest, { env: containers.get(name)?.environment, stdio: 'ignore' });
  return new Promise((resolve) => check.once('close', (code) => resolve(code === 0)));
};

/** Ports are chosen at the last moment: an earlier choice may be somebody's connection by now. */
const start = async (name: string): Promise<void> => {
  http.set(name, String(await freePort()));
  grpc.set(name, String(await freePort()));
  const container = run(name);
  containers.set(name, container);
  const gone = container.ended.then(({ code, said }) => Promise.reject(new Error(`${name} ended with ${code}:\n${said}`)));
  gone.catch(() => undefined);
  const until = Date.now() + START_MS;
  while (!(await Promise.race([healthy(name), gone]))) {
    if (Date.now() > until) throw new Error(`${name} did not become healthy`);
    await pause(200);
  }
};

describe('what docker-compose.yml starts, started without containers', () => {
  let postgres: EmbeddedPostgres;
  let kafka: TestKafka;
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-deployment-'));

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), port: await freePort(), durable: false });
    kafka = await startKafka();
    const { host, port, user, password } = postgres.admin;
    services = composeServices({ ...newSettings(), POSTGRES_PASSWORD: password });
    outside = { POSTGRES_HOST: host, POSTGRES_PORT: String(port), POSTGRES_USER: user, DATABASE_HOST: host, DATABASE_PORT: String(port), KAFKA_BROKERS: kafka.brokers.join(), IDENTITY_FOLDER: join(folder, 'identity') };
  });

  afterAll(async () => {
    for (const { child } of containers.values()) child.kill('SIGKILL');
    await kafka?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('provisions and migrates as steps of their own, and again without a change', async () => {
    for (const name of ['provision', ...SERVICES.map((service) => `migrate-${service}`)]) {
      for (const round of ['first', 'again']) expect({ name, round, ...(await run(name).ended) }).toMatchObject({ code: 0 });
    }
    expect((await run('migrate-gateway').ended).said).toBe('gateway: nothing to migrate\n');
  });

  it('becomes healthy by the image\'s own check and answers a signed-in person', async () => {
    const identityPort = String(await freePort());
    const issuer = `http://127.0.0.1:${identityPort}`;
    outside = { ...outside, IDENTITY_PORT: identityPort, IDENTITY_ISSUER: issuer, OIDC_ISSUER: issuer, OIDC_JWKS_URI: `${issuer}/jwks` };
    containers.set('identity', run('identity'));
    for (const name of SERVICES) await start(name);
    const { accessToken } = await signInWithPassword({ issuer, clientId: 'common-ground-portal', username: 'administrator', password: 'administrator-demo' });
    const answer = await fetch(`http://127.0.0.1:${http.get('gateway')}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ query: '{ missions(first: 1) { totalCount } }' }),
    });
    expect(await answer.json()).toEqual({ data: { missions: { totalCount: 0 } } });
  });

  it('shows every figure that an alert is told by, with the labels that it is told apart by, and calls nobody while all is well', async () => {
    const shown = (await Promise.all(SERVICES.map(async (name) => (await fetch(`http://127.0.0.1:${http.get(name)}/metrics`)).text()))).flatMap(seriesShown);
    // Prometheus adds the job of what it reads, and whether it could; no alert has been delivered here yet.
    const series = shown.map((one): Series => ({ ...one, labels: { ...one.labels, job: 'common-ground' } }));
    const missing = alertRules().flatMap(({ alert, expr }) => selectorsOf(expr).flatMap((selector) => (series.some((one) => matches(selector, one)) ? [] : [`${alert}: ${selector.name}`])));
    expect(missing).toEqual(['ServiceDown: up', 'AlertsLate: alerts_latency_seconds']);
    expect(alertRules().filter(({ alert, expr }) => alert !== 'ServiceDown' && evaluate(expr, series, 0).length > 0).map(({ alert }) => alert)).toEqual([]);
    const tellers = (name: string) => series.filter((one) => one.name === name).map(({ labels }) => labels['consumer'] ?? labels['service_name']).sort();
    expect(tellers('service_ready')).toEqual([...SERVICES].sort());
    expect(tellers('consumer_lag_seconds')).toEqual(['evaluation', 'gateway-portfolio-1', 'risk-monitoring', 'scheduling']);
  });

  it('stops when asked', async () => {
    for (const name of [...SERVICES, 'identity'].reverse()) {
      containers.get(name)?.child.kill('SIGTERM');
      expect({ name, ...(await containers.get(name)?.ended) }).toMatchObject({ name, code: 0 });
    }
  });
});
