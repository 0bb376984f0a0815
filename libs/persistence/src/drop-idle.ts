import type pg from 'pg';

/** Where one line has died without a word the others have too, as a rule: each would cost somebody the same wait. */
export const dropIdle = async (pool: pg.Pool): Promise<void> => {
  const idle = Array.from({ length: pool.idleCount }, () => pool.connect().then((client) => client.release(true), () => undefined));
  await Promise.all(idle);
};
