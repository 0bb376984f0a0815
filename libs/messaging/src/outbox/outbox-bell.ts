/** The name under which a commit in this process wakes the relay of its database. */
export const outboxBell = (database: string): string => `outbox:${database}`;
