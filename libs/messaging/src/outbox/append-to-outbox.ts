import { DomainError } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import { newFactId, type NewFact } from '../fact.js';
import { currentTraceparent } from '../trace-context.js';
import { wake } from '../wake.js';
import { outboxBell } from './outbox-bell.js';

/** A broker refuses messages over a megabyte, and one that it refuses for ever would hold up every fact behind it. */
const LARGEST_FACT_BYTES = 512 * 1024;

/**
 * Writes facts to the outbox, as the last statement of the business transaction: they become public if and only if it commits.
 * One version of an aggregate states a fact of a type once; a second try breaks the unique key and with it the transaction.
 *
 * @throws DomainError `FACT_TOO_LARGE` over 512 KB
 */
export const appendToOutbox = async (tx: Transaction, facts: readonly NewFact[]): Promise<void> => {
  if (facts.length === 0) return;
  const large = facts.find(({ data }) => data.byteLength > LARGEST_FACT_BYTES);
  if (large) throw new DomainError('invalid', 'FACT_TOO_LARGE', `This would publish a ${large.type} of ${large.data.byteLength} bytes; at most ${LARGEST_FACT_BYTES} travel at once. Send less in one command.`);
  const traceparent = currentTraceparent() ?? null;
  await tx.query(
    `INSERT INTO outbox (fact_id, type, key, subject, sequence, mission, quiet, traceparent, data)
     SELECT id, type, key, subject, sequence, mission, quiet, $8, data
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::boolean[], $9::bytea[])
       WITH ORDINALITY AS fact (id, type, key, subject, sequence, mission, quiet, data, place)
     ORDER BY place`,
    [
      facts.map(({ id }) => id ?? newFactId()),
      facts.map(({ type }) => type),
      facts.map(({ key }) => key),
      facts.map(({ subject }) => subject),
      facts.map(({ sequence }) => sequence),
      facts.map(({ mission }) => mission),
      facts.map(({ quiet }) => quiet ?? false),
      traceparent,
      facts.map(({ data }) => Buffer.from(data)),
    ],
  );
  tx.afterCommit(() => wake(outboxBell(tx.database)));
};
