import type { Migration } from '@common-ground/persistence';

export const createPairing: Migration = {
  name: '1790000002400-create-pairing',
  up: `
    CREATE TABLE pairing (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      supporter_id uuid NOT NULL,
      supported_id uuid NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      status text NOT NULL,
      reason text NOT NULL,
      ended_on date,
      check_ins jsonb NOT NULL,
      version integer NOT NULL,
      CONSTRAINT pairing_of_two CHECK (supporter_id <> supported_id),
      CONSTRAINT pairing_dates CHECK (ends_on >= starts_on),
      CONSTRAINT pairing_status CHECK (status IN ('active', 'ended')),
      CONSTRAINT pairing_ended CHECK ((status = 'ended') = (ended_on IS NOT NULL))
    );
    CREATE INDEX pairing_by_intervention ON pairing (intervention_id, starts_on, id);
    CREATE UNIQUE INDEX pairing_one_active ON pairing (intervention_id, supported_id) WHERE status = 'active';
    ALTER TABLE pairing ENABLE ROW LEVEL SECURITY;
    ALTER TABLE pairing FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON pairing USING (in_scope(mission, intervention_id::text)) WITH CHECK (in_scope(mission, intervention_id::text));
  `,
};
