import { createHash } from 'node:crypto';
import { DomainError, isUuid } from '@common-ground/kernel';
import type { Transaction } from './database.js';

export type CommandRecord = {
  /** Made by the client, so that a phone can send the same command again. */
  readonly commandId: string;
  readonly name: string;
  /** Everything the command says; the same id with other content is refused. Must not be kept: only its digest is. */
  readonly payload: unknown;
};

/** JSON with sorted keys, so that the same content has the same digest. */
const canonical = (value: unknown): unknown => {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
};

export const digestOf = (payload: unknown): string => createHash('sha256').update(JSON.stringify(canonical(payload)) ?? 'undefined').digest('hex');

/**
 * Runs the work of a command once: the same command again gets the answer that was stored, in the caller's transaction.
 * Two at the same time wait for one another on the command's row. The answer must be JSON; dates in it come back as text,
 * the first time too, so that nobody comes to rely on what a phone that asks again will not get.
 *
 * @throws DomainError `COMMAND_ID_INVALID` when the id is no UUID, `COMMAND_ID_REUSED` when it was used for something else
 */
export const once = async <T>(tx: Transaction, command: CommandRecord, work: () => Promise<T>): Promise<T> => {
  if (!isUuid(command.commandId)) {
    throw new DomainError('invalid', 'COMMAND_ID_INVALID', 'commandId must be a lower-case UUID made by the client, a new one for each command.', { path: ['commandId'] });
  }
  const digest = digestOf(command.payload);
  const inserted = await tx.query('INSERT INTO command (id, name, digest) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id', [command.commandId, command.name, digest]);
  if (inserted.length === 0) return storedAnswer<T>(tx, command, digest);
  const answer = await work();
  const stored = JSON.stringify(answer ?? null);
  await tx.query('UPDATE command SET answer = $2::jsonb WHERE id = $1', [command.commandId, stored]);
  return JSON.parse(stored) as T;
};

const storedAnswer = async <T>(tx: Transaction, command: CommandRecord, digest: string): Promise<T> => {
  const [stored] = await tx.query<{ name: string; digest: string; answer: T }>('SELECT name, digest, answer FROM command WHERE id = $1', [command.commandId]);
  if (!stored || stored.name !== command.name || stored.digest !== digest) {
    throw new DomainError('conflict', 'COMMAND_ID_REUSED', 'This commandId was used for something else; make a new one for each command.', { path: ['commandId'] });
  }
  return stored.answer;
};
