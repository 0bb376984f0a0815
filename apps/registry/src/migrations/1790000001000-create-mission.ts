import type { Migration } from '@common-ground/persistence';

export const createMission: Migration = {
  name: '1790000001000-create-mission',
  up: `
    CREATE TABLE mission (
      mission text PRIMARY KEY,
      name text NOT NULL,
      country text NOT NULL,
      time_zone text NOT NULL,
      languages text[] NOT NULL,
      registered_at timestamptz NOT NULL
    );
    ALTER TABLE mission ENABLE ROW LEVEL SECURITY;
    ALTER TABLE mission FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON mission USING (in_scope(mission, NULL)) WITH CHECK (in_scope(mission, NULL));
  `,
};
