import type { Migration } from '@common-ground/persistence';

/** What this service keeps of the registry's facts, so that it can act without asking. */
export const createProgramme: Migration = {
  name: '1790000003100-create-programme',
  up: `
    CREATE TABLE known_mission (
      mission text PRIMARY KEY
    );
    ALTER TABLE known_mission ENABLE ROW LEVEL SECURITY;
    ALTER TABLE known_mission FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON known_mission USING (in_scope(mission, NULL)) WITH CHECK (in_scope(mission, NULL));

    CREATE TABLE known_intervention (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      code text NOT NULL,
      title text NOT NULL
    );
    ALTER TABLE known_intervention ENABLE ROW LEVEL SECURITY;
    ALTER TABLE known_intervention FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON known_intervention USING (in_scope(mission, id::text)) WITH CHECK (in_scope(mission, id::text));
  `,
};
