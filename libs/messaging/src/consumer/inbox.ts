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
  const inserted = await tx.query<{ fact_id: string }>(
    `INSERT INTO inbox (consumer_group, fact_id, digest)
     SELECT $1, id, digest FROM unnest($2::uuid[], $3::bytea[]) WITH ORDINALITY AS fact (id, digest, place) ORDER BY place
     ON CONFLICT DO NOTHING RETURNING fact_id`,
    [group, facts.map(({ id }) => id), facts.map(digestOf)],
  );
  const unseen = new Set(inserted.map(({ fact_id }) => fact_id));
  const fresh: EncodedFact[] = [];
  const again: EncodedFact[] = [];
  for (const fact of facts) (unseen.delete(fact.id) ? fresh : again).push(fact);
  if (again.length === 0) return { fresh, altered: [], redelivered: 0 };
  const known = await knownTo(tx, group, again);
  const altered = again.filter((fact) => known(fact) === 'with other content');
  return { fresh, altered, redelivered: again.length - altered.length };
};

/** Takes the rows of facts back whose effects did not come about; their transaction goes on without them. */
export const leaveInbox = async (tx: Transaction, group: string, facts: readonly EncodedFact[]): Promise<void> => {
  if (facts.length > 0) await tx.query('DELETE FROM inbox WHERE consumer_group = $1 AND fact_id = ANY ($2::uuid[])', [group, facts.map(({ id }) => id)]);
};

export type Known = 'as it is' | 'with other content';

/** Which of these facts the group has applied, or given up, already; by id. */
export const knownTo = async (tx: Transaction, group: string, facts: readonly EncodedFact[]): Promise<(fact: EncodedFact) => Known | undefined> => {
  const rows = facts.length === 0 ? [] : await tx.query<{ fact_id: string; digest: Buffer }>('SELECT fact_id, digest FROM inbox WHERE consumer_group = $1 AND fact_id = ANY ($2::uuid[])', [group, facts.map(({ id }) => id)]);
  const digests = new Map(rows.map(({ fact_id, digest }) => [fact_id, digest]));
  return (fact) => {
    const digest = digests.get(fact.id);
    return digest && (digest.equals(digestOf(fact)) ? 'as it is' : 'with other content');
  };
};
