import type { Migration } from '@common-ground/persistence';

/** What scheduling keeps of the registry's facts. */
export const createKnowledge: Migration = {
  name: '1790000002000-create-knowledge',
  up: `
    CREATE TABLE known_mission (
      mission text PRIMARY KEY,
      time_zone text NOT NULL
    );
    ALTER TABLE known_mission ENABLE ROW LEVEL SECURITY;
    ALTER TABLE known_mission FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON known_mission USING (in_scope(mission, NULL)) WITH CHECK (in_scope(mission, NULL));

    CREATE TABLE known_intervention (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      sides text[] NOT NULL,
      version bigint NOT NULL
    );
    ALTER TABLE known_intervention ENABLE ROW LEVEL SECURITY;
    ALTER TABLE known_intervention FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON known_intervention USING (in_scope(mission, id::text)) WITH CHECK (in_scope(mission, id::text));

    CREATE TABLE known_participant (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      side text NOT NULL,
      withdrawn_at timestamptz
    );
    ALTER TABLE known_participant ENABLE ROW LEVEL SECURITY;
    ALTER TABLE known_participant FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON known_participant USING (in_scope(mission, intervention_id::text)) WITH CHECK (in_scope(mission, intervention_id::text));
  `,
};
