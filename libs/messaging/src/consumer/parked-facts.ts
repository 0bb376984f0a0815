import { randomUUID } from 'node:crypto';
import { DomainError, EVERYTHING, LIMITS, refuseText, throwIfRefused } from '@common-ground/kernel';
import type { Database } from '@common-ground/persistence';
import { readEnvelope } from '../fact.js';
import type { FactConsumer } from './fact-consumer.js';
import { enterInbox } from './inbox.js';
import { appliedBy, checkOperatorCommand, historyOf, type NotedAction, noteOperatorAction, type OperatorAction, type OperatorCommand, wasActedOn } from './operator-actions.js';
import { countParked, groupsHolding, listParked, lockParking, type ParkedFact, type ParkedFilter, removeParked } from './parking.js';
import { isStorageAway, reasonOf } from './verdict.js';

/** `applied` by this command, however often it was sent; `left` of the key, when any are. */
export type RetryResult = { readonly applied: number; readonly left?: number; readonly stillParked?: { readonly id: string; readonly reason: string } };
export type DiscardResult = RetryResult & { readonly discarded: OperatorAction; readonly about: About };

/** A fact that is or was parked: what became of it, and what operators did about it, oldest first. */
export type ParkedHistory = { readonly about: About; readonly history: readonly NotedAction[] } & (
  | { readonly state: 'parked'; readonly parked: ParkedFact }
  | { readonly state: 'applied'; readonly last: NotedAction }
  | { readonly state: 'discarded'; readonly last: NotedAction }
);

/** The consumer that a fact was parked by, its key if it has one, and the fact if it is one alone. */
export type About = { readonly group: string; readonly key: string | undefined; readonly id?: string };

/** Less than a caller waits. A command that is sent again goes on. */
const RELEASE_MS = 5_000;

/** The operator's hand on parked facts of one service. Every action leaves entries in an audit that cannot be altered. */
export class ParkedFacts {
  constructor(
    private readonly database: Database,
    private readonly consumerOf: (group: string) => FactConsumer | undefined,
    private readonly releaseMs = RELEASE_MS,
  ) {}

  list(filter: ParkedFilter & { readonly limit?: number } = {}): Promise<ParkedFact[]> {
    return this.database.read(EVERYTHING, (tx) => listParked(tx, filter));
  }

  /** @throws DomainError `PARKED_FACT_UNKNOWN` */
  async show(id: string): Promise<ParkedFact> {
    const found = await this.find(id);
    if (found.state !== 'parked') throw unknownFact(id);
    return found.parked;
  }

  /** @throws DomainError `PARKED_FACT_UNKNOWN` when nothing was ever parked under the id */
  async find(id: string): Promise<ParkedHistory> {
    if (!/^\d{1,18}$/.test(id)) throw unknownFact(id);
    return this.database.read(EVERYTHING, async (tx) => {
      const [parked] = await listParked(tx, { id, limit: 1 });
      const history = await historyOf(tx, id);
      if (parked) return { state: 'parked', parked, history, about: { group: parked.group, key: parked.record.key, id } };
      const last = history.findLast(({ action }) => action === 'applied' || action === 'discard');
      if (!last) throw unknownFact(id);
      return { state: last.action === 'applied' ? 'applied' : 'discarded', history, last, about: { group: last.group, key: last.key ?? undefined, id } };
    });
  }

  /** Which consumers hold facts of a key back. */
  holding(key: string): Promise<string[]> {
    return this.database.read(EVERYTHING, (tx) => groupsHolding(tx, key));
  }

  /** Applies a key's parked facts in order, until one fails again. */
  async retry(group: string, key: string, actor: string, more: Partial<Omit<OperatorCommand, 'actor'>> = {}): Promise<RetryResult> {
    const command = { commandId: randomUUID(), reason: '', ...more, actor };
    return this.retryAll({ group, key }, command);
  }

  /** Whether anything was ever parked or done under a key. */
  knows(key: string): Promise<boolean> {
    return this.database.read(EVERYTHING, async (tx) => (await groupsHolding(tx, key)).length > 0 || wasActedOn(tx, key));
  }

  /**
   * The same for the key of one fact, which may wait behind others; a fact without a key is tried by itself.
   * A fact that was applied meanwhile stays so.
   *
   * @throws DomainError `PARKED_FACT_UNKNOWN`, `PARKED_FACT_DISCARDED`
   */
  async retryFact(id: string, command: OperatorCommand): Promise<RetryResult & { readonly state: 'parked' | 'applied'; readonly about: About }> {
    const found = await this.find(id);
    if (found.state === 'discarded') throw new DomainError('conflict', 'PARKED_FACT_DISCARDED', `This fact was given up on ${found.last.at.toISOString()} (${found.last.reason}); it is not applied any more.`, { path: ['id'] });
    const { about, history } = found;
    if (found.state === 'applied' && !history.some(({ action, commandId }) => action === 'retry' && commandId === command.commandId)) return { state: 'applied', applied: 0, about };
    const result = await this.retryAll(about, command);
    return { ...result, about, state: (await this.find(id)).state === 'applied' ? 'applied' : 'parked' };
  }

  /** Gives one fact up for good, with a reason; those that waited behind it are applied. What was given up already stays so. */
  async discard(id: string, actor: string, reason: string): Promise<RetryResult> {
    const { discarded: _, about: __, ...result } = await this.discardFact(id, { actor, reason, commandId: randomUUID() });
    return result;
  }

  /** @throws DomainError `REASON_MISSING`, `PARKED_FACT_UNKNOWN`, `PARKED_FACT_APPLIED` */
  async discardFact(id: string, given: OperatorCommand): Promise<DiscardResult> {
    const command = { ...given, reason: given.reason.trim() };
    if (command.reason === '') throw new DomainError('invalid', 'REASON_MISSING', 'Say why the fact is given up; it stays in the audit.', { path: ['reason'] });
    checkReason(command.reason);
    const found = await this.find(id);
    if (found.state === 'applied') throw new DomainError('conflict', 'PARKED_FACT_APPLIED', `This fact was applied on ${found.last.at.toISOString()}; there is nothing to give up.`, { path: ['id'] });
    const { about } = found;
    if (found.state === 'discarded' && found.last.commandId !== command.commandId) return { applied: 0, discarded: found.last, about };
    const consumer = this.running(about.group);
    if (found.state === 'parked') await this.giveUp(found.parked, command);
    const result = about.key === undefined ? { applied: 0 } : await this.release(consumer, { group: about.group, key: about.key }, command);
    const after = await this.find(id);
    if (after.state !== 'discarded') throw new DomainError('conflict', 'PARKED_FACT_APPLIED', 'Somebody applied this fact meanwhile; there is nothing to give up.', { path: ['id'] });
    return { ...result, about, discarded: after.last };
  }

  private async giveUp({ id, group, record }: ParkedFact, command: OperatorCommand): Promise<void> {
    const target = `fact ${id}`;
    await this.database.run(EVERYTHING, async (tx) => {
      await checkOperatorCommand(tx, { ...command, action: 'discard', target });
      await lockParking(tx, group, 'operator');
      // Somebody else was quicker: what became of it is told from the audit.
      if (!(await removeParked(tx, id))) return;
      const fact = readEnvelope(record);
      // Given up is given up: it stays so when the log is read again.
      if (!('unreadable' in fact)) await enterInbox(tx, group, [fact]);
      await noteOperatorAction(tx, { ...command, action: 'discard', group, target, key: record.key, parkedId: id });
    });
  }

  private async retryAll(about: About, given: OperatorCommand): Promise<RetryResult> {
    const command = { ...given, reason: given.reason.trim() };
    checkReason(command.reason);
    const consumer = this.running(about.group);
    const target = about.id === undefined ? `key ${about.key}` : `fact ${about.id}`;
    await this.database.run(EVERYTHING, async (tx) => {
      await checkOperatorCommand(tx, { ...command, action: 'retry', target });
      await noteOperatorAction(tx, { ...command, action: 'retry', group: about.group, target, key: about.key, parkedId: about.id });
    });
    return this.release(consumer, about, command);
  }

  private async release(consumer: FactConsumer, { group, key, id }: About, command: OperatorCommand): Promise<RetryResult> {
    const wanted: ParkedFilter = key === undefined ? { group, id: id ?? '' } : { group, key };
    const until = Date.now() + this.releaseMs;
    for (;;) {
      const [next] = await this.database.read(EVERYTHING, (tx) => listParked(tx, { ...wanted, limit: 1 }));
      const stillParked = next && Date.now() < until ? await this.tryOne(consumer, next, command) : undefined;
      if (next && !stillParked && Date.now() < until) continue;
      return this.database.read(EVERYTHING, async (tx) => {
        const left = await countParked(tx, wanted);
        return { applied: await appliedBy(tx, command.commandId, group), ...(left > 0 ? { left } : {}), ...(stillParked ? { stillParked } : {}) };
      });
    }
  }

  /** @returns why it failed, when it did */
  private async tryOne(consumer: FactConsumer, parked: ParkedFact, command: OperatorCommand): Promise<RetryResult['stillParked']> {
    const { id, group, record } = parked;
    const about = { ...command, group, target: `fact ${id}`, key: record.key, parkedId: id };
    try {
      await consumer.applyParked(parked, (tx) => noteOperatorAction(tx, { ...about, action: 'applied' }));
      return undefined;
    } catch (error) {
      if (isStorageAway(error)) throw error;
      const reason = reasonOf(error);
      await this.database.run(EVERYTHING, async (tx) => {
        await tx.query('UPDATE parked_fact SET attempts = attempts + 1, reason = $2 WHERE id = $1', [id, reason]);
        await noteOperatorAction(tx, { ...about, action: 'failed', reason });
      });
      return { id, reason };
    }
  }

  private running(group: string): FactConsumer {
    const consumer = this.consumerOf(group);
    if (!consumer) throw new DomainError('not-found', 'CONSUMER_UNKNOWN', `No consumer ${group} runs here.`, { path: ['consumer'] });
    return consumer;
  }
}

const checkReason = (reason: string): void => {
  const refused = refuseText(['reason'], reason, { max: LIMITS.text, multiline: true });
  throwIfRefused(refused ? [refused] : []);
};

const unknownFact = (id: string): DomainError => new DomainError('not-found', 'PARKED_FACT_UNKNOWN', `No fact is parked under ${id}; list them again.`, { path: ['id'] });
