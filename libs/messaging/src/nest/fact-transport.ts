import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@common-ground/persistence';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable } from 'rxjs';
import { FactConsumer, type ConsumerTrouble } from '../consumer/fact-consumer.js';
import type { DecodeFact, FactContext, FactHandler } from '../consumer/handlers.js';
import { keepSubscribed } from '../consumer/keep-subscribed.js';
import { reasonOf } from '../consumer/verdict.js';
import type { EventLog, Subscription } from '../event-log.js';
import type { Fact } from '../fact.js';

/** What a handler under way may take when the service stops; SIGKILL is safe too. */
const STOP_MS = 10_000;

export type FactTransportOptions = {
  readonly group: string;
  readonly topics: readonly string[];
  readonly log: EventLog;
  readonly database: Database;
  readonly decode: DecodeFact;
  readonly onTrouble: (trouble: ConsumerTrouble) => void;
};

/** Nest's idea of a server, fed from the event log: handlers are plain `@EventPattern(type)` methods `(fact, context)`. */
export class FactTransport extends Server implements CustomTransportStrategy {
  /** A handler's failure is ours to judge: it must not end in a log line. */
  override readonly propagatesEventHandlerErrors = true;
  /** Several handlers of one type run one after the other, for they share a transaction. */
  private readonly eventHandlers = new Map<string, MessageHandler[]>();
  private subscription: Subscription | undefined;
  private current: FactConsumer | undefined;

  constructor(private readonly options: FactTransportOptions) {
    super();
  }

  get group(): string {
    return this.options.group;
  }

  get topics(): readonly string[] {
    return this.options.topics;
  }

  get consumer(): FactConsumer | undefined {
    return this.current;
  }

  /** Milliseconds since the log answered or a batch was done; 0 while nothing is consumed. */
  heartbeatAgeMs(): number {
    return this.subscription?.heartbeatAgeMs() ?? 0;
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras: Record<string, unknown> = {}): void {
    if (!isEventHandler) return super.addHandler(pattern, callback, isEventHandler, extras);
    const type = this.normalizePattern(pattern as string);
    const handlers = this.eventHandlers.get(type) ?? [];
    if (handlers.length === 0) super.addHandler(pattern, callback, isEventHandler, extras);
    this.eventHandlers.set(type, [...handlers, callback]);
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    const { subscription } = this;
    this.subscription = undefined;
    const patience = new AbortController();
    await Promise.race([subscription?.close(), pause(STOP_MS, undefined, { signal: patience.signal, ref: false }).catch(() => undefined)]);
    patience.abort();
  }

  on(): void {
    // There is one event of interest, a fact, and it goes to its handler.
  }

  unwrap<T>(): T {
    return this.options.log as T;
  }

  private async start(): Promise<void> {
    const { group, topics, log, database, decode, onTrouble } = this.options;
    if (topics.length === 0) return;
    this.current = new FactConsumer({ group, database, decode, onTrouble, handlers: this.factHandlers() });
    const consumer = this.current;
    this.subscription = await keepSubscribed(log, { group, topics, from: 'earliest', onBatch: (batch) => consumer.handle(batch) }, (error) => onTrouble({ group, what: 'waiting-for-log', reason: reasonOf(error) }));
  }

  private factHandlers(): ReadonlyMap<string, FactHandler> {
    const handlers = new Map<string, FactHandler>();
    for (const [type, several] of this.eventHandlers) {
      handlers.set(type, async (fact: Fact, context: FactContext) => {
        for (const handler of several) {
          const result: unknown = await handler(fact, context);
          if (isObservable(result)) await lastValueFrom(result as Observable<unknown>, { defaultValue: undefined });
        }
      });
    }
    return handlers;
  }
}
