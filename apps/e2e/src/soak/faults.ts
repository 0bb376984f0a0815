import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedPostgres } from '@common-ground/persistence';
import type { FaultProxy, TestKafka } from '@common-ground/testing';
import pg from 'pg';
import type { Lane } from '../crash/lane.js';
import type { Chance } from '../crash/seeded.js';

export type Breakable = { readonly lane: Lane; readonly postgres: EmbeddedPostgres; readonly line: FaultProxy; readonly kafka: TestKafka | undefined };
type Fault = (parts: Breakable, chance: Chance) => Promise<void>;

const kill = (pid: number | undefined, signal: 'SIGKILL' | 'SIGQUIT'): void => {
  if (pid !== undefined && pid > 1) process.kill(pid, signal);
};

/** One session of somebody's, ended by the server. */
const endOneBackend: Fault = async ({ postgres }) => {
  const client = new pg.Client({ ...postgres.admin, connectionTimeoutMillis: 3_000, query_timeout: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename LIKE '%_app' ORDER BY random() LIMIT 1");
  } finally {
    await client.end();
  }
};

const everywhere: Readonly<Record<string, Fault>> = {
  'writer killed': async ({ lane }) => lane.member('writer').kill(),
  'readers killed': async ({ lane }) => lane.member('readers').kill(),
  'PostgreSQL stopped at once': async ({ postgres }) => kill(postgres.pid(), 'SIGQUIT'),
  'PostgreSQL killed': async ({ postgres }) => kill(postgres.pid(), 'SIGKILL'),
  'a backend ended': endOneBackend,
  'connections reset': async ({ line }) => line.reset(),
  'connections cut for 3 s': async ({ line }) => {
    line.cut();
    await pause(3_000);
    line.mend();
  },
  'a rebuild begun': async ({ lane }, chance) => void (await lane.ask('readers', { rebuild: chance.uuid() })),
};

const ofKafka: Readonly<Record<string, Fault>> = {
  'broker stood still for 8 s': async ({ kafka }) => {
    kafka?.pause();
    await pause(8_000);
    kafka?.resume();
  },
  'broker killed': async ({ kafka }) => {
    await kafka?.kill();
    await kafka?.restart();
  },
};

const SHORTEST_MS = 4_000;
const LONGEST_MS = 20_000;

/** Breaks one part after another, as the seed says, until told to stop. Whatever is broken is well again when it returns. */
export class Faults {
  readonly counts: Record<string, number> = {};
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly parts: Breakable,
    private readonly chance: Chance,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const faults = Object.entries({ ...everywhere, ...(this.parts.kafka ? ofKafka : {}) });
    while (!this.stopping.signal.aborted) {
      await pause(this.chance.whole(SHORTEST_MS, LONGEST_MS), undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      const [name, fault] = this.chance.pick(faults);
      // What cannot be broken because it is broken already is no fault of the soak's.
      const broken = await fault(this.parts, this.chance).then(() => true, () => false);
      if (broken) this.counts[name] = (this.counts[name] ?? 0) + 1;
    }
  }
}
