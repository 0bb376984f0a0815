import type { Migration } from '@common-ground/persistence';

/**
 * Subscriptions and alerts belong to a person, not to a mission: their policies ask who is asking.
 * Nobody named in `app.subject` sees nothing; consumers and the delivery worker name everyone by '*'.
 */
export const createSubscription: Migration = {
  name: '1790000003300-create-subscription',
  up: `
    CREATE FUNCTION is_subscriber(subscriber text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
      SELECT coalesce(nullif(current_setting('app.subject', true), '') IN (subscriber, '*'), false)
    $$;

    CREATE TABLE subscription (
      id uuid PRIMARY KEY,
      subscriber text NOT NULL,
      channel text NOT NULL,
      /* Encrypted: an address is somebody's. The digest tells equal ones apart. */
      target bytea NOT NULL,
      target_digest text NOT NULL,
      signing_secret bytea,
      /* What the subscriber could see when subscribing; NULL is every mission. */
      scope_missions text[],
      missions text[] NOT NULL,
      rules text[] NOT NULL,
      minimum_severity integer NOT NULL,
      created_at timestamptz NOT NULL,
      cancelled_at timestamptz
    );
    CREATE INDEX subscription_subscriber ON subscription (subscriber, created_at);
    ALTER TABLE subscription ENABLE ROW LEVEL SECURITY;
    ALTER TABLE subscription FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON subscription USING (is_subscriber(subscriber)) WITH CHECK (is_subscriber(subscriber));

    CREATE TABLE alert (
      id uuid PRIMARY KEY,
      subscription_id uuid NOT NULL REFERENCES subscription (id),
      subscriber text NOT NULL,
      flag_id uuid NOT NULL,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      rule text NOT NULL,
      subject text NOT NULL,
      severity integer NOT NULL,
      channel text NOT NULL,
      status text NOT NULL,
      attempts integer NOT NULL,
      raised_at timestamptz NOT NULL,
      /* When a worker may take it (again): also the lease of the one that has it now. */
      due_at timestamptz NOT NULL,
      delivered_at timestamptz,
      proof text NOT NULL,
      CONSTRAINT alert_flag_subscription UNIQUE (flag_id, subscription_id)
    );
    CREATE INDEX alert_due ON alert (due_at) WHERE status = 'waiting' AND channel <> 'in-app';
    CREATE INDEX alert_subscriber ON alert (subscriber, raised_at, id);
    ALTER TABLE alert ENABLE ROW LEVEL SECURITY;
    ALTER TABLE alert FORCE ROW LEVEL SECURITY;
    CREATE POLICY own ON alert USING (is_subscriber(subscriber)) WITH CHECK (is_subscriber(subscriber));
  `,
};
