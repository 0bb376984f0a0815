import { DomainError, EVERYTHING, isDomainError } from '@common-ground/kernel';
import { appendToOutbox, type EventLog, messagingMigrations, type NewFact, Relay } from '@common-ground/messaging';
import { createDataSource, type Database, type DatabaseConfig, type Migration, once, type Transaction } from '@common-ground/persistence';
import { TOPICS } from '@common-ground/contracts';
import { type Command, factsOf } from './commands.js';
import { DyingDatabase } from './dying.js';
import type { Failpoint } from './failpoint.js';

export const WRITER_TOPIC = TOPICS.scheduling;
const CONNECTIONS = 5;

export const writerMigrations: readonly Migration[] = [
  ...messagingMigrations,
  { name: '1790000000900-aggregates', up: 'CREATE TABLE aggregate (id uuid PRIMARY KEY, version bigint NOT NULL); CREATE INDEX outbox_key ON outbox (key)' },
];

export type Answer = 'done' | 'refused';

/** The writing half of a service, on the real outbox and relay: commands in, facts out. It ends as its process does. */
export type Writer = {
  execute(command: Command): Promise<Answer>;
};

export const startWriter = async (config: DatabaseConfig, log: EventLog, failpoint: Failpoint): Promise<Writer> => {
  const dataSource = await createDataSource({ ...config, poolSize: CONNECTIONS }, []).initialize();
  const database = new DyingDatabase(dataSource, failpoint, { before: 'before-commit', after: 'after-commit' });
  await log.ensureTopics([WRITER_TOPIC]);
  const relay = new Relay({ database: config, log, topic: WRITER_TOPIC, source: 'scheduling', onTrouble: () => undefined });
  relay.start();
  return { execute: (command) => execute(database, command) };
};

const execute = async (database: Database, command: Command): Promise<Answer> => {
  try {
    await database.run(EVERYTHING, (tx) => once(tx, { commandId: command.commandId, name: command.name, payload: command }, () => change(tx, command)));
    return 'done';
  } catch (error) {
    if (isDomainError(error) && error.code === 'CHANGED_ITS_MIND') return 'refused';
    throw error;
  }
};

const change = async (tx: Transaction, command: Command): Promise<void> => {
  const facts = factsOf(command);
  await move(tx, facts);
  await appendToOutbox(tx, facts);
  if (command.refused) throw new DomainError('conflict', 'CHANGED_ITS_MIND', 'rolled back with all that it wrote');
};

/** Each aggregate to its new version, if the first of its facts is what comes next. */
const move = async (tx: Transaction, facts: readonly NewFact[]): Promise<void> => {
  const steps = new Map<string, { first: number; last: number }>();
  for (const { subject, sequence } of facts) steps.set(subject, { first: steps.get(subject)?.first ?? sequence, last: sequence });
  const each = [...steps.values()];
  const moved = await tx.query(
    `INSERT INTO aggregate (id, version)
     SELECT id, last FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS step (id, first, last)
     WHERE first = 1 OR EXISTS (SELECT FROM aggregate WHERE aggregate.id = step.id AND version = first - 1)
     ORDER BY id
     ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE aggregate.version < excluded.version RETURNING id`,
    [[...steps.keys()], each.map(({ first }) => first), each.map(({ last }) => last)],
  );
  if (moved.length < steps.size) throw new DomainError('conflict', 'OUT_OF_TURN', `${steps.size - moved.length} of ${steps.size} aggregates are not where the command takes them to be`);
};
