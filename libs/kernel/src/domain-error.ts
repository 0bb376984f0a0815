/** What an error means to the caller; one exhaustive table per protocol turns a kind into its status. */
export type ErrorKind = 'invalid' | 'not-found' | 'conflict' | 'forbidden' | 'unauthenticated' | 'unavailable';

/** Names that let a person find and mend the cause: an input path, the rule, the limit. Never a person's data. */
export type ErrorDetails = {
  /** Path of the offending input, outermost first, e.g. `['participants', '3', 'side']`. */
  readonly path?: readonly string[];
  readonly [name: string]: string | number | boolean | readonly string[] | undefined;
};

/** One refusal among several found in the same input. */
export type Refusal = { readonly code: string; readonly message: string; readonly path: readonly string[] };

/**
 * An expected failure: something a person can cause and mend.
 * `code` is from a closed set per slice (SCREAMING_SNAKE_CASE), `message` says what is wrong and how to mend it.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: ErrorDetails = {},
    /** Everything wrong with the input, when more than one thing is; the error itself is the first. */
    readonly refusals: readonly Refusal[] = [{ code, message, path: details.path ?? [] }],
  ) {
    super(message);
  }
}

export const isDomainError = (error: unknown): error is DomainError =>
  error instanceof Error && error.name === 'DomainError' && 'kind' in error && 'code' in error;

/** @throws DomainError carrying every refusal, when there is one. */
export const throwIfRefused = (refusals: readonly Refusal[], kind: ErrorKind = 'invalid'): void => {
  const first = refusals[0];
  if (first) throw new DomainError(kind, first.code, first.message, { path: first.path }, refusals);
};
