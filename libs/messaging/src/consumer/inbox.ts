import { createHash } from 'node:crypto';
import type { Transaction } from '@common-ground/persistence';
import type { EncodedFact } from '../fact.js';

const digestOf = ({ data, type }: EncodedFact): Buffer => createHash('sha256').update(type).update(data).digest().subarray(0, 16);

export type Inbox = {
  /** Facts that this group sees for the first time; their effects belong into this transaction. */
  readonly fresh: readonly EncodedFact[];
  /** Facts whose id was applied before with other content: somebody's mistake, not a redelivery. */
  readonly altered: readonly EncodedFact[];
  readonly redelivered: number;
};

/** Writes an inbox row for every fact that has none. The same fact twice in one chunk counts once. */
export const enterInbox = async (tx: Transaction, group: string, facts: readonly EncodedFact[]): Promise<Inbox> => {
  if (facts.length === 0) return { fresh: [], altered: [], redelivered: 0 };
  const digests = facts.map(digestOf);
  const inserted = await tx.query<{ fact_id: string }>(
    `INSERT INTO inbox (consumer_group, fact_id, digest)
     SELECT $1, id, digest FROM unnest($2::uuid[], $3::bytea[]) WITH ORDINALITY AS fact (id, digest, place) ORDER BY place
     ON CONFLICT DO NOTHING RETURNING fact_id`,
    [group, facts.map(({ id }) => id), digests],
  );
  const unseen = new Set(inserted.map(({ fact_id }) => fact_id));
  const fresh: EncodedFact[] = [];
  const again: number[] = [];
  facts.forEach((fact, index) => {
    if (unseen.delete(fact.id)) fresh.push(fact);
    else again.push(index);
  });
  if (again.length === 0) return { fresh, altered: [], redelivered: 0 };
  const known = await tx.query<{ fact_id: string; digest: Buffer }>('SELECT fact_id, digest FROM inbox WHERE consumer_group = $1 AND fact_id = ANY ($2::uuid[])', [group, again.map((index) => facts[index]?.id)]);
  const byId = new Map(known.map(({ fact_id, digest }) => [fact_id, digest]));
  const altered = again.filter((index) => {
    const fact = facts[index];
    const digest = digests[index];
    return fact !== undefined && digest !== undefined && !byId.get(fact.id)?.equals(digest);
  });
  return { fresh, altered: altered.flatMap((index) => facts[index] ?? []), redelivered: again.length - altered.length };
};

/** Which of these ids the group has applied, or given up, already. */
export const knownTo = async (tx: Transaction, group: string, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await tx.query<{ fact_id: string }>('SELECT fact_id FROM inbox WHERE consumer_group = $1 AND fact_id = ANY ($2::uuid[])', [group, ids]);
  return new Set(rows.map(({ fact_id }) => fact_id));
};
