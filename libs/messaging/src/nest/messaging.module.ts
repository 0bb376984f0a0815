import { type DynamicModule, Global, Inject, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { EVERYTHING } from '@common-ground/kernel';
import { Database, type DatabaseConfig } from '@common-ground/persistence';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DecodeFact } from '../consumer/handlers.js';
import { ParkedFacts } from '../consumer/parked-facts.js';
import { parkedByGroup } from '../consumer/parking.js';
import type { EventLog } from '../event-log.js';
import { type LogConfig, openLog } from '../log-config.js';
import { OperationsGrpc } from '../operations/operations.grpc.js';
import { Operations } from '../operations/operations.js';
import { type Follower, type RunningConsumer, RunningConsumers } from '../operations/running-consumers.js';
import { Relay, UNPUBLISHED } from '../outbox/relay.js';
import { bindFactErrors } from './bind-fact-errors.js';
import { FactTransport } from './fact-transport.js';

export type MessagingOptions = {
  /** The service's name; its consumer group too. */
  readonly service: string;
  /** Where its own facts go; none for a service that publishes nothing. */
  readonly topic?: string;
  readonly log: LogConfig;
  /** The service's own database, which holds its outbox. */
  readonly database: DatabaseConfig;
  /** Topics whose facts its handlers want. */
  readonly consumes: readonly string[];
  readonly decode: DecodeFact;
};

/** Three times what a member of a group may be silent. */
export const STALLED_AFTER_MS = 45_000;
const WATCH_EVERY_MS = 5_000;
/** A chunk is one transaction at a time, one a topic or partition; requests have a pool of their own. */
const CONSUMER_POOL = 3;

export const EVENT_LOG = Symbol('EventLog');
const OPTIONS = Symbol('MessagingOptions');
const CONSUMER_DATABASE = Symbol('ConsumerDatabase');

/** Figures for the metrics endpoint; each is read when asked for. */
export type MessagingFigures = {
  readonly oldestUnpublishedSeconds: number;
  readonly consumers: readonly ConsumerFigures[];
  /** Pieces of work that wait for a connection, by pool. */
  readonly poolWaiters: Readonly<Record<string, number>>;
};

/** The lag is unset while the log does not answer, and of what is rebuilt: it is behind by intent. */
export type ConsumerFigures = {
  readonly consumer: string;
  readonly lagFacts?: number;
  readonly lagSeconds?: number;
  readonly parkedKeys: number;
  readonly redeliveries: number;
};

/** The relay, the log, the consumer and its parking, started and stopped with the service. */
@Global()
@Module({})
export class MessagingModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private relay: Relay | undefined;
  private watch: NodeJS.Timeout | undefined;
  private react: (() => void) | undefined;

  constructor(
    @Inject(OPTIONS) private readonly options: MessagingOptions,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(FactTransport) private readonly transport: FactTransport,
    @Inject(Database) private readonly database: Database,
    @Inject(CONSUMER_DATABASE) private readonly consumerDatabase: Database,
    @Inject(RunningConsumers) private readonly consumers: RunningConsumers,
  ) {}

  static forRoot(options: MessagingOptions): DynamicModule {
    const logger = new Logger('Messaging');
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: OPTIONS, useValue: options },
        { provide: EVENT_LOG, useFactory: () => openLog(options.log) },
        {
          provide: FactTransport,
          inject: [EVENT_LOG, CONSUMER_DATABASE, DiscoveryService],
          useFactory: (log: EventLog, database: Database, discovery: DiscoveryService) => {
            bindFactErrors(discovery);
            return new FactTransport({
              group: options.service,
              topics: options.consumes,
              log,
              database,
              decode: options.decode,
              onTrouble: (trouble) => logger.warn(trouble, `${trouble.group}: ${trouble.what}`),
            });
          },
        },
        { provide: CONSUMER_DATABASE, inject: [Database], useFactory: ({ dataSource }: Database) => consumerDatabase(dataSource, options) },
        {
          provide: ParkedFacts,
          inject: [CONSUMER_DATABASE, RunningConsumers],
          useFactory: (database: Database, consumers: RunningConsumers) => new ParkedFacts(database, (group) => consumers.find(group)?.consumer),
        },
        { provide: RunningConsumers, inject: [FactTransport], useFactory: (transport: FactTransport) => new RunningConsumers(transport) },
        {
          provide: Operations,
          inject: [Database, EVENT_LOG, RunningConsumers],
          useFactory: (database: Database, log: EventLog, consumers: RunningConsumers) => new Operations({ service: options.service, database, log, consumers, decode: options.decode }),
        },
      ],
      controllers: [OperationsGrpc],
      exports: [EVENT_LOG, FactTransport, ParkedFacts, Operations],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { topic, database, service } = this.options;
    this.watchOver();
    if (!topic) return;
    const logger = new Logger('Relay');
    this.relay = new Relay({
      database,
      log: this.log,
      topic,
      source: service,
      onTrouble: (error) => logger.warn(`${service}: publishing waits (${error instanceof Error ? error.message : String(error)})`),
      onFedAgain: (facts) => logger.warn(`${service}: the log has lost what it took; ${facts} facts of the last 72 hours are sent again`),
    });
    this.relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.watch);
    await this.transport.close();
    await this.relay?.close();
    await this.log.close();
    const { dataSource } = this.consumerDatabase;
    if (dataSource !== this.database.dataSource && dataSource.isInitialized) await dataSource.destroy();
  }

  /** True when the consumer has given no sign of life for three session timeouts: not ready, and in need of a new process. */
  stalled(): boolean {
    return this.consumers.heartbeatAgeMs() > STALLED_AFTER_MS;
  }

  /** Called once when `stalled()` comes true. */
  whenStalled(react: () => void): void {
    this.react = react;
  }

  /** Its silence counts as the consumer's, and an operator sees its consumers beside the service's own. */
  watchAlso(follower: Follower): void {
    this.consumers.add(follower);
  }

  private watchOver(): void {
    this.watch = setInterval(() => {
      if (!this.stalled()) return;
      clearInterval(this.watch);
      new Logger('Messaging').error(`${this.options.service}: no sign of life from the consumer for ${STALLED_AFTER_MS / 1_000} s`);
      this.react?.();
    }, WATCH_EVERY_MS).unref();
  }

  async figures(): Promise<MessagingFigures> {
    const running = this.consumers.all();
    const { seconds, parked } = await this.database.read(EVERYTHING, async (tx) => ({
      seconds: (await tx.query<{ seconds: number }>(UNPUBLISHED))[0]?.seconds ?? 0,
      parked: new Map((await parkedByGroup(tx)).map(({ group, keys }) => [group, keys])),
    }));
    const idle = [...parked.keys()].filter((group) => !running.some((one) => one.group === group));
    return {
      oldestUnpublishedSeconds: seconds,
      consumers: [
        ...(await Promise.all(running.map(async (one) => ({ consumer: one.group, ...(await this.lagOf(one)), parkedKeys: parked.get(one.group) ?? 0, redeliveries: one.consumer.counts.redelivered })))),
        ...idle.map((consumer) => ({ consumer, parkedKeys: parked.get(consumer) ?? 0, redeliveries: 0 })),
      ],
      poolWaiters: { requests: this.database.waiting, ...(this.consumerDatabase.dataSource === this.database.dataSource ? {} : { consumer: this.consumerDatabase.waiting }) },
    };
  }

  private async lagOf({ group, topics, rebuilding }: RunningConsumer): Promise<Pick<ConsumerFigures, 'lagFacts' | 'lagSeconds'>> {
    if (rebuilding) return {};
    const lag = await this.log.lag(group, topics).catch(() => undefined);
    return lag ? { lagFacts: lag.facts, lagSeconds: lag.seconds } : {};
  }
}

/** The service's entities on connections of the consumer's own: a slow batch takes none from requests. */
const consumerDatabase = async (dataSource: DataSource, { service, consumes }: MessagingOptions): Promise<Database> => {
  if (consumes.length === 0) return new Database(dataSource);
  const given = dataSource.options as DataSourceOptions & { extra?: Record<string, unknown> };
  const options = { ...given, poolSize: CONSUMER_POOL, extra: { ...given.extra, application_name: `${service}-consumer` } } as DataSourceOptions;
  return new Database(await new DataSource(options).initialize());
};
