import { join } from 'node:path';
import { decodeFact, Facts } from '@common-ground/contracts';
import { type EventLog, FactConsumer, type FactHandler, messagingMigrations } from '@common-ground/messaging';
import { createDataSource, Database, type DatabaseConfig, type Migration } from '@common-ground/persistence';
import { type Commits, DyingDatabase } from './dying.js';
import type { Failpoint } from './failpoint.js';
import { WRITER_TOPIC } from './writer.js';

/** Consumers that keep every effect they have, in the order they had it: no key makes two of one. */
export const TALLIES = ['tally-1', 'tally-2'] as const;
const CONNECTIONS = 4;
const workspace = join(import.meta.dirname, '../../../..');

export const tallyMigrations: readonly Migration[] = [
  ...messagingMigrations,
  { name: '1790000000901-effects', up: 'CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, consumer_group text NOT NULL, fact_id uuid NOT NULL, key text NOT NULL, subject text NOT NULL, sequence bigint NOT NULL); CREATE INDEX effect_key ON effect (key)' },
];

/** The gateway's portfolio as it was built: apps are not imported, they are run. */
type Portfolio = {
  onApplicationBootstrap(): Promise<void>;
  rebuild(commandId: string): Promise<{ readonly state: string }>;
  progress(): { readonly state: string };
};
type PortfolioModule = { readonly PortfolioModels: new (database: Database, log: EventLog, reads: unknown) => Portfolio; readonly PortfolioReads: new () => unknown };

const builtPortfolio = async (): Promise<PortfolioModule> => {
  const folder = join(workspace, 'apps/gateway/dist/portfolio');
  return { ...(await import(join(folder, 'portfolio-models.js'))), ...(await import(join(folder, 'portfolio-reads.js'))) } as PortfolioModule;
};
export const gatewayMigrations = async (): Promise<readonly Migration[]> => ((await import(join(workspace, 'apps/gateway/dist/migrations/index.js'))) as { readonly gatewayMigrations: readonly Migration[] }).gatewayMigrations;

export type Readers = {
  rebuild(commandId: string): Promise<string>;
  rebuilding(): string;
};

export type ReadersOptions = {
  readonly tally: DatabaseConfig;
  readonly gateway: DatabaseConfig;
  readonly log: EventLog;
  readonly failpoint: Failpoint;
  /** A consumer as it must not be: its effects are written beside the inbox's transaction. */
  readonly effectsOutside?: boolean;
};

/** Two consumers and the real portfolio, as services that read one log. They end as their process does. */
export const startReaders = async ({ tally, gateway, log, failpoint, effectsOutside = false }: ReadersOptions): Promise<Readers> => {
  const open = async (config: DatabaseConfig, commits: Commits): Promise<DyingDatabase> => {
    const source = await createDataSource({ ...config, poolSize: CONNECTIONS }, []).initialize();
    return new DyingDatabase(source, failpoint, commits);
  };
  const effects: Commits = { before: 'before-effect', after: 'after-effect' };
  const database = await open(tally, effects);
  const outside = effectsOutside ? await open(tally, effects) : undefined;
  for (const group of TALLIES) {
    const handler = tallyOf(group, outside);
    const handlers = new Map(Object.values(Facts).map(({ type }) => [type, handler]));
    const consumer = new FactConsumer({ group, database, decode: decodeFact, handlers });
    await log.subscribe({ group, topics: [WRITER_TOPIC], from: 'earliest', onBatch: (batch) => consumer.handle(batch) });
  }
  const { PortfolioModels, PortfolioReads } = await builtPortfolio();
  const portfolio = new PortfolioModels(await open(gateway, { before: 'before-fold', after: 'after-fold' }), log, new PortfolioReads());
  await portfolio.onApplicationBootstrap();
  return {
    rebuild: async (commandId) => (await portfolio.rebuild(commandId)).state,
    rebuilding: () => portfolio.progress().state,
  };
};

const tallyOf =
  (group: string, outside: Database | undefined): FactHandler =>
  async ({ id, key, subject, sequence }, { tx }) => {
    const note = (on: Pick<typeof tx, 'query'>): Promise<unknown> => on.query('INSERT INTO effect (consumer_group, fact_id, key, subject, sequence) VALUES ($1, $2, $3, $4, $5)', [group, id, key, subject, sequence]);
    await (outside ? outside.dataSource.transaction((manager) => note(manager)) : note(tx));
  };
