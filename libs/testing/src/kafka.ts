import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type TestKafka = {
  readonly brokers: readonly string[];
  /** SIGSTOP: the broker stands still, its connections stay open. */
  pause(): void;
  resume(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** After kill: the same storage again. */
  restart(): Promise<void>;
  /** After kill: an empty storage and another cluster's identity, on the same address. */
  restartWiped(): Promise<void>;
  stop(): Promise<void>;
};

const START_MS = 150_000;
const STOP_MS = 20_000;
const workspace = join(import.meta.dirname, '../../..');
const settings = join(workspace, 'deploy/kafka');

/** Apache Kafka's jars, fetched once by Maven into the workspace's cache. @throws Error naming the missing tool */
const jars = (): string => {
  const folder = join(workspace, '.cache/kafka/libs');
  if (existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('kafka_'))) return folder;
  for (const [tool, flag] of [['java', '-version'], ['mvn', '-v']] as const) {
    if (spawnSync(tool, [flag], { stdio: 'ignore' }).status !== 0) throw new Error(`Tests on Apache Kafka need ${tool} (Debian: apt-get install openjdk-17-jre-headless maven, as root), or KAFKA_BROKERS naming a broker.`);
  }
  const fetched = `${folder}.${process.pid}`;
  mkdirSync(fetched, { recursive: true });
  const { status, stdout, stderr } = spawnSync('mvn', ['-q', '-B', '-f', join(settings, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${fetched}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Maven could not fetch Apache Kafka: ${`${stdout}${stderr}`.trim().split('\n').slice(-3).join(' ')}`);
  if (existsSync(folder)) rmSync(fetched, { recursive: true });
  else renameSync(fetched, folder);
  return folder;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

/**
 * One real broker in KRaft mode on loopback and free ports; or the one that KAFKA_BROKERS names, which is not ours to stop.
 * @param advertised the port that clients are told, when they are to come through a proxy; given the broker's own
 */
export const startKafka = async (advertised: (port: number) => Promise<number> = async (port) => port): Promise<TestKafka> => {
  const given = process.env['KAFKA_BROKERS'];
  if (given) return foreign(given.split(','));
  const libs = jars();
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-kafka-'));
  const [port, controller] = [await freePort(), await freePort()];
  const told = await advertised(port);
  const properties = join(folder, 'server.properties');
  const filled = readFileSync(join(settings, 'server.properties'), 'utf8').replace('advertised.listeners=PLAINTEXT://127.0.0.1:@PORT@', `advertised.listeners=PLAINTEXT://127.0.0.1:${told}`).replaceAll('@PORT@', String(port)).replaceAll('@CONTROLLER_PORT@', String(controller)).replaceAll('@DATA@', join(folder, 'data'));
  writeFileSync(properties, filled);
  const classpath = `${libs}/*`;
  const format = (): void => {
    const formatted = spawnSync('java', ['-cp', classpath, 'kafka.tools.StorageTool', 'format', '--standalone', '-t', randomBytes(16).toString('base64url'), '-c', properties], { encoding: 'utf8' });
    if (formatted.status !== 0) throw new Error(`Apache Kafka could not format its storage: ${formatted.stderr.trim().split('\n').at(-1)}`);
  };
  format();
  const broker = new Broker(['-Xms256m', '-Xmx512m', `-Dlog4j2.configurationFile=${join(settings, 'log4j2.properties')}`, '-cp', classpath, 'kafka.Kafka', properties], folder, port);
  await broker.start();
  return {
    brokers: [`127.0.0.1:${told}`],
    pause: () => broker.signal('SIGSTOP'),
    resume: () => broker.signal('SIGCONT'),
    kill: () => broker.end('SIGKILL'),
    restart: () => broker.start(),
    restartWiped: async () => {
      rmSync(join(folder, 'data'), { recursive: true, force: true });
      format();
      await broker.start();
    },
    stop: async () => {
      await broker.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const foreign = (brokers: readonly string[]): TestKafka => {
  const notOurs = (): never => {
    throw new Error('KAFKA_BROKERS names a broker that is not ours to stop; unset it to have one started.');
  };
  return { brokers, pause: notOurs, resume: notOurs, kill: notOurs, restart: notOurs, restartWiped: notOurs, stop: async () => undefined };
};

class Broker {
  private child: ChildProcess | undefined;

  constructor(
    private readonly command: readonly string[],
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Ready when it says so in its log and its port answers. */
  async start(): Promise<void> {
    const log = join(this.folder, `kafka-${Date.now()}.log`);
    const output = openSync(log, 'a');
    this.child = spawn('java', this.command, { stdio: ['ignore', output, output] });
    const stopWithUs = (): void => void this.child?.kill('SIGKILL');
    process.once('exit', stopWithUs);
    this.child.once('exit', () => process.off('exit', stopWithUs));
    const until = Date.now() + START_MS;
    while (!readFileSync(log, 'utf8').includes('Kafka Server started')) {
      if (this.child.exitCode !== null || Date.now() > until) throw new Error(`Apache Kafka did not start on port ${this.port}: ${readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' ')}`);
      await pause(100);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  async end(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(name);
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(impatience);
  }
}
