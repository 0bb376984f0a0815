import type { Migration } from '@common-ground/persistence';

/** The log of the embedded mode: a table of facts whose positions one sequencer gives, densely, per topic. */
export const eventLogMigrations: readonly Migration[] = [
  {
    name: '1790000000020-event-log',
    up: `
      CREATE TABLE log_topic (
        topic text PRIMARY KEY,
        /* The sequencer: locked by whoever publishes, so that positions are dense and visible in order. */
        head bigint NOT NULL DEFAULT 0
      );
      CREATE TABLE log_fact (
        topic text NOT NULL REFERENCES log_topic (topic),
        position bigint NOT NULL,
        fact_id uuid NOT NULL,
        key text NOT NULL,
        headers jsonb NOT NULL,
        data bytea,
        appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (topic, position),
        UNIQUE (topic, fact_id)
      );
      CREATE TABLE log_group (
        consumer_group text NOT NULL,
        topic text NOT NULL,
        position bigint NOT NULL,
        moved_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer_group, topic)
      );
    `,
  },
];
