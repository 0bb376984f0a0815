type Queryable = { query(sql: string, parameters: readonly unknown[]): Promise<unknown> };

/** So many rows to a statement, for a statement has a few seconds. */
const SLICE = 5_000;

/**
 * Feeds a log again that has lost what it took: marks the facts of an outbox that were published since then as not published,
 * and the relay sends them anew, oldest first. Consumers skip what they have applied, so again is the same.
 * An outbox keeps what was published in the last 72 hours.
 *
 * @returns how many facts will be sent again
 */
export const republish = async (tx: Queryable, since: Date): Promise<number> => {
  for (let total = 0; ; ) {
    const result = await tx.query(
      `WITH slice AS (SELECT id FROM outbox WHERE published_at >= $1 ORDER BY published_at LIMIT ${SLICE}),
            again AS (UPDATE outbox SET published_at = NULL WHERE id IN (SELECT id FROM slice) RETURNING 1)
       SELECT count(*)::integer AS count FROM again`,
      [since.toISOString()],
    );
    const count = rowsOf(result)[0]?.count ?? 0;
    total += count;
    if (count < SLICE) return total;
  }
};

/** Rows as a transaction gives them, or as `pg` does. */
const rowsOf = (result: unknown): readonly { count: number }[] => (Array.isArray(result) ? result : (result as { rows: { count: number }[] }).rows);
