import type { Page } from '@common-ground/kernel';
import type { Transaction } from '@common-ground/persistence';
import { actFor } from '../subscription/subscription.repository.js';
import type { Alert } from './domain/alert.js';
import { MOST_ATTEMPTS } from './domain/retry.js';

const COLUMNS = `alert.id, alert.subscription_id AS "subscriptionId", alert.flag_id AS "flagId", alert.mission, alert.intervention_id AS "interventionId", alert.rule, alert.subject,
  alert.severity, alert.channel, alert.status, alert.attempts, alert.raised_at AS "raisedAt", alert.delivered_at AS "deliveredAt", alert.proof`;

/** An opened flag, as far as alerts are concerned. */
export type Raised = Pick<Alert, 'flagId' | 'mission' | 'interventionId' | 'rule' | 'subject' | 'severity' | 'raisedAt'> & {
  /** When the command behind the fact was accepted. */
  readonly acceptedAt: Date;
};
export type RaisedAlert = { readonly alertId: string; readonly subscriber: string; readonly channel: string };

/**
 * One alert for every subscription that matches, within the transaction that opens the flag.
 * Who subscribed twice to the same by the same way gets one. Ends acting for everybody: only for consumers of facts.
 */
export const raiseAlerts = async (tx: Transaction, raised: Raised): Promise<readonly RaisedAlert[]> => {
  await actFor(tx, '*');
  return tx.query<RaisedAlert>(
    `INSERT INTO alert (id, subscription_id, subscriber, flag_id, mission, intervention_id, rule, subject, severity, channel, status, attempts, raised_at, accepted_at, due_at, proof)
     SELECT gen_random_uuid(), matching.id, matching.subscriber, $1, $2, $3, $4, $5, $6::integer, matching.channel, 'waiting', 0, $7, $8, $7, ''
     FROM (SELECT DISTINCT ON (subscriber, channel, target_digest) id, subscriber, channel FROM subscription
           WHERE cancelled_at IS NULL AND minimum_severity <= $6::integer
             AND (scope_missions IS NULL OR $2 = ANY (scope_missions))
             AND (cardinality(missions) = 0 OR $2 = ANY (missions))
             AND (cardinality(rules) = 0 OR $4 = ANY (rules))
           ORDER BY subscriber, channel, target_digest, created_at, id) matching
     ON CONFLICT (flag_id, subscription_id) DO NOTHING
     RETURNING id AS "alertId", subscriber, channel`,
    [raised.flagId, raised.mission, raised.interventionId, raised.rule, raised.subject, raised.severity, raised.raisedAt, raised.acceptedAt],
  );
};

/** An alert to be sent now, with where to. */
export type DueAlert = Alert & { readonly target: Buffer; readonly signingSecret: Buffer | null; readonly cancelled: boolean };

/**
 * Takes alerts that are due. The try is counted and the lease set before anything is sent:
 * a worker that dies sends nothing more, and another takes over when the lease ends.
 */
export const takeDueAlerts = async (tx: Transaction, { limit, now, leaseUntil }: { limit: number; now: Date; leaseUntil: Date }): Promise<DueAlert[]> =>
  tx.query<DueAlert>(
    `WITH taken AS (
       UPDATE alert SET attempts = attempts + 1, due_at = $3 WHERE id IN (
         SELECT id FROM alert WHERE status = 'waiting' AND channel <> 'in-app' AND due_at <= $2 AND attempts < ${MOST_ATTEMPTS}
         ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING *)
     SELECT ${COLUMNS}, subscription.target, subscription.signing_secret AS "signingSecret", subscription.cancelled_at IS NOT NULL AS cancelled
     FROM taken AS alert JOIN subscription ON subscription.id = alert.subscription_id`,
    [limit, now, leaseUntil],
  );

/** Alerts whose last try nobody lived to tell of. */
export const failAbandoned = async (tx: Transaction, now: Date): Promise<void> => {
  await tx.query(
    `UPDATE alert SET status = 'failed', proof = 'the last try was broken off' WHERE status = 'waiting' AND channel <> 'in-app' AND due_at <= $1 AND attempts >= ${MOST_ATTEMPTS}`,
    [now],
  );
};

export const markDelivered = async (tx: Transaction, id: string, { proof, at }: { proof: string; at: Date }): Promise<void> => {
  await tx.query(`UPDATE alert SET status = 'delivered', delivered_at = $2, proof = $3 WHERE id = $1 AND status = 'waiting'`, [id, at, proof]);
};

/** @param dueAt when to try again; none when it was the last try */
export const markTried = async (tx: Transaction, { id, attempts }: Pick<Alert, 'id' | 'attempts'>, { proof, dueAt }: { proof: string; dueAt: Date | undefined }): Promise<void> => {
  await tx.query(
    `UPDATE alert SET status = CASE WHEN $3::timestamptz IS NULL THEN 'failed' ELSE 'waiting' END, due_at = coalesce($3, due_at), proof = $4 WHERE id = $1 AND attempts = $2 AND status = 'waiting'`,
    [id, attempts, dueAt ?? null, proof],
  );
};

/** In-app alerts reached their subscriber's screen. Those of others, unknown or confirmed already change nothing. */
export const confirmInApp = async (tx: Transaction, subscriber: string, ids: readonly string[], at: Date): Promise<void> => {
  await tx.query(
    `UPDATE alert SET status = 'delivered', delivered_at = $3, attempts = 1, proof = 'shown in the app' WHERE id = ANY ($2::uuid[]) AND subscriber = $1 AND channel = 'in-app' AND status = 'waiting'`,
    [subscriber, ids, at],
  );
};

/** An empty list filters nothing. */
export type AlertFilter = { readonly channels: readonly string[]; readonly statuses: readonly string[]; readonly ids: readonly string[] };

const FILTER = `subscriber = $1 AND (cardinality($2::text[]) = 0 OR channel = ANY ($2)) AND (cardinality($3::text[]) = 0 OR status = ANY ($3)) AND (cardinality($4::uuid[]) = 0 OR id = ANY ($4))`;

/** Newest first. One row more than the page holds, to learn whether there are more; and how many there are in all. */
export const listAlerts = async (tx: Transaction, subscriber: string, filter: AlertFilter, page: Page): Promise<{ rows: Alert[]; total: number }> => {
  const wanted = [subscriber, filter.channels, filter.statuses, filter.ids];
  const rows = await tx.query<Alert>(
    `SELECT ${COLUMNS} FROM alert WHERE ${FILTER} AND ($5::timestamptz IS NULL OR (raised_at, id) < ($5::timestamptz, $6::uuid)) ORDER BY raised_at DESC, id DESC LIMIT $7`,
    [...wanted, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*)::integer AS total FROM alert WHERE ${FILTER}`, wanted);
  return { rows, total: counted?.total ?? 0 };
};

/** The age in seconds of the oldest alert that is due and not sent; 0 when none is. */
export const oldestDueSeconds = async (tx: Transaction): Promise<number> => {
  await actFor(tx, '*');
  const [row] = await tx.query<{ seconds: number }>(`SELECT coalesce(extract(epoch FROM clock_timestamp() - min(due_at)), 0)::float8 AS seconds FROM alert WHERE status = 'waiting' AND channel <> 'in-app' AND due_at <= clock_timestamp()`);
  return row?.seconds ?? 0;
};

/** How far back latencies are looked at, and alerts that were given up. */
const RECENTLY = { delivered: '15 minutes', givenUp: '24 hours' } as const;

export type Latency = { readonly channel: string; readonly quantile: '0.5' | '0.95' | '1'; readonly seconds: number };

/** From the accepted command to the delivered alert, over alerts delivered lately; a channel without any has none. In-app waits for people to look. */
export const recentLatencies = async (tx: Transaction): Promise<Latency[]> => {
  await actFor(tx, '*');
  const rows = await tx.query<{ channel: string; seconds: [number, number, number] }>(
    `SELECT channel, percentile_cont(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM delivered_at - accepted_at)::float8) AS seconds
     FROM alert WHERE accepted_at IS NOT NULL AND delivered_at > clock_timestamp() - interval '${RECENTLY.delivered}' GROUP BY channel`,
  );
  return rows.flatMap(({ channel, seconds }) => (['0.5', '0.95', '1'] as const).map((quantile, index) => ({ channel, quantile, seconds: seconds[index] ?? 0 })));
};

/** Alerts that were given up lately though their subscription goes on. */
export const recentlyGivenUp = async (tx: Transaction): Promise<number> => {
  await actFor(tx, '*');
  const [row] = await tx.query<{ alerts: number }>(
    `SELECT count(*)::integer AS alerts FROM alert JOIN subscription ON subscription.id = alert.subscription_id
     WHERE status = 'failed' AND subscription.cancelled_at IS NULL AND due_at > clock_timestamp() - interval '${RECENTLY.givenUp}'`,
  );
  return row?.alerts ?? 0;
};
