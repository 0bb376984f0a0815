import { DomainError, isUuid } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';

/** What an operator asked for (`retry`, `discard`, `replay`), and what came of it, fact by fact. */
export type OperatorAct = 'retry' | 'applied' | 'failed' | 'discard' | 'replay' | 'replay-ended';

/** Who asks for what, and why. The id is the client's: the same command again is one entry in the audit. */
export type OperatorCommand = { readonly commandId: string; readonly actor: string; readonly reason: string };

export type OperatorAction = { readonly at: Date; readonly actor: string; readonly action: OperatorAct; readonly reason: string };

/** An action with the command that it came of and what it was about. */
export type NotedAction = OperatorAction & { readonly commandId: string; readonly group: string; readonly key: string | null };

type ToNote = OperatorCommand & { readonly action: OperatorAct; readonly group: string; readonly target: string; readonly key?: string | undefined; readonly parkedId?: string | undefined };

/** Adds to the audit, which cannot be altered; what a command has left there already is not said twice. */
export const noteOperatorAction = async (tx: Transaction, { commandId, actor, action, group, target, reason, key, parkedId }: ToNote): Promise<void> => {
  await tx.query(
    `INSERT INTO operator_action (command_id, actor, action, consumer_group, target, reason, key, parked_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (command_id, action, consumer_group, coalesce(parked_id, 0)) WHERE action <> 'failed' DO NOTHING`,
    [commandId, actor, action, group, target, reason, key ?? null, parkedId ?? null],
  );
};

/** @throws DomainError `COMMAND_ID_INVALID`, or `COMMAND_ID_REUSED` when the id was used to ask for something else */
export const checkOperatorCommand = async (tx: Transaction, { commandId, action, target, reason }: OperatorCommand & { readonly action: OperatorAct; readonly target: string }): Promise<void> => {
  if (!isUuid(commandId)) throw new DomainError('invalid', 'COMMAND_ID_INVALID', 'commandId must be a lower-case UUID made by the client, a new one for each command.', { path: ['commandId'] });
  const other = await tx.query(`SELECT 1 FROM operator_action WHERE command_id = $1 AND action IN ('retry', 'discard', 'replay') AND (action, target, reason) <> ($2, $3, $4) LIMIT 1`, [commandId, action, target, reason]);
  if (other.length > 0) throw new DomainError('conflict', 'COMMAND_ID_REUSED', 'This commandId was used for something else; make a new one for each command.', { path: ['commandId'] });
};

/** What was done about a fact while it was parked, oldest first; also what was asked for its key and came to it. */
export const historyOf = (tx: Transaction, parkedId: string): Promise<NotedAction[]> =>
  tx.query<NotedAction>(
    `SELECT taken_at AS at, actor, action, reason, command_id AS "commandId", consumer_group AS group, key FROM operator_action
     WHERE parked_id = $1 OR (action = 'retry' AND (command_id, consumer_group) IN (SELECT command_id, consumer_group FROM operator_action WHERE parked_id = $1)) ORDER BY id`,
    [parkedId],
  );

/** How many facts a command has applied, however often it was sent. */
export const appliedBy = async (tx: Transaction, commandId: string, group: string): Promise<number> => {
  const [row] = await tx.query<{ facts: number }>(`SELECT count(*)::integer AS facts FROM operator_action WHERE command_id = $1 AND consumer_group = $2 AND action = 'applied'`, [commandId, group]);
  return row?.facts ?? 0;
};

/** Whether anything was ever done about a key. */
export const wasActedOn = async (tx: Transaction, key: string): Promise<boolean> => (await tx.query('SELECT 1 FROM operator_action WHERE key = $1 LIMIT 1', [key])).length > 0;
