import { setTimeout as pause } from 'node:timers/promises';

/** Something the platform refused or could not do, told for people. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  constructor(
    message: string,
    readonly code: string = 'PLATFORM',
  ) {
    super(message);
  }
}

export type Connection = {
  readonly url: string;
  /** Gives a token that is still good; asked before every request. */
  token(): Promise<string>;
  /** True: nobody is alerted to what this work leads to. */
  readonly quiet: boolean;
};

type GraphqlAnswer<T> = {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
};

const ATTEMPTS = 6;
const PASSING = new Set([429, 502, 503, 504]);

/** One GraphQL operation; a lost connection or a busy server is tried again, which is safe because commands carry ids. */
export const requestGraphql = async <T>(connection: Connection, query: string, variables: object = {}): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    const result = await attemptGraphql<T>(connection, query, variables);
    if (result.done) return result.value;
    if (attempt === ATTEMPTS) throw new PlatformError(`${connection.url} did not answer after ${ATTEMPTS} tries (${result.why})`, 'UNREACHABLE');
    await pause(200 * 2 ** attempt);
  }
};

type Attempt<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly why: string };

const attemptGraphql = async <T>(connection: Connection, query: string, variables: object): Promise<Attempt<T>> => {
  const token = await connection.token();
  let response: Response;
  try {
    response = await fetch(connection.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...(connection.quiet ? { 'common-ground-quiet': 'true' } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(60_000),
    });
  } catch (error) {
    return { done: false, why: error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : 'no connection' };
  }
  if (PASSING.has(response.status)) return { done: false, why: `HTTP ${response.status}` };
  const answer = (await response.json().catch(() => ({}))) as GraphqlAnswer<T>;
  const [error] = answer.errors ?? [];
  if (error?.extensions?.code === 'UNAVAILABLE' || error?.extensions?.code === 'STORAGE_UNAVAILABLE') return { done: false, why: error.message };
  if (error) throw new PlatformError(error.message, error.extensions?.code);
  if (!answer.data) throw new PlatformError(`${connection.url} answered HTTP ${response.status} without data; is it the GraphQL address?`);
  return { done: true, value: answer.data };
};
