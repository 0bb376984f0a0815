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

/** Why something failed, for an operator: the error's own words, without what it was about. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `a ${typeof error} was thrown`;
  return text.slice(0, 500);
};
