import { setTimeout as pause } from 'node:timers/promises';
import type { operations } from '@common-ground/contracts';
import { type Caller, DomainError, EVERYTHING, readPage, requireRole, type Role, shown } from '@common-ground/kernel';
import type { Database } from '@common-ground/persistence';
import type { DecodeFact } from '../consumer/handlers.js';
import type { NotedAction, OperatorAction } from '../consumer/operator-actions.js';
import { type About, ParkedFacts, type RetryResult } from '../consumer/parked-facts.js';
import { countParked, listParked, parkedByGroup } from '../consumer/parking.js';
import type { EventLog, Lag } from '../event-log.js';
import { UNPUBLISHED } from '../outbox/relay.js';
import { readReplayFrom } from './replay-from.js';
import { type Replay, Replays } from './replays.js';
import type { RunningConsumer, RunningConsumers } from './running-consumers.js';
import { idIn, shownContent, shownFact, shownHeaders } from './shown-fact.js';

/** Who may look into messaging and act on it. */
export const MAY_OPERATE: readonly Role[] = ['administrator'];

export type OperationsOptions = {
  readonly service: string;
  readonly database: Database;
  readonly log: EventLog;
  readonly consumers: RunningConsumers;
  readonly decode: DecodeFact;
};

/** A log that is away is waited for this long; what else there is to tell is told all the same. */
const LOG_PATIENCE_MS = 3_000;

/** The operator's hand on one service, in the words of the contract. */
export class Operations {
  private readonly parkedFacts: ParkedFacts;
  private readonly replays: Replays;

  constructor(private readonly options: OperationsOptions) {
    this.parkedFacts = new ParkedFacts(options.database, (group) => options.consumers.find(group)?.consumer);
    this.replays = new Replays(options.database, options.log);
  }

  /** Nest calls it before anything that a replay needs goes away. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.replays.close();
  }

  async getLag(caller: Caller): Promise<operations.GetLagResponse> {
    requireRole(caller, ...MAY_OPERATE);
    const { service, database, consumers } = this.options;
    const { outbox, parked } = await database.read(EVERYTHING, async (tx) => ({ outbox: (await tx.query<{ facts: number; seconds: number }>(UNPUBLISHED))[0], parked: await parkedByGroup(tx) }));
    return {
      service,
      unpublished: outbox?.facts ?? 0,
      oldestUnpublishedSeconds: outbox?.seconds ?? 0,
      consumers: await Promise.all(
        consumers.all().map(async (running) => {
          const held = parked.find(({ group }) => group === running.group);
          return { ...(await this.lagOf(running)), consumer: running.group, topics: [...running.topics], parkedFacts: held?.facts ?? 0, parkedKeys: held?.keys ?? 0, redeliveries: running.consumer.counts.redelivered, rebuilding: running.rebuilding ?? false };
        }),
      ),
    };
  }

  async listParkedFacts({ consumer, key, first, after }: operations.ListParkedFactsRequest, caller: Caller): Promise<operations.ListParkedFactsResponse> {
    requireRole(caller, ...MAY_OPERATE);
    const { limit } = readPage({ first, after: '' });
    const { service, database } = this.options;
    const filter = { ...(consumer ? { group: consumer } : {}), ...(key ? { key } : {}) };
    const from = after === '' ? {} : { after: this.numberOf(after, 'after') };
    return database.read(EVERYTHING, async (tx) => {
      const rows = await listParked(tx, { ...filter, after: '0', ...from, limit: limit + 1 });
      return { facts: rows.slice(0, limit).map((parked) => shownFact(service, parked)), hasMore: rows.length > limit, totalCount: await countParked(tx, filter) };
    });
  }

  async getParkedFact({ id }: operations.GetParkedFactRequest, caller: Caller): Promise<operations.GetParkedFactResponse> {
    requireRole(caller, ...MAY_OPERATE);
    const found = await this.named(id, () => this.parkedFacts.find(this.numberOf(id)));
    const history = found.history.map(shownAction);
    if (found.state !== 'parked') return { id, state: found.state, fact: undefined, headers: {}, content: '', bytes: 0, history };
    const { parked } = found;
    return { id, state: 'parked', fact: shownFact(this.options.service, parked), headers: shownHeaders(parked), content: shownContent(parked, this.options.decode), bytes: parked.record.value?.byteLength ?? 0, history };
  }

  async retryParkedFact({ commandId, id, reason }: operations.RetryParkedFactRequest, caller: Caller): Promise<operations.RetryParkedFactResponse> {
    requireRole(caller, ...MAY_OPERATE);
    const { state, about, ...result } = await this.named(id, () => this.parkedFacts.retryFact(this.numberOf(id), { commandId, reason, actor: caller.subject }));
    return { state, release: this.released(about, result) };
  }

  async retryParkedKey({ commandId, key, consumer, reason }: operations.RetryParkedKeyRequest, caller: Caller): Promise<operations.RetryParkedKeyResponse> {
    requireRole(caller, ...MAY_OPERATE);
    if (key.trim() === '') throw new DomainError('invalid', 'KEY_MISSING', 'Say which key: the id of an intervention, or the code of a mission.', { path: ['key'] });
    const known = await this.parkedFacts.knows(key);
    const releases: operations.Release[] = [];
    for (const group of await this.parkedFacts.holding(key)) {
      if (consumer !== '' && group !== consumer) continue;
      releases.push(this.released({ group, key }, await this.parkedFacts.retry(group, key, caller.subject, { commandId, reason })));
    }
    return { releases, known };
  }

  async discardParkedFact({ commandId, id, reason }: operations.DiscardParkedFactRequest, caller: Caller): Promise<operations.DiscardParkedFactResponse> {
    requireRole(caller, ...MAY_OPERATE);
    const { discarded, about, ...result } = await this.named(id, () => this.parkedFacts.discardFact(this.numberOf(id), { commandId, reason, actor: caller.subject }));
    return { discarded: shownAction(discarded), release: this.released(about, result) };
  }

  async replayConsumer({ commandId, consumer, from, reason }: operations.ReplayConsumerRequest, caller: Caller): Promise<operations.ReplayConsumerResponse> {
    requireRole(caller, ...MAY_OPERATE);
    const running = this.running(consumer);
    const wanted = { running, starts: from.trim(), from: readReplayFrom(from, running.topics, new Date()) };
    return { replay: shownReplay(await this.replays.begin(wanted, { commandId, reason: reason.trim(), actor: caller.subject })) };
  }

  async getReplay({ consumer }: operations.GetReplayRequest, caller: Caller): Promise<operations.GetReplayResponse> {
    requireRole(caller, ...MAY_OPERATE);
    const replay = await this.replays.last(this.running(consumer).group);
    return { replay: replay && shownReplay(replay) };
  }

  private async lagOf({ group, topics }: RunningConsumer): Promise<Partial<Lag>> {
    const enough = new AbortController();
    try {
      return await Promise.race([this.options.log.lag(group, topics), pause(LOG_PATIENCE_MS, {}, { signal: enough.signal, ref: false })]);
    } catch {
      return {};
    } finally {
      enough.abort();
    }
  }

  private running(consumer: string): RunningConsumer {
    const found = this.options.consumers.find(consumer);
    if (found) return found;
    const names = this.options.consumers.all().map(({ group }) => group);
    throw new DomainError('not-found', 'CONSUMER_UNKNOWN', `No consumer ${shown(consumer)} runs in ${this.options.service}; ${names.length > 0 ? `there is ${names.join(', ')}` : 'it reads no facts'}.`, { path: ['consumer'] });
  }

  /** `scheduling:42` is the 42nd here, when this is scheduling. */
  private numberOf(id: string, field = 'id'): string {
    const [, service, number] = /^([a-z-]+):(\d{1,18})$/.exec(id) ?? [];
    if (service === this.options.service && number !== undefined) return number;
    throw new DomainError('invalid', 'PARKED_ID_INVALID', `${shown(id)} is no id of a fact that is parked in ${this.options.service}; ids are as ${this.options.service}:42.`, { path: [field] });
  }

  /** What is wrong is told with the id as the operator knows it. */
  private async named<T>(id: string, work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'PARKED_FACT_UNKNOWN') throw new DomainError('not-found', error.code, `No fact is or was parked under ${id}; list them again.`, { path: ['id'] });
      throw error;
    });
  }

  private released({ group, key }: About, { applied, left = 0, stillParked }: RetryResult): operations.Release {
    return { consumer: group, key: key ?? '', applied, left, heldBy: stillParked ? idIn(this.options.service, stillParked.id) : '', heldByReason: stillParked?.reason ?? '' };
  }
}

const shownAction = ({ at, actor, action, reason }: OperatorAction | NotedAction): operations.OperatorAction => ({ at, actor, action, reason });

const shownReplay = ({ group, starts, begunAt, endedAt, ...rest }: Replay): operations.Replay => ({ ...rest, consumer: group, from: starts, begunAt, endedAt: endedAt ?? undefined });
