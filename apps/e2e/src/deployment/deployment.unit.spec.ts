import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@common-ground/contracts';
import { parse } from 'yaml';
import { type ComposeService, composeServices, composeText, containerOf, exampleSettings, image, newSettings, variablesOf, workspace } from './deployment-files.fixture.js';

const settings = newSettings();
const services = composeServices(settings);
const ours: [string, ComposeService][] = Object.entries(services).filter(([, service]) => service.build);
const APPS = ['registry', 'scheduling', 'evaluation', 'risk-monitoring', 'gateway'];

type Read = (env: Readonly<Record<string, string>>) => { readonly config: Record<string, unknown> };
const readerOf = async (app: string): Promise<Read> => ((await import(join(workspace, 'apps', app, 'src/config.ts'))) as { readEnvironment: Read }).readEnvironment;

describe('docker-compose.yml', () => {
  it('has no name of its own, which older tools refuse', () => {
    expect(parse(composeText(), { merge: true })).not.toHaveProperty('name');
  });

  it('names no setting that the example does not explain, and the example none that nobody reads', () => {
    expect(Object.keys(exampleSettings()).filter((name) => name !== 'COMPOSE_PROFILES').sort()).toEqual(variablesOf(composeText()));
  });

  it('starts with what new-secrets.sh prints, and refuses the example as it is', () => {
    expect(() => composeServices(exampleSettings())).toThrow('POSTGRES_PASSWORD');
    const secrets = Object.keys(settings).filter((name) => exampleSettings()[name] !== settings[name]);
    expect(secrets).toHaveLength(13);
    expect(new Set(secrets.map((name) => settings[name])).size).toBe(13);
    expect(newSettings()).not.toEqual(settings);
  });

  it.each(ours)('%s runs a program that is built into its image', (_name, service) => {
    const { folder, command } = containerOf(service);
    const program = join(workspace, folder, command[1] ?? '').replace(/\/dist\/(.*)\.js$/, '/src/$1.ts');
    expect(command[0]).toBe('node');
    expect(existsSync(program)).toBe(true);
    expect(image().builds).toContain(`apps/${service.build?.args.SERVICE}`);
    expect(existsSync(join(workspace, service.build?.dockerfile ?? ''))).toBe(true);
  });

  it.each(APPS)('%s accepts the environment that it is given, and so do its migrations', async (app) => {
    const read = await readerOf(app);
    const { config } = read(containerOf(services[app]!).environment);
    expect(config).toMatchObject({ service: app, grpc: { host: '0.0.0.0', port: 7000 }, http: { host: '0.0.0.0', port: 7100 }, log: { kind: 'kafka', brokers: ['kafka:9092'] } });
    const database = app.replace('-', '_');
    const passwords = { app: { password: settings[`${database.toUpperCase()}_DATABASE_PASSWORD`] }, migrator: { password: settings[`${database.toUpperCase()}_MIGRATOR_PASSWORD`] } };
    expect(read(containerOf(services[`migrate-${app}`]!).environment).config).toMatchObject({ database: passwords });
    // What runs all day cannot change tables.
    expect(config).toMatchObject({ database: { app: passwords.app, migrator: { password: '' } } });
  });

  it.each(APPS)('%s starts after its migrations and the topics', (app) => {
    expect(services[app]?.depends_on).toMatchObject({ [`migrate-${app}`]: { condition: 'service_completed_successfully' }, topics: { condition: 'service_completed_successfully' } });
    expect(services[`migrate-${app}`]?.depends_on).toEqual({ provision: { condition: 'service_completed_successfully' } });
  });

  it('publishes the gateway and the demonstration sign-in alone, on loopback', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([['gateway', '127.0.0.1:7100:7100'], ['identity', '127.0.0.1:7000:7000']]);
  });

  it('lets the gateway find every service', () => {
    const { environment } = containerOf(services['gateway']!);
    for (const app of APPS.slice(0, 4)) expect(environment).toHaveProperty(`${app.replace('-', '_').toUpperCase()}_ADDRESS`, `${app}:7000`);
  });
});

describe('the other deployment files', () => {
  it('make the topics that facts travel on', () => {
    const script = readFileSync(join(workspace, 'deploy/kafka/create-topics.sh'), 'utf8');
    const named = script.match(/for topic in (.*); do/)?.[1]?.split(' ').map((topic) => `commonground.${topic}.v1`);
    expect(named?.sort()).toEqual(Object.values(TOPICS).sort());
  });

  it('run as nobody special, and ask for readiness', () => {
    expect(image().user).toBe('node');
    expect(image().healthCheck.at(-1)).toContain('/health/ready');
  });
});
