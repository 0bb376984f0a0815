export type DatabaseConfig = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Connections at most; 10 when not said. */
  readonly poolSize?: number;
  readonly applicationName?: string;
};

/** Limits that keep one slow statement from holding a service up. */
export const CONNECT_TIMEOUT_MS = 2_000;
export const STATEMENT_TIMEOUT_MS = 5_000;
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
export const LOCK_TIMEOUT_MS = 2_000;
/** How long we wait for a server that cannot even say that a statement took too long. */
export const SILENCE_TIMEOUT_MS = 7_000;

/** What `pg` needs to connect as the config says, under the limits above. */
export const clientOptions = (config: DatabaseConfig) => ({
  host: config.host,
  port: config.port,
  database: config.database,
  user: config.user,
  password: config.password,
  application_name: config.applicationName ?? 'common-ground',
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  query_timeout: SILENCE_TIMEOUT_MS,
  keepAlive: true,
});
