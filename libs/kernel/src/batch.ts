import { DomainError, type Refusal } from './domain-error.js';
import { LIMITS } from './text.js';

/** What became of one row of a batch; a batch answers every row, in order. `path` is below the row. */
export type RowOutcome = {
  row: number;
  outcome: 'accepted' | 'unchanged' | 'refused';
  code: string;
  message: string;
  path: string[];
};

export const acceptedRow = (row: number): RowOutcome => ({ row, outcome: 'accepted', code: '', message: '', path: [] });
export const unchangedRow = (row: number): RowOutcome => ({ row, outcome: 'unchanged', code: '', message: '', path: [] });
export const refusedRow = (row: number, { code, message, path }: Refusal): RowOutcome => ({ row, outcome: 'refused', code, message, path: [...path] });

/** @throws DomainError when a batch is empty or longer than 1,000 rows */
export const checkBatchSize = (path: string, rows: readonly unknown[], most: number = LIMITS.batchRows): void => {
  if (rows.length === 0) throw new DomainError('invalid', 'BATCH_EMPTY', 'Give at least one row.', { path: [path] });
  if (rows.length > most)
    throw new DomainError('invalid', 'BATCH_TOO_LARGE', `${rows.length} rows were given; send at most ${most} at a time.`, { path: [path] });
};
