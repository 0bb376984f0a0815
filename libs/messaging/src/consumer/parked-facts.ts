import { DomainError, EVERYTHING } from '@common-ground/kernel';
import type { Database } from '@common-ground/persistence';
import { readEnvelope } from '../fact.js';
import type { FactConsumer } from './fact-consumer.js';
import { enterInbox } from './inbox.js';
import { listParked, lockParking, noteOperatorAction, removeParked, type ParkedFact } from './parking.js';
import { reasonOf } from './verdict.js';

export type RetryResult = { readonly applied: number; readonly stillParked?: { readonly id: string; readonly reason: string } };

/** The operator's hand on parked facts of one service. Every action leaves an audit row. */
export class ParkedFacts {
  constructor(
    private readonly database: Database,
    private readonly consumerOf: (group: string) => FactConsumer | undefined,
  ) {}

  list(filter: { readonly group?: string; readonly key?: string; readonly limit?: number } = {}): Promise<ParkedFact[]> {
    return this.database.read(EVERYTHING, (tx) => listParked(tx, filter));
  }

  /** @throws DomainError `PARKED_FACT_UNKNOWN` */
  async show(id: string): Promise<ParkedFact> {
    if (!/^\d{1,18}$/.test(id)) throw unknownFact(id);
    const [parked] = await this.database.read(EVERYTHING, (tx) => listParked(tx, { id, limit: 1 }));
    if (!parked) throw unknownFact(id);
    return parked;
  }

  /** Applies a key's parked facts in order, until one fails again. */
  async retry(group: string, key: string, actor: string): Promise<RetryResult> {
    await this.database.run(EVERYTHING, (tx) => noteOperatorAction(tx, { actor, action: 'retry', target: `${group} ${key}`, reason: '' }));
    return this.release(group, key);
  }

  /** Gives one fact up for good, with a reason; those that waited behind it are applied. */
  async discard(id: string, actor: string, reason: string): Promise<RetryResult> {
    if (reason.trim() === '') throw new DomainError('invalid', 'REASON_MISSING', 'Say why the fact is given up; it stays in the audit.', { path: ['reason'] });
    const parked = await this.show(id);
    await this.database.run(EVERYTHING, async (tx) => {
      await lockParking(tx, parked.group, 'operator');
      if (!(await removeParked(tx, id))) throw unknownFact(id);
      const fact = readEnvelope(parked.record);
      // Given up is given up: it stays so when the log is read again.
      if (!('unreadable' in fact)) await enterInbox(tx, parked.group, [fact]);
      await noteOperatorAction(tx, { actor, action: 'discard', target: `${parked.group} ${parked.record.headers['ce_id'] ?? id}`, reason });
    });
    return parked.record.key === undefined ? { applied: 0 } : this.release(parked.group, parked.record.key);
  }

  private async release(group: string, key: string): Promise<RetryResult> {
    const consumer = this.consumerOf(group);
    if (!consumer) throw new DomainError('not-found', 'CONSUMER_UNKNOWN', `No consumer ${group} runs here.`, { path: ['group'] });
    for (let applied = 0; ; applied += 1) {
      const [next] = await this.database.read(EVERYTHING, (tx) => listParked(tx, { group, key, limit: 1 }));
      if (!next) return { applied };
      try {
        await consumer.applyParked(next);
      } catch (error) {
        const reason = reasonOf(error);
        await this.database.run(EVERYTHING, (tx) => tx.query('UPDATE parked_fact SET attempts = attempts + 1, reason = $2 WHERE id = $1', [next.id, reason]));
        return { applied, stillParked: { id: next.id, reason } };
      }
    }
  }
}

const unknownFact = (id: string): DomainError => new DomainError('not-found', 'PARKED_FACT_UNKNOWN', `No fact is parked under ${id}; list them again.`, { path: ['id'] });
