import { Logger } from '@nestjs/common';
import { DomainError, EVERYTHING } from '@common-ground/kernel';
import type { Database, Transaction } from '@common-ground/persistence';
import type { ConsumerCounts } from '../consumer/fact-consumer.js';
import { checkOperatorCommand, noteOperatorAction, type OperatorCommand } from '../consumer/operator-actions.js';
import type { Batch, EventLog, ReplayFrom } from '../event-log.js';
import { isFactId } from '../fact.js';
import type { RunningConsumer } from './running-consumers.js';

export type ReplayState = 'running' | 'done' | 'failed' | 'broken-off';
export type Replay = {
  readonly commandId: string;
  readonly group: string;
  readonly starts: string;
  readonly actor: string;
  readonly state: ReplayState;
  readonly read: number;
  readonly applied: number;
  readonly skipped: number;
  readonly ignored: number;
  readonly parked: number;
  readonly why: string;
  readonly begunAt: Date;
  readonly endedAt: Date | null;
};

/** What is replayed, by which consumer, as the operator wrote it and as it was understood. */
export type ReplayWanted = { readonly running: RunningConsumer; readonly starts: string; readonly from: ReplayFrom };

const COLUMNS = `command_id AS "commandId", consumer_group AS group, starts, actor, state, read, applied, skipped, ignored, parked, why, begun_at AS "begunAt", ended_at AS "endedAt"`;
/** A replay that has not been heard of for so long has no process any more. */
const SILENT = "interval '60 seconds'";
const TOUCH_EVERY_MS = 500;

/**
 * Hands a consumer what lies in the log once more. What it has applied it skips, what it has missed it applies, and nobody is alerted:
 * every fact counts as quiet. It reads beside the consumer, whose own position stays where it is.
 */
export class Replays {
  private readonly logger = new Logger('Replay');
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
  ) {}

  /** Begins one, and does not wait for its end; the same command again begins no other. @throws DomainError `REPLAY_UNDER_WAY` */
  async begin({ running, starts, from }: ReplayWanted, command: OperatorCommand): Promise<Replay> {
    const { group } = running;
    const { begun, replay } = await this.database.run(EVERYTHING, async (tx) => {
      const target = `${group} from ${starts}`;
      await checkOperatorCommand(tx, { ...command, action: 'replay', target });
      const known = await findReplay(tx, 'command_id = $1', command.commandId);
      if (known) return { begun: false, replay: known };
      await breakOffSilent(tx, group);
      const [fresh] = await tx.query<Replay>(
        `INSERT INTO consumer_replay (command_id, consumer_group, starts, actor, state) VALUES ($1, $2, $3, $4, 'running') ON CONFLICT (consumer_group) WHERE state = 'running' DO NOTHING RETURNING ${COLUMNS}`,
        [command.commandId, group, starts, command.actor],
      );
      if (!fresh) throw new DomainError('conflict', 'REPLAY_UNDER_WAY', `A replay of ${group} is under way already; wait until it is done.`, { path: ['consumer'] });
      await noteOperatorAction(tx, { ...command, action: 'replay', group, target });
      return { begun: true, replay: fresh };
    });
    if (begun) this.follow(this.run(running, from, command));
    return replay;
  }

  /** The last one of a consumer. */
  async last(group: string): Promise<Replay | undefined> {
    return this.database.run(EVERYTHING, async (tx) => {
      await breakOffSilent(tx, group);
      return findReplay(tx, 'consumer_group = $1', group);
    });
  }

  /** Ends what is under way after its batch; it then stands as broken off. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.underWay);
  }

  private follow(work: Promise<void>): void {
    const settled = work.catch((error: unknown) => this.logger.warn(`how a replay ended could not be kept (${error instanceof Error ? error.message : 'unknown'})`)).finally(() => this.underWay.delete(settled));
    this.underWay.add(settled);
  }

  private async run({ topics, consumer }: RunningConsumer, from: ReplayFrom, command: OperatorCommand): Promise<void> {
    const beside = consumer.beside();
    let read = 0;
    let touchedAt = 0;
    try {
      const onBatch = async (batch: Batch): Promise<void> => {
        await beside.handle(quietly(batch));
        if (batch.stopping()) return;
        read += batch.records.length;
        if (Date.now() - touchedAt < TOUCH_EVERY_MS) return;
        touchedAt = Date.now();
        await this.keep(command, { state: 'running', why: '', read }, beside.counts);
      };
      await this.log.replay({ topics, from, signal: this.closing.signal, onBatch });
      const why = this.closing.signal.aborted ? 'the service was stopped' : '';
      await this.end(command, { state: why === '' ? 'done' : 'broken-off', why, read }, beside.counts);
    } catch (error) {
      await this.end(command, { state: 'failed', why: error instanceof Error ? error.message : String(error), read }, beside.counts);
    }
  }

  private async end(command: OperatorCommand, outcome: Outcome, counts: ConsumerCounts): Promise<void> {
    const { group } = await this.keep(command, outcome, counts);
    const reason = `${outcome.state}: ${outcome.read} read, ${counts.applied} applied, ${counts.redelivered} skipped, ${counts.parked} parked${outcome.why ? ` (${outcome.why})` : ''}`;
    await this.database.run(EVERYTHING, (tx) => noteOperatorAction(tx, { ...command, action: 'replay-ended', group, target: group, reason }));
  }

  private keep({ commandId }: OperatorCommand, { state, why, read }: Outcome, { applied, redelivered, ignored, parked }: ConsumerCounts): Promise<{ group: string }> {
    return this.database.run(EVERYTHING, async (tx) => {
      const [row] = await tx.query<{ group: string }>(
        `UPDATE consumer_replay SET state = $2, why = $3, read = $4, applied = $5, skipped = $6, ignored = $7, parked = $8, touched_at = now(), ended_at = CASE WHEN $2 = 'running' THEN NULL ELSE now() END
         WHERE command_id = $1 RETURNING consumer_group AS group`,
        [commandId, state, why, read, applied, redelivered, ignored, parked],
      );
      if (!row) throw new Error(`No replay ${commandId} was begun.`);
      return row;
    });
  }
}

type Outcome = { readonly state: ReplayState; readonly why: string; readonly read: number };

/** Nobody is alerted to what comes of it; nor when a fact is parked by it and retried later. What is no fact stays as it is, and is known again. */
const quietly = (batch: Batch): Batch => ({ ...batch, records: batch.records.map((record) => (isFactId(record.headers['ce_id'] ?? '') ? { ...record, headers: { ...record.headers, ce_quiet: 'true' } } : record)) });

const findReplay = async (tx: Transaction, condition: 'command_id = $1' | 'consumer_group = $1', value: string): Promise<Replay | undefined> => {
  const [row] = await tx.query<Replay>(`SELECT ${COLUMNS} FROM consumer_replay WHERE ${condition} ORDER BY begun_at DESC LIMIT 1`, [value]);
  return row;
};

const breakOffSilent = async (tx: Transaction, group: string): Promise<void> => {
  await tx.query(`UPDATE consumer_replay SET state = 'broken-off', why = 'its process ended', ended_at = now() WHERE consumer_group = $1 AND state = 'running' AND touched_at < now() - ${SILENT}`, [group]);
};
