import { clientOptions, type DatabaseConfig } from '@common-ground/persistence';
import pg from 'pg';

const PING_MS = 2_000;
/** The server ends a session that has said nothing for so long: a line that died without a word must not keep a lock. */
const SILENT_SESSION_MS = 10_000;

export type LockSession = {
  readonly client: pg.Client;
  end(): Promise<void>;
};

/**
 * A connection of its own, for session advisory locks. Both ends find out when the other is gone:
 * the client by a ping that is not answered, the server by the pings that stop coming.
 */
export const openLockSession = async (database: DatabaseConfig, applicationName: string): Promise<LockSession> => {
  const client = new pg.Client({ ...clientOptions({ ...database, applicationName }), options: `-c idle_session_timeout=${SILENT_SESSION_MS}` });
  client.on('error', () => undefined);
  const end = (): Promise<void> => client.end().catch(() => undefined);
  const ping = setInterval(() => void client.query('SELECT 1').catch(end), PING_MS).unref();
  try {
    await client.connect();
  } catch (error) {
    clearInterval(ping);
    await end();
    throw error;
  }
  return {
    client,
    end: () => {
      clearInterval(ping);
      return end();
    },
  };
};
