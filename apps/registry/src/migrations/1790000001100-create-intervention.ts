import type { Migration } from '@common-ground/persistence';

export const createIntervention: Migration = {
  name: '1790000001100-create-intervention',
  up: `
    CREATE TABLE intervention (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      code text NOT NULL,
      title text NOT NULL,
      kind text NOT NULL,
      modalities text[] NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      aim text NOT NULL,
      design text NOT NULL,
      assignment_unit text NOT NULL,
      sides text[] NOT NULL,
      designed_at timestamptz NOT NULL,
      version integer NOT NULL,
      CONSTRAINT intervention_mission_code UNIQUE (mission, code),
      CONSTRAINT intervention_dates CHECK (ends_on >= starts_on)
    );
    ALTER TABLE intervention ENABLE ROW LEVEL SECURITY;
    ALTER TABLE intervention FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON intervention USING (in_scope(mission, id::text)) WITH CHECK (in_scope(mission, id::text));
  `,
};
