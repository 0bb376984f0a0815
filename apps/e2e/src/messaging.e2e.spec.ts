import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Facts, TOPICS } from '@common-ground/contracts';
import { type EventLog, type LogConfig, openLog } from '@common-ground/messaging';
import { EmbeddedDatabases, eventually } from './embedded-databases.fixture.js';
import { startEmbedded } from './platform-under-test/embedded.js';
import type { PlatformUnderTest } from './platform-under-test/platform-under-test.js';
import { startSeparateServices } from './platform-under-test/separate-services.js';

const program = join(import.meta.dirname, '../../../tools/programme-folder/dist/messaging.main.js');
const onKafka = process.env['COMMON_GROUND_NO_KAFKA'] === 'true' ? describe.skip : describe;

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };
type Started = { readonly platform: PlatformUnderTest; readonly log: LogConfig };

const startedEmbedded = async (): Promise<Started> => {
  const platform = await startEmbedded();
  const { dataFolder } = platform.place;
  const { databasePassword } = JSON.parse(readFileSync(join(dataFolder, 'secrets.json'), 'utf8')) as { databasePassword: string };
  return { platform, log: { kind: 'postgres', database: { host: '127.0.0.1', port: new EmbeddedDatabases(dataFolder).port, database: 'event_log', user: 'event_log_app', password: databasePassword } } };
};

const startedRemote = async (): Promise<Started> => {
  const platform = await startSeparateServices();
  return { platform, log: { kind: 'kafka', brokers: platform.brokers, clientId: 'spec' } };
};

/** A fact that no consumer can read; three services and the portfolio want its type. */
const unreadable = (key: string) => ({ id: randomUUID(), type: Facts.InterventionDesigned.type, source: 'registry', time: new Date(), key, subject: key, sequence: 1, mission: 'PE', quiet: false, data: Buffer.from([255, 255, 255]) });

const isInHand = (start: () => Promise<Started>): void => {
  let platform: PlatformUnderTest;
  let log: EventLog;
  const key = randomUUID();

  beforeAll(async () => {
    const started = await start();
    platform = started.platform;
    log = openLog(started.log);
    await log.publish(TOPICS.registry, [unreadable(key)]);
  });
  afterAll(async () => {
    await log?.close();
    await platform?.close();
  });

  const run = (args: readonly string[], user = 'administrator'): Promise<Ran> =>
    new Promise((resolve, reject) => {
      const { NODE_ENV: _ofTheTests, ...inherited } = process.env;
      const child = spawn(process.execPath, ['--no-warnings', program, ...args, '--url', platform.graphqlUrl, '--issuer', platform.issuer, '--user', user], { env: { ...inherited, COMMON_GROUND_PASSWORD: `${user}-demo` } });
      const [out, err]: [string[], string[]] = [[], []];
      child.stdout.on('data', (chunk) => out.push(String(chunk)));
      child.stderr.on('data', (chunk) => err.push(String(chunk)));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, out: out.join(''), err: err.join('') }));
    });
  const runJson = async (...args: readonly string[]): Promise<{ code: number | null; answer: Record<string, unknown> }> => {
    const { code, out, err } = await run([...args, '--json']);
    expect(err).toBe('');
    return { code, answer: JSON.parse(out) as Record<string, unknown> };
  };
  const parked = async () => (await runJson('parked', '--key', key)).answer['facts'] as { id: string; consumer: string; position: string }[];
  const idIn = async (consumer: string): Promise<string> => (await parked()).find((fact) => fact.consumer === consumer)?.id ?? '';

  it('shows what is parked in every service, and how far each is behind', async () => {
    await eventually(async () => expect(await parked()).toHaveLength(4));
    expect((await parked()).map(({ id, consumer }) => [id.split(':')[0], consumer])).toEqual([['evaluation', 'evaluation'], ['gateway', 'gateway-portfolio-1'], ['risk-monitoring', 'risk-monitoring'], ['scheduling', 'scheduling']]);
    const lag = await run(['lag']);
    expect(lag).toMatchObject({ code: 0, err: '' });
    for (const line of [/^service +unpublished +oldest$/m, /^registry +0 +-$/m, /^consumer +behind +oldest +parked keys/m, /^scheduling +\d+ +\S+( \w+)? +1 +1/m, /^gateway-portfolio-1 /m]) expect(lag.out).toMatch(line);
  });

  it('tries a key again wherever it is held back, and says with its exit code that it failed', async () => {
    const { code, answer } = await runJson('retry', key, '--reason', 'to see');
    expect(code).toBe(1);
    expect((answer['releases'] as { consumer: string; left: number; heldBy: string }[]).map(({ consumer, left, heldBy }) => [consumer, left, heldBy !== null])).toEqual([['evaluation', 1, true], ['gateway-portfolio-1', 1, true], ['risk-monitoring', 1, true], ['scheduling', 1, true]]);
    const shown = await run(['show', await idIn('scheduling')]);
    expect(shown.code).toBe(0);
    for (const words of ['verdict    poison', 'ce_mission: PE', 'content    cannot be read (3 bytes)', 'retry  by ', ': to see', 'failed  by ']) expect(shown.out).toContain(words);
  });

  it('gives a fact up with a reason, and again is the same', async () => {
    const id = await idIn('scheduling');
    expect(await run(['discard', id])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--reason is missing') });
    const first = await runJson('discard', id, '--reason', 'nobody sent it');
    expect(first).toMatchObject({ code: 0, answer: { id, discarded: { action: 'DISCARD', reason: 'nobody sent it' } } });
    const again = await runJson('discard', id, '--reason', 'once more');
    expect([again.code, again.answer['discarded']]).toEqual([0, first.answer['discarded']]);
    expect(await run(['retry', id])).toMatchObject({ code: 1, err: expect.stringMatching(/^id: This fact was given up on .*nobody sent it/) });
    expect((await runJson('show', id)).answer).toMatchObject({ state: 'DISCARDED', history: expect.arrayContaining([expect.objectContaining({ action: 'DISCARD', reason: 'nobody sent it' })]) });
    expect(await parked()).toHaveLength(3);
  });

  it('replays to a consumer to the end, from the beginning and from a position that show has shown', async () => {
    const whole = await runJson('replay', 'scheduling', '--from', 'beginning', '--reason', 'to see');
    expect(whole).toMatchObject({ code: 0, answer: { consumer: 'scheduling', state: 'DONE', applied: 0, skipped: 1, parked: 0 } });
    const [{ position } = { position: '' }] = await parked();
    const part = await run(['replay', 'evaluation', '--from', position]);
    expect(part).toMatchObject({ code: 0, out: expect.stringMatching(/^evaluation from commonground\.registry\.v1\/\d+\/\d+: done\n1 facts read: .*nobody was alerted\.\n$/) });
  });

  it('refuses by name what is not there, and whoever is no administrator', async () => {
    expect(await run(['show', 'scheduling:999999'])).toMatchObject({ code: 1, err: expect.stringContaining('No fact is or was parked under scheduling:999999') });
    expect(await run(['retry', 'no-such-key'])).toMatchObject({ code: 1, err: expect.stringContaining('key: No fact of the key "no-such-key" is or was parked') });
    expect(await run(['replay', 'nobody', '--from', 'beginning'])).toMatchObject({ code: 1, err: expect.stringContaining('consumer: There is no consumer "nobody"') });
    for (const user of ['hq-analyst', 'mission-officer-pe']) expect(await run(['parked'], user)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('administrator') });
  });
};

describe('messaging in hand, embedded on PostgreSQL', () => isInHand(startedEmbedded));
onKafka('messaging in hand, from afar, on Apache Kafka', () => isInHand(startedRemote));
