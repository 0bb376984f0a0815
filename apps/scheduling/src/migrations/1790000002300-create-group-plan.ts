import type { Migration } from '@common-ground/persistence';

/** Groups as planned, one row an activity; `drawn` holds what they were drawn up with, so that they can be drawn up anew. */
export const createGroupPlan: Migration = {
  name: '1790000002300-create-group-plan',
  up: `
    CREATE TABLE group_plan (
      activity_id uuid PRIMARY KEY REFERENCES activity (id),
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      groups jsonb NOT NULL,
      drawn jsonb NOT NULL,
      formed_at timestamptz NOT NULL,
      version integer NOT NULL
    );
    CREATE INDEX group_plan_by_intervention ON group_plan (intervention_id);
    ALTER TABLE group_plan ENABLE ROW LEVEL SECURITY;
    ALTER TABLE group_plan FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON group_plan USING (in_scope(mission, intervention_id::text)) WITH CHECK (in_scope(mission, intervention_id::text));
  `,
};
