import type { Transaction } from '@common-ground/persistence';
import { type LogRecord, readEnvelope } from '../fact.js';

/** How far a group has come on a partition, in positions and in time. What is not beyond both, and comes again, is a replay. */
export type Mark = { readonly position: bigint; readonly latest: Date };
export type Marks = ReadonlyMap<string, Mark>;

export const readMarks = async (tx: Transaction, group: string, records: readonly LogRecord[]): Promise<Marks> => {
  const [first] = records;
  if (!first) return new Map();
  const rows = await tx.query<{ position: string; latest: Date }>('SELECT position, latest FROM consumer_mark WHERE consumer_group = $1 AND topic = $2 AND partition = $3', [group, first.topic, first.partition]);
  return new Map(rows.map(({ position, latest }) => [`${first.topic}/${first.partition}`, { position: BigInt(position), latest }]));
};

export const moveMark = async (tx: Transaction, group: string, records: readonly LogRecord[]): Promise<void> => {
  const last = records.at(-1);
  if (!last) return;
  await tx.query(
    `INSERT INTO consumer_mark (consumer_group, topic, partition, position, latest) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (consumer_group, topic, partition) DO UPDATE
     SET position = greatest(consumer_mark.position, excluded.position), latest = greatest(consumer_mark.latest, excluded.latest)`,
    [group, last.topic, last.partition, last.position.toString(), latestOf(records)],
  );
};

/** A fact dated ahead of the clock must not make everything after it look old; one dated before 1970 is no date that a table keeps. */
const latestOf = (records: readonly LogRecord[]): Date => {
  const now = Date.now();
  const times = records.map((record) => {
    const fact = readEnvelope(record);
    return 'unreadable' in fact ? 0 : Math.max(0, Math.min(fact.time.getTime(), now));
  });
  return new Date(Math.max(...times));
};
