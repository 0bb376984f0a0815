import { createHash } from 'node:crypto';
import type { Transaction } from '@common-ground/persistence';
import { isFactId, type LogRecord, LONGEST_HEADER, LONGEST_KEY } from '../fact.js';

export type ParkedVerdict = 'poison' | 'bug' | 'waiting' | 'unreadable';

export type ParkedFact = {
  readonly id: string;
  readonly group: string;
  readonly record: LogRecord;
  readonly verdict: ParkedVerdict;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: Date;
};

type ParkedRow = { id: string; consumer_group: string; topic: string; partition: number; position: string; key: string | null; headers: Record<string, string>; data: Buffer | null; verdict: ParkedVerdict; reason: string; attempts: number; parked_at: Date };

/** Larger than any fact of ours; what is beyond is described and not kept. */
const KEEP_BYTES = 1_048_576;

/** As PostgreSQL can keep it: neither NUL nor half a character, of at most so many. */
const storable = (text: string, longest = Number.POSITIVE_INFINITY): string => Buffer.from(text.replaceAll('\0', '\uFFFD').slice(0, longest)).toString();

/** What has no id of its own gets one from its content, so that it is parked once however often it comes. */
const idOf = ({ headers, value }: LogRecord): string => {
  const id = headers['ce_id'] ?? '';
  if (isFactId(id)) return id;
  const hex = createHash('sha256').update(JSON.stringify(headers)).update(value ?? '').digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/**
 * Consumers share it, an operator's hand takes it alone: or a fact could come to wait behind one that is just being let go,
 * and wait for ever.
 */
export const lockParking = (tx: Transaction, group: string, who: 'consumer' | 'operator'): Promise<unknown> =>
  tx.query(`SELECT pg_advisory_xact_lock${who === 'consumer' ? '_shared' : ''}(7239003, hashtext($1))`, [group]);

/** A record that cannot be handled, and why. */
export type Parked = { readonly record: LogRecord; readonly verdict: ParkedVerdict; readonly reason: string; readonly attempts?: number };

const columnsOf = ({ record, verdict, reason, attempts = 0 }: Parked) => {
  const tooLarge = (record.value?.byteLength ?? 0) > KEEP_BYTES;
  return {
    factId: idOf(record),
    topic: record.topic,
    partition: record.partition,
    position: record.position.toString(),
    key: record.key === undefined ? null : storable(record.key, LONGEST_KEY),
    headers: JSON.stringify(Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [storable(name, LONGEST_HEADER), storable(value ?? '', LONGEST_HEADER)]))),
    data: record.value === null || tooLarge ? null : Buffer.from(record.value),
    verdict,
    reason: storable(tooLarge ? `${reason} (${record.value?.byteLength} bytes, not kept)` : reason),
    attempts,
  };
};

/** Parks records in their order. @returns how many were not parked before */
export const park = async (tx: Transaction, group: string, parked: readonly Parked[]): Promise<number> => {
  if (parked.length === 0) return 0;
  const rows = parked.map(columnsOf);
  const inserted = await tx.query(
    `INSERT INTO parked_fact (consumer_group, fact_id, topic, partition, position, key, headers, data, verdict, reason, attempts)
     SELECT $1, fact_id, topic, partition, position, key, headers, data, verdict, reason, attempts
     FROM unnest($2::uuid[], $3::text[], $4::integer[], $5::bigint[], $6::text[], $7::jsonb[], $8::bytea[], $9::text[], $10::text[], $11::integer[])
       WITH ORDINALITY AS parked (fact_id, topic, partition, position, key, headers, data, verdict, reason, attempts, place)
     ORDER BY place
     ON CONFLICT (consumer_group, topic, partition, position, fact_id) DO NOTHING RETURNING id`,
    [
      group,
      rows.map(({ factId }) => factId),
      rows.map(({ topic }) => topic),
      rows.map(({ partition }) => partition),
      rows.map(({ position }) => position),
      rows.map(({ key }) => key),
      rows.map(({ headers }) => headers),
      rows.map(({ data }) => data),
      rows.map(({ verdict }) => verdict),
      rows.map(({ reason }) => reason),
      rows.map(({ attempts }) => attempts),
    ],
  );
  return inserted.length;
};

/** Which of these keys are held up by an earlier fact of theirs. */
export const parkedKeysAmong = async (tx: Transaction, group: string, keys: readonly string[]): Promise<ReadonlySet<string>> => {
  if (keys.length === 0) return new Set();
  const rows = await tx.query<{ key: string }>(`SELECT DISTINCT key FROM parked_fact WHERE consumer_group = $1 AND key = ANY ($2::text[]) AND verdict <> 'unreadable'`, [group, [...new Set(keys)]]);
  return new Set(rows.map(({ key }) => key));
};

const parkedOf = (row: ParkedRow): ParkedFact => ({
  id: row.id,
  group: row.consumer_group,
  verdict: row.verdict,
  reason: row.reason,
  attempts: row.attempts,
  parkedAt: row.parked_at,
  record: { topic: row.topic, partition: row.partition, position: BigInt(row.position), key: row.key ?? undefined, headers: row.headers, value: row.data },
});

/** `after`: an id, after which a list goes on. */
export type ParkedFilter = { readonly group?: string; readonly key?: string; readonly id?: string; readonly after?: string };

const MATCHES = '($1::text IS NULL OR consumer_group = $1) AND ($2::text IS NULL OR key = $2) AND ($3::bigint IS NULL OR id = $3)';
const wantedBy = ({ group, key, id }: ParkedFilter): (string | null)[] => [group ?? null, key ?? null, id ?? null];

/** Parked facts in the order in which they came, oldest first; those of a key that hold it up before those that do not. */
export const listParked = async (tx: Transaction, filter: ParkedFilter & { readonly limit?: number } = {}): Promise<ParkedFact[]> => {
  const rows = await tx.query<ParkedRow>(`SELECT * FROM parked_fact WHERE ${MATCHES} AND ($4::bigint IS NULL OR id > $4) ORDER BY ($2::text IS NOT NULL AND $4::bigint IS NULL AND verdict = 'unreadable'), id LIMIT $5`, [
    ...wantedBy(filter),
    filter.after ?? null,
    filter.limit ?? 100,
  ]);
  return rows.map(parkedOf);
};

export const countParked = async (tx: Transaction, filter: ParkedFilter): Promise<number> => {
  const [row] = await tx.query<{ facts: number }>(`SELECT count(*)::integer AS facts FROM parked_fact WHERE ${MATCHES}`, wantedBy(filter));
  return row?.facts ?? 0;
};

/** Which consumers hold facts of a key back. */
export const groupsHolding = async (tx: Transaction, key: string): Promise<string[]> =>
  (await tx.query<{ consumer_group: string }>('SELECT DISTINCT consumer_group FROM parked_fact WHERE key = $1 ORDER BY consumer_group', [key])).map(({ consumer_group }) => consumer_group);

export type ParkedCount = { readonly group: string; readonly facts: number; readonly keys: number };

export const parkedByGroup = (tx: Transaction): Promise<ParkedCount[]> =>
  tx.query<ParkedCount>('SELECT consumer_group AS group, count(*)::integer AS facts, count(DISTINCT coalesce(key, id::text))::integer AS keys FROM parked_fact GROUP BY consumer_group');

/** @returns false when somebody else was quicker */
export const removeParked = async (tx: Transaction, id: string): Promise<boolean> => (await tx.query('DELETE FROM parked_fact WHERE id = $1 RETURNING id', [id])).length > 0;
