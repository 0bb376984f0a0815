import type { Migration } from '@common-ground/persistence';

/** Tables that every service that publishes or consumes facts has in its own database. */
export const messagingMigrations: readonly Migration[] = [
  {
    name: '1790000000010-outbox-inbox-parking',
    up: `
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        fact_id uuid NOT NULL,
        type text NOT NULL,
        key text NOT NULL,
        subject text NOT NULL,
        sequence bigint NOT NULL,
        mission text NOT NULL,
        quiet boolean NOT NULL,
        traceparent text,
        data bytea NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        published_at timestamptz,
        UNIQUE (subject, sequence, type)
      );
      CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
      CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

      CREATE TABLE inbox (
        consumer_group text NOT NULL,
        fact_id uuid NOT NULL,
        digest bytea NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer_group, fact_id)
      );

      CREATE TABLE consumer_mark (
        consumer_group text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        position bigint NOT NULL,
        PRIMARY KEY (consumer_group, topic, partition)
      );

      CREATE TABLE parked_fact (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer_group text NOT NULL,
        fact_id uuid NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        position bigint NOT NULL,
        key text,
        headers jsonb NOT NULL,
        data bytea,
        /* 'poison', 'bug', 'waiting' behind an earlier fact of its key, or 'unreadable', which holds up no key. */
        verdict text NOT NULL,
        reason text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        parked_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (consumer_group, topic, partition, position)
      );
      CREATE INDEX parked_fact_key ON parked_fact (consumer_group, key, id);

      CREATE TABLE operator_action (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        actor text NOT NULL,
        action text NOT NULL,
        target text NOT NULL,
        reason text NOT NULL,
        taken_at timestamptz NOT NULL DEFAULT now()
      );
      REVOKE UPDATE, DELETE ON operator_action FROM PUBLIC;
    `,
  },
  {
    name: '1790000000011-marks-in-time-parking-by-content',
    up: `
      /* A log that was wiped counts from the start again: positions alone do not tell what is old. */
      ALTER TABLE consumer_mark ADD COLUMN latest timestamptz NOT NULL DEFAULT now();
      ALTER TABLE parked_fact DROP CONSTRAINT parked_fact_consumer_group_topic_partition_position_key;
      ALTER TABLE parked_fact ADD CONSTRAINT parked_fact_once UNIQUE (consumer_group, topic, partition, position, fact_id);

      CREATE FUNCTION operator_action_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit of operators is append-only'; END $$;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON operator_action
        FOR EACH STATEMENT EXECUTE FUNCTION operator_action_is_append_only();
    `,
  },
  {
    name: '1790000000012-operators-hand',
    up: `
      /* What an action was about, so that a fact tells its history after it is parked no more. */
      ALTER TABLE operator_action ADD COLUMN command_id uuid;
      ALTER TABLE operator_action ADD COLUMN consumer_group text;
      ALTER TABLE operator_action ADD COLUMN key text;
      ALTER TABLE operator_action ADD COLUMN parked_id bigint;
      CREATE UNIQUE INDEX operator_action_once ON operator_action (command_id, action, consumer_group, coalesce(parked_id, 0)) WHERE action <> 'failed';
      CREATE INDEX operator_action_fact ON operator_action (parked_id, id) WHERE parked_id IS NOT NULL;
      CREATE INDEX operator_action_key ON operator_action (key) WHERE key IS NOT NULL;

      CREATE TABLE consumer_replay (
        command_id uuid PRIMARY KEY,
        consumer_group text NOT NULL,
        /* 'beginning', a moment, or positions. */
        starts text NOT NULL,
        actor text NOT NULL,
        /* 'running', 'done', 'failed', or 'broken-off' by the end of its process. */
        state text NOT NULL,
        read integer NOT NULL DEFAULT 0,
        applied integer NOT NULL DEFAULT 0,
        skipped integer NOT NULL DEFAULT 0,
        ignored integer NOT NULL DEFAULT 0,
        parked integer NOT NULL DEFAULT 0,
        why text NOT NULL DEFAULT '',
        begun_at timestamptz NOT NULL DEFAULT now(),
        touched_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
      );
      CREATE UNIQUE INDEX consumer_replay_running ON consumer_replay (consumer_group) WHERE state = 'running';
      CREATE INDEX consumer_replay_last ON consumer_replay (consumer_group, begun_at);
    `,
  },
];
