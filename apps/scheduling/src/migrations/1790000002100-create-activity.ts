import type { Migration } from '@common-ground/persistence';

export const createActivity: Migration = {
  name: '1790000002100-create-activity',
  up: `
    CREATE TABLE activity (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      code text NOT NULL,
      title text NOT NULL,
      place text NOT NULL,
      cluster text NOT NULL,
      planned_starts_at timestamptz NOT NULL,
      planned_ends_at timestamptz NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      planned_at timestamptz NOT NULL,
      quiet boolean NOT NULL,
      status text NOT NULL,
      reason text NOT NULL,
      record jsonb,
      recorded_at timestamptz,
      version integer NOT NULL,
      CONSTRAINT activity_intervention_code UNIQUE (intervention_id, code),
      CONSTRAINT activity_times CHECK (ends_at > starts_at),
      CONSTRAINT activity_status CHECK (status IN ('planned', 'rescheduled', 'held', 'did-not-happen', 'cancelled', 'unrecorded')),
      CONSTRAINT activity_record CHECK ((status = 'held') = (record IS NOT NULL)),
      CONSTRAINT activity_recorded CHECK ((status IN ('held', 'did-not-happen')) = (recorded_at IS NOT NULL))
    );
    CREATE INDEX activity_by_start ON activity (starts_at, id);
    CREATE INDEX activity_open_by_end ON activity (ends_at) WHERE status IN ('planned', 'rescheduled');
    ALTER TABLE activity ENABLE ROW LEVEL SECURITY;
    ALTER TABLE activity FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON activity USING (in_scope(mission, intervention_id::text)) WITH CHECK (in_scope(mission, intervention_id::text));
  `,
};
