import { type DynamicModule, Global, Inject, Logger, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type DatabaseConfig } from '@common-ground/persistence';
import { EVERYTHING } from '@common-ground/kernel';
import type { DecodeFact } from '../consumer/handlers.js';
import { ParkedFacts } from '../consumer/parked-facts.js';
import type { EventLog } from '../event-log.js';
import { type LogConfig, openLog } from '../log-config.js';
import { OLDEST_UNPUBLISHED, Relay } from '../outbox/relay.js';
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

export const EVENT_LOG = Symbol('EventLog');
const OPTIONS = Symbol('MessagingOptions');

/** Figures for the metrics endpoint; each is read when asked for. */
export type MessagingFigures = {
  readonly oldestUnpublishedSeconds: number;
  readonly lagFacts: number;
  readonly lagSeconds: number;
  readonly parkedKeys: number;
  readonly redeliveries: number;
};

/** The relay, the log, the consumer and its parking, started and stopped with the service. */
@Global()
@Module({})
export class MessagingModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private relay: Relay | undefined;

  constructor(
    @Inject(OPTIONS) private readonly options: MessagingOptions,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(FactTransport) private readonly transport: FactTransport,
    @Inject(Database) private readonly database: Database,
  ) {}

  static forRoot(options: MessagingOptions): DynamicModule {
    const logger = new Logger('Messaging');
    return {
      module: MessagingModule,
      providers: [
        { provide: OPTIONS, useValue: options },
        { provide: EVENT_LOG, useFactory: () => openLog(options.log) },
        {
          provide: FactTransport,
          inject: [EVENT_LOG, Database],
          useFactory: (log: EventLog, database: Database) =>
            new FactTransport({
              group: options.service,
              topics: options.consumes,
              log,
              database,
              decode: options.decode,
              onTrouble: (trouble) => logger.warn(trouble, `${trouble.group}: ${trouble.what}`),
            }),
        },
        {
          provide: ParkedFacts,
          inject: [Database, FactTransport],
          useFactory: (database: Database, transport: FactTransport) => new ParkedFacts(database, (group) => (group === transport.group ? transport.consumer : undefined)),
        },
      ],
      exports: [EVENT_LOG, FactTransport, ParkedFacts],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { topic, database, service } = this.options;
    if (!topic) return;
    await this.log.ensureTopics([topic]);
    const logger = new Logger('Relay');
    this.relay = new Relay({ database, log: this.log, topic, source: service, onTrouble: (error) => logger.warn(`${service}: publishing waits (${error instanceof Error ? error.message : String(error)})`) });
    this.relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.transport.close();
    await this.relay?.close();
    await this.log.close();
  }

  async figures(): Promise<MessagingFigures> {
    const lag = this.options.consumes.length > 0 ? await this.log.lag(this.options.service, this.options.consumes) : { facts: 0, seconds: 0 };
    const [own] = await this.database.read(EVERYTHING, async (tx) => {
      const [age] = await tx.query<{ seconds: number }>(OLDEST_UNPUBLISHED);
      const [parked] = await tx.query<{ keys: string }>('SELECT count(DISTINCT key) AS keys FROM parked_fact');
      return [{ seconds: age?.seconds ?? 0, keys: Number(parked?.keys ?? 0) }];
    });
    return { oldestUnpublishedSeconds: own?.seconds ?? 0, lagFacts: lag.facts, lagSeconds: lag.seconds, parkedKeys: own?.keys ?? 0, redeliveries: this.transport.consumer?.counts.redelivered ?? 0 };
  }
}
