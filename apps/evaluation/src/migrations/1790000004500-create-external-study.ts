import type { Migration } from '@common-ground/persistence';

/** Studies from outside belong to no mission: whoever has any scope may read them, and only who has all may record one. */
export const createExternalStudy: Migration = {
  name: '1790000004500-create-external-study',
  up: `
    CREATE TABLE external_study (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      study jsonb NOT NULL,
      recorded_at timestamptz NOT NULL,
      CONSTRAINT external_study_name UNIQUE (name)
    );
    ALTER TABLE external_study ENABLE ROW LEVEL SECURITY;
    ALTER TABLE external_study FORCE ROW LEVEL SECURITY;
    CREATE POLICY reading ON external_study FOR SELECT USING (coalesce(current_setting('app.missions', true), '') <> '');
    CREATE POLICY recording ON external_study FOR INSERT WITH CHECK (current_setting('app.missions', true) = '*');
  `,
};
