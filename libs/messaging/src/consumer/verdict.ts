import { isPassing } from '@common-ground/persistence';

/** A fact that breaks its contract, however often it is tried: bytes that cannot be decoded, a reference that makes no sense. */
export class PoisonFact extends Error {
  override readonly name = 'PoisonFact';
}

export type Verdict = 'transient' | 'poison' | 'bug';

/** What a failed handler means: try again for as long as it takes, never again, or a few times. */
export const verdictOn = (error: unknown): Verdict => {
  if (error instanceof PoisonFact) return 'poison';
  return isPassing(error) ? 'transient' : 'bug';
};

/** Why something failed, for an operator: the error's own words, without what it was about. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `a ${typeof error} was thrown`;
  return text.slice(0, 500);
};
