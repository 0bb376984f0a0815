import { DomainError, isDomainError } from '@common-ground/kernel';

const RETRIABLE = new Set(['40001', '40P01']);
/** Connection exceptions, shutdown, recovery, too many connections, out of resources, lock or statement timeouts. */
const PASSING = /^(08...|57P0.|53...|55P03|57014|25P03)$/;
const NETWORK = /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|Connection terminated|timeout exceeded|Query read timeout|not queryable|Client has encountered a connection error|Cannot use a pool after|driver not connected|QueryRunnerAlreadyReleased/i;

/** PostgreSQL's SQLSTATE, also behind a wrapper. */
export const sqlStateOf = (error: unknown): string | undefined => {
  for (let cause = error; typeof cause === 'object' && cause !== null; cause = (cause as { driverError?: unknown; cause?: unknown }).driverError ?? (cause as { cause?: unknown }).cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code;
  }
  return undefined;
};

/** By shape and not by class: Node's own errors are of another realm within Jest. */
const wordsOf = (error: unknown): string => {
  const { name, message, code } = (typeof error === 'object' && error !== null ? error : {}) as { name?: unknown; message?: unknown; code?: unknown };
  return [name, message, code].filter((word) => typeof word === 'string').join(' ');
};

/** True when a table was altered since a connection planned a statement on it. */
export const isStalePlan = (error: unknown): boolean => sqlStateOf(error) === '0A000' && wordsOf(error).includes('cached plan');

/** True when running the same transaction again may well succeed at once: serialization failure, deadlock, or a plan to be made anew. */
export const isRetriable = (error: unknown): boolean => RETRIABLE.has(sqlStateOf(error) ?? '') || isStalePlan(error);

/** True when nothing is wrong with the work itself: the server is away, busy, or took too long. */
export const isPassing = (error: unknown): boolean => {
  if (isDomainError(error)) return error.kind === 'unavailable';
  const state = sqlStateOf(error);
  if (state !== undefined) return RETRIABLE.has(state) || PASSING.test(state);
  return NETWORK.test(wordsOf(error));
};

/** True when the server took a statement and said nothing more: frozen, or the line is cut one way. */
export const isSilence = (error: unknown): boolean => wordsOf(error).includes('Query read timeout');

export const asUnavailable = (cause: unknown): DomainError => {
  const error = new DomainError('unavailable', 'STORAGE_UNAVAILABLE', 'The storage is not answering; try again in a moment.');
  error.cause = cause;
  return error;
};
