import type { Transaction } from '@common-ground/persistence';
import type { Subscription } from './domain/subscription.js';

/** A subscription with what is somebody's encrypted. */
export type SealedSubscription = Omit<Subscription, 'target' | 'scopeMissions' | 'cancelledAt'> & {
  readonly target: Buffer;
  readonly targetDigest: string;
  readonly signingSecret: Buffer | null;
  readonly scopeMissions: readonly string[] | null;
  readonly cancelledAt: Date | null;
};

const COLUMNS = `id, subscriber, channel, target, target_digest AS "targetDigest", signing_secret AS "signingSecret", scope_missions AS "scopeMissions",
  missions, rules, minimum_severity AS "minimumSeverity", created_at AS "createdAt", cancelled_at AS "cancelledAt"`;

/** Says for the rest of the transaction whose subscriptions and alerts it may touch; '*' is everybody's, for consumers and workers. */
export const actFor = async (tx: Transaction, subject: string): Promise<void> => {
  await tx.query(`SELECT set_config('app.subject', $1, true)`, [subject]);
};

/** @returns false when the id is taken, by whomever */
export const insertSubscription = async (tx: Transaction, row: SealedSubscription): Promise<boolean> => {
  const inserted = await tx.query(
    `INSERT INTO subscription (id, subscriber, channel, target, target_digest, signing_secret, scope_missions, missions, rules, minimum_severity, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [row.id, row.subscriber, row.channel, row.target, row.targetDigest, row.signingSecret, row.scopeMissions, row.missions, row.rules, row.minimumSeverity, row.createdAt],
  );
  return inserted.length === 1;
};

export const findSubscription = async (tx: Transaction, id: string): Promise<SealedSubscription | undefined> => {
  const [row] = await tx.query<SealedSubscription>(`SELECT ${COLUMNS} FROM subscription WHERE id = $1`, [id]);
  return row;
};

export const cancelSubscription = async (tx: Transaction, id: string, at: Date): Promise<void> => {
  await tx.query('UPDATE subscription SET cancelled_at = coalesce(cancelled_at, $2) WHERE id = $1', [id, at]);
};

/** Everybody's, cancelled ones too, some at a time in the order of their ids; for who acts for '*'. */
export const subscriptionsAfter = (tx: Transaction, after: string | undefined, limit: number): Promise<SealedSubscription[]> =>
  tx.query<SealedSubscription>(`SELECT ${COLUMNS} FROM subscription WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2 FOR UPDATE`, [after ?? null, limit]);

export const storeSealed = async (tx: Transaction, { id, target, targetDigest, signingSecret }: Pick<SealedSubscription, 'id' | 'target' | 'targetDigest' | 'signingSecret'>): Promise<void> => {
  await tx.query('UPDATE subscription SET target = $2, target_digest = $3, signing_secret = $4 WHERE id = $1', [id, target, targetDigest, signingSecret]);
};

export const listSubscriptions = (tx: Transaction, subscriber: string): Promise<SealedSubscription[]> =>
  tx.query<SealedSubscription>(`SELECT ${COLUMNS} FROM subscription WHERE subscriber = $1 AND cancelled_at IS NULL ORDER BY created_at, id`, [subscriber]);
