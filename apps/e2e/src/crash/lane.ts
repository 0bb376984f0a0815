import { setTimeout as pause } from 'node:timers/promises';
import { type EventLog, type LogConfig, openLog } from '@common-ground/messaging';
import type { DatabaseConfig } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import { TOPICS } from '@common-ground/contracts';
import { logOfItsOwn } from './dying.js';
import { Member } from './member.js';
import type { Defect, MemberConfig, Question } from './member.main.js';
import { Observer } from './observe.js';
import type { Folded } from './portfolio-fold.js';
import { gatewayMigrations, TALLIES, tallyMigrations } from './readers.js';
import { WRITER_TOPIC, writerMigrations } from './writer.js';

export type Role = 'writer' | 'readers';

export type LaneOptions = {
  /** Its topics and groups are named by it. */
  readonly name: string;
  readonly log: LogConfig;
  readonly defect?: Defect | undefined;
  /** How members reach PostgreSQL, when not directly. */
  readonly through?: { readonly host: string; readonly port: number };
  /** What V8 may hold in a member, when less than it would take. */
  readonly heapMb?: number;
};

const PATIENCE_MS = 90_000;
const STARTS = 5;
const LOOK_EVERY_MS = 30;

/** A writer and its readers, two processes on databases and topics of their own: what is killed here is nobody else's loss. */
export class Lane {
  private readonly members = new Map<Role, Member>();
  readonly observer: Observer;
  private readonly log: EventLog;

  private constructor(
    private readonly options: LaneOptions,
    private readonly databases: Readonly<Record<'writer' | 'tally' | 'gateway', FreshDatabase>>,
  ) {
    this.observer = new Observer({ writer: databases.writer.admin, tally: databases.tally.admin, gateway: databases.gateway.admin });
    this.log = logOfItsOwn(openLog(options.log), options.name);
  }

  static async open(options: LaneOptions): Promise<Lane> {
    const databases = {
      writer: await freshDatabase({ service: 'crash_writer', migrations: writerMigrations }),
      tally: await freshDatabase({ service: 'crash_tally', migrations: tallyMigrations }),
      gateway: await freshDatabase({ service: 'gateway', migrations: await gatewayMigrations() }),
    };
    const lane = new Lane(options, databases);
    try {
      // The writer makes the topic that the readers ask for.
      await lane.start('writer');
      await lane.start('readers');
    } catch (error) {
      await lane.close();
      throw error;
    }
    return lane;
  }

  member(role: Role): Member {
    const member = this.members.get(role);
    if (!member) throw new Error(`${this.options.name} has no ${role}`);
    return member;
  }

  /** A new process in place of one that has died. */
  async start(role: Role): Promise<void> {
    const { name, log, defect, through, heapMb } = this.options;
    const { writer, tally, gateway } = this.databases;
    const reached = ({ app }: FreshDatabase): DatabaseConfig => ({ ...app, ...through });
    const parts = role === 'writer' ? { writer: reached(writer) } : { readers: { tally: reached(tally), gateway: reached(gateway) } };
    const config: MemberConfig = { log, lane: name, ...parts, ...(defect ? { defect } : {}) };
    this.members.set(role, await persistently(() => Member.start(config, heapMb)));
  }

  ask<T>(role: Role, question: Question): Promise<T> {
    return this.member(role).ask<T>(question);
  }

  /** Waits until every fact is published, every group has come to the end, and no rebuild is under way. @returns what it is still waiting for when it gives up */
  async settled(patienceMs = PATIENCE_MS): Promise<string | undefined> {
    const until = Date.now() + patienceMs;
    for (;;) {
      const waiting = await this.waitingFor();
      if (waiting === undefined || Date.now() > until) return waiting;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** Every fact in the log, each once, in order. */
  async facts(): Promise<Folded[]> {
    const facts = new Map<string, Folded>();
    await this.log.replay({
      topics: [WRITER_TOPIC],
      onBatch: async ({ records }) => {
        for (const { headers, value } of records) {
          const id = headers['ce_id'] ?? '';
          if (!facts.has(id)) facts.set(id, { type: headers['ce_type'] ?? '', subject: headers['ce_subject'] ?? '', data: value ?? new Uint8Array() });
        }
      },
    });
    return [...facts.values()];
  }

  async close(): Promise<void> {
    await Promise.all([...this.members.values()].map((member) => member.end()));
    await this.observer.close();
    await this.log.close();
    await Promise.all(Object.values(this.databases).map((database) => database.drop()));
  }

  private async waitingFor(): Promise<string | undefined> {
    const unpublished = await this.observer.unpublished();
    if (unpublished > 0) return `${unpublished} facts to be published`;
    for (const group of TALLIES) {
      const { facts } = await this.log.lag(group, [WRITER_TOPIC]);
      if (facts > 0) return `${group}, ${facts} facts behind`;
    }
    const { live, states } = await this.observer.models();
    if (states.join() !== 'live') return `models of the portfolio: ${states.join(', ')}`;
    const { facts } = await this.log.lag(`gateway-portfolio-${live}`, Object.values(TOPICS));
    return facts > 0 ? `the portfolio, ${facts} facts behind` : undefined;
  }
}

/** Whoever watches over a service starts it again when it could not start: a server that is asked too much refuses a connection. */
const persistently = async <T>(start: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === STARTS) throw error;
      await pause(500);
    }
  }
};

/** Lanes that are lent and given back; those in which something went wrong are given up, and others take their place. */
export class Lanes {
  private readonly free: Lane[] = [];
  private readonly all = new Set<Lane>();
  private opened = 0;

  constructor(private readonly options: () => LaneOptions) {}

  async take(): Promise<Lane> {
    const free = this.free.pop();
    if (free) return free;
    const options = this.options();
    const lane = await persistently(() => Lane.open({ ...options, name: `${options.name}-${(this.opened += 1)}` }));
    this.all.add(lane);
    return lane;
  }

  giveBack(lane: Lane): void {
    this.free.push(lane);
  }

  async giveUp(lane: Lane): Promise<void> {
    this.all.delete(lane);
    await lane.close();
  }

  /** Those that are lent too: a round that hangs must not keep its processes. */
  async close(): Promise<void> {
    this.free.length = 0;
    await Promise.all([...this.all].map((lane) => this.giveUp(lane)));
  }
}
