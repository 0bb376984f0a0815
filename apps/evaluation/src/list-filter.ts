import { checkBatchSize, DomainError, LIMITS, type Page, type Refusal, throwIfRefused } from '@common-ground/kernel';

/** Every value of each list is checked; an empty list filters nothing. */
export const checkFilter = (filters: Readonly<Record<string, readonly string[]>>, refuse: Readonly<Record<string, (path: readonly string[], value: string) => Refusal | undefined>>): void => {
  for (const [name, values] of Object.entries(filters)) {
    if (values.length > 0) checkBatchSize(name, values, LIMITS.batchIds);
    throwIfRefused(values.flatMap((value, index) => refuse[name]?.([name, String(index)], value) ?? []));
  }
};

/** A cursor's keys are text; those that stand for something narrower are checked before PostgreSQL meets them. */
export const requireCursor = (page: Page, sound: (keys: readonly string[]) => boolean): void => {
  if (page.after && !sound(page.after))
    throw new DomainError('invalid', 'CURSOR_INVALID', 'This cursor was not given by this list; use the endCursor of the page before, or leave it out to start over.', { path: ['page', 'after'] });
};
