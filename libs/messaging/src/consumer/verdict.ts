import { isDomainError } from '@common-ground/kernel';
import { isPassing, sqlStateOf } from '@common-ground/persistence';

/** A fact that breaks its contract, however often it is tried: bytes that cannot be decoded, a reference that makes no sense. */
export class PoisonFact extends Error {
  override readonly name = 'PoisonFact';
}

/** A handler that neither ends nor fails. */
export class HandlerTooSlow extends Error {
  override readonly name = 'HandlerTooSlow';
}

export type Verdict = 'transient' | 'poison' | 'bug';

/** What a failed handler means: try again for as long as it takes, never again, or a few times. */
export const verdictOn = (error: unknown): Verdict => {
  if (error instanceof PoisonFact) return 'poison';
  return isPassing(error) ? 'transient' : 'bug';
};

/** Connection lost, server stopping or out of resources. */
const AWAY = /^(08...|57P0.|53...)$/;

/** True when the storage is away for everybody, which is waited out; a statement that is slow or locked out may be this fact's own doing. */
export const isStorageAway = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  if (state !== undefined) return AWAY.test(state);
  return isPassing(error) && (!isDomainError(error) || error.code === 'STORAGE_UNAVAILABLE');
};

/**
 * A promise that is thrown rejects by itself as well, and an unhandled rejection would end the process.
 * @returns what was thrown
 */
export const defused = (thrown: unknown): unknown => {
  if (thrown instanceof Promise) thrown.catch(() => undefined);
  return thrown;
};

/** Locked out or too slow: the server has undone one statement, and the transaction can go on without it. */
const ONE_STATEMENT = /^(55P03|57014)$/;

/** True when its transaction is good for nothing more: the connection is gone, the server chose a victim, or the handler may still be at work. */
export const ruinsTransaction = (error: unknown): boolean => {
  if (error instanceof HandlerTooSlow) return true;
  return verdictOn(error) === 'transient' && (isStorageAway(error) || (sqlStateOf(error) !== undefined && !ONE_STATEMENT.test(sqlStateOf(error) ?? '')));
};

/** Why something failed, for an operator: the error's own words, without what it was about. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `no error but a value was thrown (${typeof error})`;
  return text.slice(0, 500);
};
