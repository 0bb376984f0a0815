import { setTimeout as pause } from 'node:timers/promises';
import { gatewayMigrations } from '@common-ground/gateway';
import { openLog } from '@common-ground/messaging';
import { programmeFacts, type Shape } from '../stage/facts.js';
import { type Stage, type StagedDatabase, type StagedService, urlOf } from '../stage/stage.js';
import { heldIn, publishAll } from './p1-projection.js';

export type Portfolio = { readonly gateway: StagedService; readonly database: StagedDatabase; readonly held: number };

const PATIENCE_MS = 30 * 60_000;

/** A gateway whose portfolio is folded from a programme of this shape, and has caught up. */
export const openPortfolio = async (stage: Stage, name: string, shape: Shape, seed = 1): Promise<Portfolio> => {
  const [logDatabase, database] = [await stage.eventLog(`${name}_log`), await stage.database(`${name}_gateway`, gatewayMigrations)];
  const told = programmeFacts(shape, seed);
  const log = openLog({ kind: 'postgres', database: logDatabase.app });
  try {
    await publishAll(log, told);
    const gateway = await stage.start('gateway', database, { LOG_TRANSPORT: 'postgres', LOG_DATABASE_URL: urlOf(logDatabase.app) });
    const until = Date.now() + PATIENCE_MS;
    while ((await log.lag('gateway-portfolio-1', told.map(({ topic }) => topic))).facts > 0) {
      if (Date.now() > until) throw new Error('the portfolio did not catch up');
      await pause(100);
    }
    return { gateway, database, held: heldIn(told) };
  } finally {
    await log.close();
  }
};

export const ask = async <T>(url: string, token: string, query: string, variables: object = {}): Promise<T> => {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) });
  const { data, errors } = (await response.json()) as { data?: T; errors?: unknown };
  if (!data || errors) throw new Error(`the gateway answered ${JSON.stringify(errors).slice(0, 300)}`);
  return data;
};
